import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form } from '../ui/form';
import { tell } from '../ui/toast';
import { type InvoiceDetailsFragment, UpdateInvoiceOperation } from './operations.gen';
import { words } from './words';

/** Makes an issued invoice void; its number stays taken. */
export function CancelDialog({ invoice, onClose }: { invoice: InvoiceDetailsFragment; onClose: () => void }) {
  const t = useWords(words);
  const update = useAction(UpdateInvoiceOperation, { touches: ['invoices'] });
  const submit = async (): Promise<void> => {
    if (!(await update.run({ input: { id: invoice.id, status: 'CANCELLED' } }))) return;
    tell(t('cancelled'));
    onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={t('cancelInvoice')} size="small" role="alertdialog">
      <Form onSubmit={submit} error={update.error}>
        <p>{t('cancelInvoiceText')}</p>
        <DialogActions>
          <Button onPress={onClose} autoFocus>
            {t('back')}
          </Button>
          <Button kind="danger" type="submit" isPending={update.isRunning}>
            {t('cancelInvoice')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
