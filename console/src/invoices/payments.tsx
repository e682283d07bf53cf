import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button, LinkButton } from '../ui/button';
import { ConfirmButton } from '../ui/dialog';
import { Card, EmptyState } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import {
  AllocatePaymentOperation,
  type InvoiceDetailsFragment,
  OpenPaymentsOperation,
  UnallocatePaymentOperation,
} from './operations.gen';
import { words } from './words';

const touches = ['invoices', 'banking'] as const;

/** What has paid an invoice, and what is left of earlier payments of its customer. */
export function Payments({ invoice, mayChange }: { invoice: InvoiceDetailsFragment; mayChange: boolean }) {
  const t = useWords(words);
  const format = useFormat();
  const { id, currency } = invoice;
  const isOpen = invoice.status === 'ISSUED' || invoice.status === 'OVERDUE';
  const { data } = useGraph(
    OpenPaymentsOperation,
    { filter: { customerId: invoice.customerId, isAllocated: false } },
    { topics: touches, enabled: mayChange && isOpen },
  );
  const left = (data?.payments?.nodes ?? []).filter((payment) => payment.currency === currency);
  const takeOff = useAction(UnallocatePaymentOperation, { touches, onError: complain });
  const allocate = useAction(AllocatePaymentOperation, { touches, onError: complain });
  const use = async (payment: string): Promise<void> => {
    if (!(await allocate.run({ input: { id: payment, allocations: [{ invoiceId: id }] } }))) return;
    tell(t('paymentAllocated'), () => takeOff.run({ input: { id: payment, invoiceId: id } }));
  };
  return (
    <Card isFlush title={t('payments')}>
      {invoice.payments.length === 0 ? (
        <EmptyState title={t('noPayments')} text={t('noPaymentsText')} />
      ) : (
        <Table
          label={t('payments')}
          items={invoice.payments}
          columns={[
            {
              id: 'date',
              title: t('paymentDate'),
              isShort: true,
              isName: true,
              cell: ({ payment }) => format.date(payment.paymentDate),
            },
            {
              id: 'by',
              title: t('cameIn'),
              isExtra: true,
              cell: ({ payment: { transaction } }) =>
                transaction && (
                  <LinkButton to="/accounts/$id" params={{ id: transaction.account.id }} kind="quiet" size="small">
                    {transaction.description}
                  </LinkButton>
                ),
            },
            { id: 'amount', title: t('amount'), isNumber: true, cell: ({ amount }) => format.money(amount, currency) },
            {
              id: 'actions',
              title: t('actions'),
              isTitleHidden: true,
              cell: ({ payment }) =>
                mayChange && (
                  <ConfirmButton
                    kind="quiet"
                    size="small"
                    title={t('takeOff')}
                    text={t('takeOffText')}
                    action={t('takeOff')}
                    onConfirm={() => takeOff.run({ input: { id: payment.id, invoiceId: id, deletesEmpty: false } })}
                  >
                    {t('takeOff')}
                  </ConfirmButton>
                ),
            },
          ]}
        />
      )}
      {left.length > 0 && (
        <Table
          label={t('leftPayments')}
          items={left}
          columns={[
            {
              id: 'date',
              title: t('leftPayments'),
              isShort: true,
              isName: true,
              cell: ({ paymentDate }) => t('paidOn', { date: format.date(paymentDate) }),
            },
            {
              id: 'left',
              title: t('left'),
              isNumber: true,
              cell: ({ amountUnallocated }) => format.money(amountUnallocated, currency),
            },
            {
              id: 'use',
              title: t('actions'),
              isTitleHidden: true,
              cell: (payment) => (
                <Button size="small" isDisabled={allocate.isRunning} onPress={() => void use(payment.id)}>
                  {t('useFor')}
                </Button>
              ),
            },
          ]}
        />
      )}
    </Card>
  );
}
