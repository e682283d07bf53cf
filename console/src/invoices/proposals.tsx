import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button, LinkButton } from '../ui/button';
import { Badge } from '../ui/notice';
import { Card } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { AcceptProposalOperation, ProposalsOperation, UnallocatePaymentOperation } from './operations.gen';
import { words } from './words';

/** Bank transactions that seem to pay open invoices, or the one that is named; nothing without any. */
export function ProposalCard({ invoiceId }: { invoiceId?: string }) {
  const t = useWords(words);
  const format = useFormat();
  const { data } = useGraph(
    ProposalsOperation,
    { filter: invoiceId === undefined ? null : { invoiceId } },
    { topics: ['invoices', 'banking'] },
  );
  const touches = ['invoices', 'banking'] as const;
  const accept = useAction(AcceptProposalOperation, { touches, onError: complain });
  const undo = useAction(UnallocatePaymentOperation, { touches, onError: complain });
  const proposals = data?.paymentProposals ?? [];
  if (proposals.length === 0) return null;

  const take = async ({ invoice, transaction }: (typeof proposals)[number]): Promise<void> => {
    const done = await accept.run({ input: { transactionId: transaction.id, invoiceIds: [invoice.id] } });
    const paymentId = done?.acceptPaymentProposal?.payment.id;
    if (paymentId === undefined) return;
    tell(t('paymentTaken', { number: invoice.number ?? '' }), () =>
      undo.run({ input: { id: paymentId, invoiceId: invoice.id, deletesEmpty: true } }),
    );
  };
  return (
    <Card isFlush title={t('proposals')}>
      <Table
        label={t('proposals')}
        items={proposals.map((each) => ({ ...each, id: `${each.invoice.id} ${each.transaction.id}` }))}
        columns={[
          {
            id: 'transaction',
            title: t('cameIn'),
            isName: true,
            cell: ({ transaction }) => (
              <span>
                {transaction.description}
                <span className="quiet">
                  {' '}
                  · {format.date(transaction.transactionDate)} · {transaction.account.name}
                </span>
              </span>
            ),
          },
          {
            id: 'invoice',
            title: t('pays'),
            cell: ({ invoice }) =>
              invoiceId === undefined ? (
                <LinkButton to="/invoices/$id" params={{ id: invoice.id }} kind="quiet" size="small">
                  {invoice.number}
                </LinkButton>
              ) : (
                invoice.number
              ),
          },
          {
            id: 'why',
            title: t('why'),
            isExtra: true,
            cell: ({ reason }) => (
              <Badge tone={reason === 'NUMBER_AND_AMOUNT' ? 'good' : 'info'}>{t(`reason_${reason}`)}</Badge>
            ),
          },
          {
            id: 'amount',
            title: t('amount'),
            isNumber: true,
            cell: ({ amount, invoice }) => format.money(amount, invoice.currency),
          },
          {
            id: 'accept',
            title: t('actions'),
            isTitleHidden: true,
            cell: (proposal) => (
              <Button size="small" kind="primary" isDisabled={accept.isRunning} onPress={() => take(proposal)}>
                {t('accept')}
              </Button>
            ),
          },
        ]}
      />
    </Card>
  );
}
