import { getRouteApi } from '@tanstack/react-router';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { LinkButton } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More, Page } from '../ui/page';
import { Table, type TableColumn } from '../ui/table';
import { SupplierInvoiceListOperation, type SupplierInvoiceRowFragment } from './operations.gen';
import { words } from './words';

const route = getRouteApi('/app/supplier-invoices');

export function SupplierInvoicesPage() {
  const t = useWords(words);
  const format = useFormat();
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useGraphList(
    SupplierInvoiceListOperation,
    { filter: state === undefined ? null : { isPaid: state === 'paid' }, orderBy: 'ID_DESC' },
    { topics: ['invoices', 'documents', 'banking'], connectionOf: ({ supplierInvoices }) => supplierInvoices ?? none },
  );
  const columns: TableColumn<SupplierInvoiceRowFragment>[] = [
    {
      id: 'supplier',
      title: t('supplier'),
      isName: true,
      cell: ({ supplierName, number }) => (
        <span>
          <strong>{supplierName ?? t('unknownSupplier')}</strong> <span className="quiet">{number}</span>
        </span>
      ),
    },
    { id: 'state', title: t('state'), cell: (invoice) => <SupplierState invoice={invoice} /> },
    { id: 'issued', title: t('issued'), isShort: true, isExtra: true, cell: ({ issueDate }) => format.date(issueDate) },
    { id: 'due', title: t('due'), isShort: true, isExtra: true, cell: ({ dueDate }) => format.date(dueDate) },
    {
      id: 'total',
      title: t('total'),
      isNumber: true,
      cell: ({ total, currency, isCreditNote }) =>
        total == null ? '–' : format.money(isCreditNote ? -total : total, currency),
    },
  ];
  return (
    <Page
      title={t('supplierInvoices')}
      lead={t('supplierInvoicesLead')}
      actions={<LinkButton to="/invoices">{t('invoices')}</LinkButton>}
    >
      <search style={{ maxWidth: 240 }}>
        <Select
          label={t('state')}
          choices={[
            { id: 'all', label: t('all') },
            { id: 'open', label: t('toPay') },
            { id: 'paid', label: t('status_PAID') },
          ]}
          value={state ?? 'all'}
          onChange={(value) =>
            void navigate({ search: { state: value === 'open' || value === 'paid' ? value : undefined } })
          }
        />
      </search>
      <Answer of={{ ...list, data: list.first }}>
        {() => (
          <Card isFlush>
            {list.nodes.length === 0 ? (
              <EmptyState title={t('noSupplierInvoices')} text={t('noSupplierInvoicesText')} />
            ) : (
              <Table
                label={t('supplierInvoices')}
                columns={columns}
                items={list.nodes}
                hrefOf={({ id }) => `/supplier-invoices/${id}`}
              />
            )}
            <More list={list} />
          </Card>
        )}
      </Answer>
    </Page>
  );
}

export function SupplierState({ invoice }: { invoice: SupplierInvoiceRowFragment }) {
  const t = useWords(words);
  return (
    <span className="row">
      {invoice.paidAt ? <Badge tone="good">{t('status_PAID')}</Badge> : <Badge tone="info">{t('toPay')}</Badge>}
      {invoice.isCreditNote && <Badge>{t('creditNote')}</Badge>}
      {invoice.isDuplicate && <Badge tone="warn">{t('duplicate')}</Badge>}
      {invoice.problems.length > 0 && <Badge tone="warn">{t('toCheck')}</Badge>}
    </span>
  );
}

const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 };
