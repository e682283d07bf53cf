import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { today } from '../i18n/days';
import { useWords } from '../i18n/words';
import { useFirmCurrency } from '../session/session';
import { Button } from '../ui/button';
import { ComboBox, Select } from '../ui/choice-fields';
import { DateField } from '../ui/date-field';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { MoneyField, NumberField } from '../ui/number-field';
import { tell } from '../ui/toast';
import { useAccounts, useCategoryChoices } from './choices';
import { moneyWords } from './money-words';
import {
  CreateTransactionOperation,
  type Frequency,
  type RecurrenceFactsFragment,
  UpdateRecurrenceOperation,
} from './operations.gen';

const frequencies: readonly Frequency[] = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];

/** A transaction that happens again, or what is to come of one that does. */
export function RecurrenceDialog({ rule, onClose }: { rule?: RecurrenceFactsFragment; onClose: () => void }) {
  const t = useWords(moneyWords);
  const firmCurrency = useFirmCurrency();
  const accounts = useAccounts().filter(({ access }) => access !== 'READ');
  const categories = useCategoryChoices();
  const [accountId, setAccountId] = useState<string | null>(rule?.account.id ?? null);
  const chosen = accountId ?? accounts[0]?.id ?? null;
  const currency = accounts.find(({ id }) => id === chosen)?.currency ?? firmCurrency;
  const create = useAction(CreateTransactionOperation, { touches: ['banking'] });
  const update = useAction(UpdateRecurrenceOperation, { touches: ['banking'] });
  const action = rule ? update : create;
  const save = async (values: FormData): Promise<void> => {
    const text = (name: string): string => String(values.get(name) ?? '');
    const facts = {
      accountId: chosen ?? '',
      amount: text('amount'),
      description: text('description'),
      categoryId: text('categoryId') || null,
    };
    const often = {
      frequency: text('frequency') as Frequency,
      interval: Number(text('interval') || 1),
      endDate: text('endDate') || null,
    };
    const done = rule
      ? await update.run({ input: { id: rule.id, ...facts, ...often } })
      : await create.run({ input: { ...facts, transactionDate: text('startDate'), recurrence: often } });
    if (!done) return;
    tell(t('savedOf', { name: facts.description }));
    onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={rule ? t('editRecurrence') : t('addRecurrence')}>
      <Form
        onSubmit={save}
        error={action.error}
        names={['description', 'amount', 'accountId', 'categoryId', 'transactionDate', 'endDate', 'interval']}
      >
        {rule && <p className="quiet">{t('editRecurrenceText')}</p>}
        <TextField
          label={t('description')}
          name="description"
          isRequired
          maxLength={500}
          defaultValue={rule?.description}
          autoFocus
        />
        <div className="fields">
          <MoneyField
            label={t('amount')}
            name="amount"
            currency={currency}
            isRequired
            description={t('signHint')}
            defaultValue={rule?.amount}
          />
          {accounts.length > 0 && (
            <Select
              label={t('account')}
              choices={accounts.map(({ id, name }) => ({ id, label: name }))}
              value={chosen}
              onChange={setAccountId}
            />
          )}
          {categories.length > 0 && (
            <ComboBox
              label={t('category')}
              name="categoryId"
              choices={categories}
              defaultValue={rule?.category?.id ?? null}
            />
          )}
        </div>
        <div className="fields">
          <Select
            label={t('often')}
            name="frequency"
            choices={frequencies.map((id) => ({ id, label: t(`frequency_${id}`) }))}
            defaultValue={rule?.frequency ?? 'MONTHLY'}
          />
          <NumberField
            label={t('interval')}
            name="interval"
            minValue={1}
            maxValue={1000}
            defaultValue={rule?.interval ?? 1}
          />
          {!rule && <DateField label={t('firstDay')} name="startDate" isRequired defaultValue={today()} />}
          <DateField label={t('lastDay')} name="endDate" defaultValue={rule?.endDate ?? null} />
        </div>
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind="primary" type="submit" isPending={action.isRunning}>
            {t('save')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
