import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { useFirmCurrency } from '../session/session';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { MoneyField } from '../ui/number-field';
import { tell } from '../ui/toast';
import { useAccountTypeChoices } from './choices';
import { type AccountFactsFragment, CreateAccountOperation, UpdateAccountOperation } from './operations.gen';
import { words } from './words';

/** A new account, or the facts of one that there is. */
export function AccountDialog({ account, onClose }: { account?: AccountFactsFragment; onClose: () => void }) {
  const t = useWords(words);
  const firmCurrency = useFirmCurrency();
  const [currency, setCurrency] = useState(account?.currency ?? '');
  const navigate = useNavigate();
  const types = useAccountTypeChoices();
  const create = useAction(CreateAccountOperation, { touches: ['banking'] });
  const update = useAction(UpdateAccountOperation, { touches: ['banking'] });
  const action = account ? update : create;

  const save = async (values: FormData): Promise<void> => {
    const facts = {
      name: String(values.get('name')),
      typeId: String(values.get('typeId')),
      ...(values.get('currency') && { currency: String(values.get('currency')).toUpperCase() }),
    };
    if (account) {
      if (!(await update.run({ input: { id: account.id, ...facts } }))) return;
      tell(t('accountSaved'));
      return onClose();
    }
    const openingBalance = String(values.get('openingBalance') || '0');
    const done = await create.run({ input: { ...facts, openingBalance } });
    const id = done?.createBankAccount?.bankAccount.id;
    if (id !== undefined) await navigate({ to: '/accounts/$id', params: { id } });
  };
  return (
    <Dialog isOpen onClose={onClose} title={account ? t('editAccount') : t('addAccount')}>
      <Form onSubmit={save} error={action.error} names={['name', 'typeId', 'currency', 'openingBalance']}>
        <TextField label={t('name')} name="name" isRequired maxLength={100} defaultValue={account?.name} autoFocus />
        {types.length > 0 && (
          <Select
            label={t('type')}
            name="typeId"
            isRequired
            choices={types}
            defaultValue={account?.type.id ?? types[0]?.id ?? null}
          />
        )}
        <div className="fields">
          {!account && (
            <MoneyField
              label={t('openingBalance')}
              name="openingBalance"
              currency={/^[A-Za-z]{3}$/.test(currency) ? currency.toUpperCase() : firmCurrency}
              defaultValue={0}
            />
          )}
          {(!account || account.transactionCount === 0) && (
            <TextField
              label={t('currency')}
              name="currency"
              description={t('currencyHint')}
              maxLength={3}
              value={currency}
              onChange={setCurrency}
            />
          )}
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
