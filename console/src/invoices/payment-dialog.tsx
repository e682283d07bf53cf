import { useAction } from '../graph/use-graph';
import { today } from '../i18n/days';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { DateField } from '../ui/date-field';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form } from '../ui/form';
import { MoneyField } from '../ui/number-field';
import { tell } from '../ui/toast';
import { type InvoiceDetailsFragment, RecordPaymentOperation, UnallocatePaymentOperation } from './operations.gen';
import { words } from './words';

const touches = ['invoices', 'banking'] as const;

/** Records what the customer paid. What is more than the invoice takes is left for others. */
export function PaymentDialog({ invoice, onClose }: { invoice: InvoiceDetailsFragment; onClose: () => void }) {
  const t = useWords(words);
  const { money } = useFormat();
  const record = useAction(RecordPaymentOperation, { touches });
  const undo = useAction(UnallocatePaymentOperation, { touches });
  const submit = async (values: FormData): Promise<void> => {
    const done = await record.run({
      input: {
        amount: String(values.get('amount')),
        paymentDate: String(values.get('paymentDate')),
        allocations: [{ invoiceId: invoice.id }],
      },
    });
    const payment = done?.recordPayment?.payment;
    if (!payment) return;
    tell(t('paymentRecorded'), () =>
      undo.run({ input: { id: payment.id, invoiceId: invoice.id, deletesEmpty: true } }),
    );
    onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={t('recordPayment')} size="small">
      <Form onSubmit={submit} error={record.error} names={['amount', 'paymentDate']}>
        <p className="quiet">{t('dueNow', { amount: money(invoice.amountDue, invoice.currency) })}</p>
        <MoneyField
          label={t('amount')}
          name="amount"
          currency={invoice.currency}
          minValue={0.01}
          isRequired
          autoFocus
          defaultValue={invoice.amountDue}
        />
        <DateField label={t('paymentDate')} name="paymentDate" isRequired defaultValue={today()} />
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind="primary" type="submit" isPending={record.isRunning}>
            {t('record')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
