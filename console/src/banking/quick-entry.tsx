import { CornerDownLeft } from 'lucide-react';
import { useRef, useState } from 'react';
import { useAction } from '../graph/use-graph';
import { today } from '../i18n/days';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { ComboBox } from '../ui/choice-fields';
import { DateField } from '../ui/date-field';
import { Form, TextField } from '../ui/form';
import { tell } from '../ui/toast';
import { decimalOf, readAmount } from './amounts';
import { useCategories } from './choices';
import { CreateTransactionOperation, DeleteTransactionOperation } from './operations.gen';
import { words } from './words';
import styles from './quick-entry.module.css';

/**
 * One row of fields: Enter adds, and the next begins at the amount, on the same day. An amount without a sign leaves
 * the account, unless its category is one of income; what it will be is said below it.
 */
export function QuickEntry({ accountId, currency }: { accountId: string; currency: string }) {
  const t = useWords(words);
  const { money } = useFormat();
  const categories = useCategories();
  const [day, setDay] = useState<string | null>(today());
  const [typed, setTyped] = useState('');
  const [description, setDescription] = useState('');
  const [categoryId, setCategoryId] = useState<string | null>(null);
  const [isWrong, setWrong] = useState(false);
  const amountField = useRef<HTMLDivElement>(null);
  const remove = useAction(DeleteTransactionOperation, { touches: ['banking'] });
  const create = useAction(CreateTransactionOperation, {
    touches: ['banking'],
    onDone: ({ createTransaction }) => {
      const made = createTransaction?.transaction;
      if (!made) return;
      tell(t('added', { what: made.description, amount: money(made.amount, currency, true) }), () =>
        remove.run({ input: { id: made.id } }),
      );
    },
  });

  const read = readAmount(typed);
  const isIncome = categories.find(({ id }) => id === categoryId)?.type === 'INCOME';
  const cents = read && (read.isSigned || isIncome ? read.cents : -read.cents);

  const add = async (_: FormData, isAsSent: () => boolean): Promise<void> => {
    setWrong(cents === undefined || cents === 0);
    if (!cents || !day) return void amountField.current?.querySelector('input')?.focus();
    const input = { accountId, amount: decimalOf(cents), description, transactionDate: day, categoryId };
    if (!(await create.run({ input }))) return;
    // Whoever has begun the next one goes on with it.
    if (!isAsSent()) return;
    setTyped('');
    setDescription('');
    setCategoryId(null);
    amountField.current?.querySelector('input')?.focus();
  };
  return (
    <Form onSubmit={add} error={create.error} names={['amount', 'description', 'transactionDate', 'categoryId']}>
      <div className={styles.row} role="group" aria-label={t('newTransaction')}>
        <DateField label={t('date')} name="transactionDate" isRequired value={day} onChange={setDay} />
        <div ref={amountField}>
          <TextField
            label={t('amount')}
            name="amount"
            inputMode="text"
            autoComplete="off"
            placeholder="−45.80"
            value={typed}
            isInvalid={isWrong && !cents}
            onChange={setTyped}
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
          onChange={setDescription}
        />
        <ComboBox
          label={t('category')}
          name="categoryId"
          choices={categories.map(({ id, name }) => ({ id, label: name }))}
          value={categoryId}
          onChange={setCategoryId}
        />
        <span className={styles.add}>
          <Button kind="primary" type="submit" isPending={create.isRunning}>
            <CornerDownLeft size={18} aria-hidden />
            {t('add')}
          </Button>
        </span>
      </div>
    </Form>
  );
}
