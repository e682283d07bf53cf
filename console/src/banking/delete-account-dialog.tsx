import { useNavigate } from '@tanstack/react-router';
import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form } from '../ui/form';
import { tell } from '../ui/toast';
import { type AccountFactsFragment, DeleteAccountOperation } from './operations.gen';
import { words } from './words';

/** One with transactions goes only when the person says that these may go too. */
export function DeleteAccountDialog({ account, onClose }: { account: AccountFactsFragment; onClose: () => void }) {
  const t = useWords(words);
  const navigate = useNavigate();
  const remove = useAction(DeleteAccountOperation, { touches: ['banking'] });
  const { id, name, transactionCount } = account;
  const submit = async (values: FormData): Promise<void> => {
    if (!(await remove.run({ input: { id, force: values.get('force') !== null } }))) return;
    tell(t('accountDeleted', { name }));
    await navigate({ to: '/accounts' });
  };
  return (
    <Dialog isOpen onClose={onClose} title={t('deleteAccountOf', { name })} size="small" role="alertdialog">
      <Form onSubmit={submit} error={remove.error}>
        <p>{t('deleteAccountText')}</p>
        {transactionCount > 0 && (
          <Checkbox name="force" isRequired>
            {t('deleteTransactionsToo', { count: transactionCount })}
          </Checkbox>
        )}
        <DialogActions>
          <Button onPress={onClose} autoFocus>
            {t('cancel')}
          </Button>
          <Button kind="danger" type="submit" isPending={remove.isRunning}>
            {t('delete')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
