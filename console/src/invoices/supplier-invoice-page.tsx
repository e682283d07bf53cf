import { getRouteApi, Link } from '@tanstack/react-router';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button, FileLink, LinkButton } from '../ui/button';
import { Notice } from '../ui/notice';
import { Answer, Card, EmptyState, Facts, Page } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import {
  ReopenSupplierInvoiceOperation,
  SettleSupplierInvoiceOperation,
  SupplierInvoiceDetailOperation,
  type SupplierInvoiceDetailQuery,
} from './operations.gen';
import { SupplierState } from './supplier-invoices-page';
import { words } from './words';

const route = getRouteApi('/app/supplier-invoices/$id');
const topics = ['invoices', 'documents', 'banking'] as const;

export function SupplierInvoicePage() {
  const t = useWords(words);
  const { id } = route.useParams();
  const answer = useGraph(SupplierInvoiceDetailOperation, { id }, { topics });
  return (
    <Answer of={answer}>
      {({ supplierInvoice }) =>
        supplierInvoice ? (
          <SupplierInvoice invoice={supplierInvoice} />
        ) : (
          <Page title={t('supplierInvoice')}>
            <EmptyState title={t('noSuchInvoice')} text={t('noSuchInvoiceText')} />
          </Page>
        )
      }
    </Answer>
  );
}

function SupplierInvoice({ invoice }: { invoice: NonNullable<SupplierInvoiceDetailQuery['supplierInvoice']> }) {
  const t = useWords(words);
  const format = useFormat();
  const settle = useAction(SettleSupplierInvoiceOperation, { touches: topics, onError: complain });
  const reopen = useAction(ReopenSupplierInvoiceOperation, { touches: topics, onError: complain });
  const { id, currency, proposedPayment: proposed, payingTransactions: paying } = invoice;
  const takeBack = () => reopen.run({ input: { id } });
  const pay = async (transactionId?: string): Promise<void> => {
    if (await settle.run({ input: { id, ...(transactionId !== undefined && { transactionId }) } }))
      tell(t('settled'), takeBack);
  };
  const money = (amount: number | null): string | null => (amount === null ? null : format.money(amount, currency));
  return (
    <Page
      title={`${invoice.supplierName ?? t('unknownSupplier')} ${invoice.number ?? ''}`.trim()}
      mark={<SupplierState invoice={invoice} />}
      actions={
        <>
          {invoice.paidAt ? (
            <Button isPending={reopen.isRunning} onPress={() => void takeBack()}>
              {t('reopen')}
            </Button>
          ) : (
            <Button kind="primary" isPending={settle.isRunning} onPress={() => void pay()}>
              {t('markPaid')}
            </Button>
          )}
          <FileLink href={`/console/documents/${invoice.document.id}`}>{t('toDocument')}</FileLink>
        </>
      }
    >
      {invoice.problems.length > 0 && (
        <Notice tone="warn">
          <strong>{t('lookBefore')}</strong>
          <ul>
            {invoice.problems.map((problem) => (
              <li key={problem} lang="fr">
                {problem}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {invoice.duplicateOf && (
        <Notice tone="warn">
          {t('duplicateText')}{' '}
          <LinkButton to="/supplier-invoices/$id" params={{ id: invoice.duplicateOf.id }} size="small" kind="quiet">
            {invoice.duplicateOf.number}
          </LinkButton>
        </Notice>
      )}
      <Card title={t('facts')}>
        <Facts
          facts={[
            [t('total'), money(invoice.total)],
            [t('amountDue'), money(invoice.amountDue)],
            [t('net'), money(invoice.totalExcludingTax)],
            [t('tax'), money(invoice.totalTax)],
            [t('issued'), format.date(invoice.issueDate)],
            [t('due'), format.date(invoice.dueDate)],
            [t('paid'), format.date(invoice.paidAt)],
            ['SIREN', invoice.supplierSiren],
            [t('vatNumber'), invoice.supplierVatNumber],
            [t('document'), invoice.document.title],
            [
              t('paidBy'),
              invoice.transaction && (
                <Link to="/accounts/$id" params={{ id: invoice.transaction.account.id }}>
                  {invoice.transaction.description}
                </Link>
              ),
            ],
          ]}
        />
      </Card>
      {proposed && (
        <Card title={t('proposedTransfer')}>
          <Facts
            facts={[
              [t('payTo'), proposed.creditorName],
              ['IBAN', proposed.iban],
              ['BIC', proposed.bic],
              [t('amount'), format.money(proposed.amount, proposed.currency)],
              [t('reference'), proposed.reference],
              [t('due'), format.date(proposed.dueDate)],
            ]}
          />
        </Card>
      )}
      {paying.length > 0 && (
        <Card isFlush title={t('mayHavePaid')}>
          <Table
            label={t('mayHavePaid')}
            items={paying}
            columns={[
              { id: 'what', title: t('what'), isName: true, cell: ({ description }) => description },
              {
                id: 'date',
                title: t('date'),
                isShort: true,
                cell: ({ transactionDate }) => format.date(transactionDate),
              },
              { id: 'account', title: t('account'), isExtra: true, cell: ({ account }) => account.name },
              {
                id: 'amount',
                title: t('amount'),
                isNumber: true,
                cell: ({ amount, account }) => format.money(amount, account.currency, true),
              },
              {
                id: 'choose',
                title: t('actions'),
                isTitleHidden: true,
                cell: (transaction) => (
                  <Button size="small" isDisabled={settle.isRunning} onPress={() => void pay(transaction.id)}>
                    {t('paidIt')}
                  </Button>
                ),
              },
            ]}
          />
        </Card>
      )}
    </Page>
  );
}
