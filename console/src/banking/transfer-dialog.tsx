import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { today } from '../i18n/days';
import { useWords } from '../i18n/words';
import { useFirmCurrency } from '../session/session';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { DateField } from '../ui/date-field';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { Notice } from '../ui/notice';
import { MoneyField } from '../ui/number-field';
import { tell } from '../ui/toast';
import { useAccounts } from './choices';
import { CreateTransferOperation, DeleteTransferOperation } from './operations.gen';
import { words } from './words';

/** Money from one account to another of the same currency. */
export function TransferDialog({ fromAccountId, onClose }: { fromAccountId: string; onClose: () => void }) {
  const t = useWords(words);
  const firmCurrency = useFirmCurrency();
  const accounts = useAccounts().filter(({ access }) => access !== 'READ');
  const [from, setFrom] = useState<string | null>(fromAccountId);
  const currency = accounts.find(({ id }) => id === from)?.currency;
  const targets = accounts.filter((each) => each.id !== from && each.currency === currency);
  const remove = useAction(DeleteTransferOperation, { touches: ['banking'] });
  const create = useAction(CreateTransferOperation, { touches: ['banking'] });

  const submit = async (values: FormData): Promise<void> => {
    const text = (name: string): string => String(values.get(name) ?? '');
    const done = await create.run({
      input: {
        fromAccountId: text('fromAccountId'),
        toAccountId: text('toAccountId'),
        amount: text('amount'),
        transferDate: text('transferDate'),
        description: text('description'),
      },
    });
    const id = done?.createTransfer?.transfer.id;
    if (id === undefined) return;
    tell(t('transferred'), () => remove.run({ input: { id } }));
    onClose();
  };
  const choices = (of: typeof accounts) => of.map(({ id, name }) => ({ id, label: name }));
  return (
    <Dialog isOpen onClose={onClose} title={t('transfer')}>
      <Form
        onSubmit={submit}
        error={create.error}
        names={['fromAccountId', 'toAccountId', 'amount', 'transferDate', 'description']}
      >
        {accounts.length > 0 && (
          <div className="fields">
            <Select
              label={t('fromAccount')}
              name="fromAccountId"
              choices={choices(accounts)}
              value={from}
              onChange={setFrom}
            />
            <Select label={t('toAccount')} name="toAccountId" isRequired choices={choices(targets)} />
          </div>
        )}
        {accounts.length > 0 && targets.length === 0 && <Notice>{t('noTransferTarget')}</Notice>}
        <div className="fields">
          <MoneyField
            label={t('amount')}
            name="amount"
            currency={currency ?? firmCurrency}
            minValue={0.01}
            isRequired
            autoFocus
          />
          <DateField label={t('date')} name="transferDate" isRequired defaultValue={today()} />
        </div>
        <TextField label={t('description')} name="description" isRequired maxLength={500} />
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind="primary" type="submit" isPending={create.isRunning}>
            {t('transferNow')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
