import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Switch } from '../ui/checks';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { tell } from '../ui/toast';
import { itemsOf, linesOf } from './invoice-form';
import { LineFields } from './line-fields';
import { CreateCreditNoteOperation, type InvoiceDetailsFragment } from './operations.gen';
import { words } from './words';

/** Takes an invoice back: all that is left of it, or the lines that are named. */
export function CreditNoteDialog({ invoice, onClose }: { invoice: InvoiceDetailsFragment; onClose: () => void }) {
  const t = useWords(words);
  const [isPart, setPart] = useState(false);
  const [lines, setLines] = useState(() => linesOf(invoice));
  const create = useAction(CreateCreditNoteOperation, { touches: ['invoices'] });
  const submit = async (values: FormData): Promise<void> => {
    const reason = String(values.get('reason'));
    const done = await create.run({
      input: { invoiceId: invoice.id, reason, ...(isPart && { items: itemsOf(lines) }) },
    });
    const made = done?.createCreditNote?.invoice;
    if (!made) return;
    tell(t('creditNoteMade', { number: made.number ?? '' }));
    onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={t('createCreditNote')} size={isPart ? 'large' : 'normal'}>
      <Form onSubmit={submit} error={create.error} names={['reason']}>
        <p className="quiet">{t('creditNoteText', { number: invoice.number ?? '' })}</p>
        <TextField label={t('reason')} name="reason" isRequired isMultiline maxLength={2000} autoFocus />
        <Switch isSelected={isPart} onChange={setPart}>
          {t('creditPart')}
        </Switch>
        {isPart && <LineFields lines={lines} onChange={setLines} currency={invoice.currency} error={create.error} />}
        <DialogActions>
          <Button onPress={onClose}>{t('back')}</Button>
          <Button kind="primary" type="submit" isPending={create.isRunning}>
            {t('createCreditNote')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
