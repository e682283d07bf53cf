import { CornerDownLeft } from 'lucide-react';
import { useEffectEvent, useRef, useState } from 'react';
import { useAction } from '../graph/use-graph';
import { today } from '../i18n/days';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { ComboBox } from '../ui/choice-fields';
import { DateField } from '../ui/date-field';
import { Form, TextField } from '../ui/form';
import { Notice } from '../ui/notice';
import { complain, tell } from '../ui/toast';
import { decimalOf, readAmount } from './amounts';
import { useCategories } from './choices';
import { CreateTransactionOperation, DeleteTransactionOperation } from './operations.gen';
import { words } from './words';
import styles from './quick-entry.module.css';

/** One transaction as it stands in the row. */
interface Entry {
  day: string | null;
  typed: string;
  description: string;
  categoryId: string | null;
}

/** Whether there is nothing in the row but its day. */
const isBlank = ({ typed, description, categoryId }: Entry): boolean => !typed && !description && !categoryId;

/**
 * One row of fields: Enter adds, and the next begins at once at the amount, on the same day, while the server still
 * answers. What it refuses comes back into the row, or waits below it when the next one has been begun. An amount
 * without a sign leaves the account, unless its category is one of income; what it will be is said below it.
 */
export function QuickEntry({ accountId, currency }: { accountId: string; currency: string }) {
  const t = useWords(words);
  const { money } = useFormat();
  const categories = useCategories();
  const [entry, setEntry] = useState<Entry>({ day: today(), typed: '', description: '', categoryId: null });
  const [refused, setRefused] = useState<readonly Entry[]>([]);
  const [isWrong, setWrong] = useState(false);
  const amountField = useRef<HTMLDivElement>(null);
  /** One after the other, so that they stand in the account as they were typed. */
  const lastAdded = useRef<Promise<unknown>>(Promise.resolve());
  const remove = useAction(DeleteTransactionOperation, { touches: ['banking'], onError: complain });
  const create = useAction(CreateTransactionOperation, {
    touches: ['banking'],
    isFrequent: true,
    onDone: ({ createTransaction }) => {
      const made = createTransaction?.transaction;
      if (!made) return;
      tell(t('added', { what: made.description, amount: money(made.amount, currency, true) }), () =>
        remove.run({ input: { id: made.id } }),
      );
    },
  });

  const { day, typed, description, categoryId } = entry;
  const change = (part: Partial<Entry>): void => setEntry((now) => ({ ...now, ...part }));
  const read = readAmount(typed);
  const isIncome = categories.find(({ id }) => id === categoryId)?.type === 'INCOME';
  const cents = read && (read.isSigned || isIncome ? read.cents : -read.cents);

  const takeBack = useEffectEvent((sent: Entry): void => {
    if (isBlank(entry)) setEntry(sent);
    else setRefused((all) => [...all, sent]);
  });
  const goOnWith = (chosen: Entry): void => {
    setRefused((all) => [...all.filter((one) => one !== chosen), ...(isBlank(entry) ? [] : [entry])]);
    setEntry(chosen);
  };

  const add = (): void => {
    setWrong(cents === undefined || cents === 0);
    amountField.current?.querySelector('input')?.focus();
    if (!cents || !day) return;
    const input = { accountId, amount: decimalOf(cents), description, transactionDate: day, categoryId };
    setEntry({ day, typed: '', description: '', categoryId: null });
    lastAdded.current = lastAdded.current.then(async () => {
      if (!(await create.run({ input }))) takeBack(entry);
    });
  };
  return (
    <Form onSubmit={add} error={create.error} names={['amount', 'description', 'transactionDate', 'categoryId']}>
      <div className={styles.row} role="group" aria-label={t('newTransaction')}>
        <DateField
          label={t('date')}
          name="transactionDate"
          isRequired
          value={day}
          onChange={(value) => change({ day: value })}
        />
        <div ref={amountField}>
          <TextField
            label={t('amount')}
            name="amount"
            inputMode="text"
            autoComplete="off"
            placeholder={t('amountExample')}
            value={typed}
            isInvalid={isWrong && !cents}
            onChange={(value) => change({ typed: value })}
            description={
              cents
                ? t(cents < 0 ? 'leaves' : 'comesIn', { amount: money(Math.abs(cents) / 100, currency) })
                : t('signHint')
            }
          />
        </div>
        <TextField
          label={t('description')}
          name="description"
          isRequired
          maxLength={500}
          autoComplete="off"
          value={description}
          onChange={(value) => change({ description: value })}
        />
        <ComboBox
          label={t('category')}
          name="categoryId"
          choices={categories.map(({ id, name }) => ({ id, label: name }))}
          value={categoryId}
          onChange={(value) => change({ categoryId: value })}
        />
        <span className={styles.add}>
          <Button kind="primary" type="submit">
            <CornerDownLeft size={18} aria-hidden />
            {t('add')}
          </Button>
        </span>
      </div>
      {refused.map((one, index) => (
        <Notice key={index} tone="bad">
          {t('notAdded', { what: one.description, amount: one.typed })}{' '}
          <Button size="small" onPress={() => goOnWith(one)}>
            {t('goOnWith')}
          </Button>
        </Notice>
      ))}
    </Form>
  );
}
