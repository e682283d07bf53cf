import { getRouteApi } from '@tanstack/react-router';
import { FileText, Plus } from 'lucide-react';
import { useGraph, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { LinkButton } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Answer, Card, EmptyState, Figure, More, Page } from '../ui/page';
import { SearchField } from '../ui/search-field';
import { Table, type TableColumn } from '../ui/table';
import {
  type InvoiceFilter,
  InvoiceListOperation,
  type InvoiceRowFragment,
  type InvoiceStatus,
  InvoiceSumsOperation,
} from './operations.gen';
import { ProposalCard } from './proposals';
import type { InvoicesSearch } from './routes';
import { StateBadge, TypeBadge } from './state-badge';
import { words } from './words';
import styles from './invoices-page.module.css';

const route = getRouteApi('/app/invoices');
const statuses: readonly InvoiceStatus[] = ['DRAFT', 'ISSUED', 'OVERDUE', 'PAID', 'CANCELLED'];
/** The columns that the server orders by. */
const sortable = { due: 'DUE_DATE', total: 'TOTAL' } as const;

const customerOf = ({ client, customer }: InvoiceRowFragment) => client?.name ?? customer?.fullName;

export function InvoicesPage() {
  const t = useWords(words);
  const format = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changed: Partial<InvoicesSearch>): void => void navigate({ search: { ...search, ...changed } });
  const { status, type, number, sort } = search;
  const filter: InvoiceFilter = { ...(status && { status }), ...(type && { type }), ...(number && { number }) };
  const list = useGraphList(
    InvoiceListOperation,
    { filter, orderBy: sort ?? 'CREATED_AT_DESC' },
    { topics: ['invoices', 'banking', 'clients'], connectionOf: ({ invoices }) => invoices ?? none },
  );
  const columns: TableColumn<InvoiceRowFragment>[] = [
    {
      id: 'number',
      title: t('number'),
      isName: true,
      isShort: true,
      below: (invoice) => (
        <>
          {customerOf(invoice)} <StateBadge status={invoice.status} />
        </>
      ),
      cell: ({ number, type }) => (
        <span className="row">
          <strong>{number ?? t('withoutNumber')}</strong>
          <TypeBadge type={type} />
        </span>
      ),
    },
    { id: 'customer', title: t('client'), isExtra: true, cell: customerOf },
    { id: 'status', title: t('state'), isExtra: true, cell: ({ status }) => <StateBadge status={status} /> },
    { id: 'issued', title: t('issued'), isShort: true, isExtra: true, cell: ({ issuedAt }) => format.date(issuedAt) },
    {
      id: 'due',
      title: t('due'),
      isShort: true,
      isExtra: true,
      canSort: true,
      cell: ({ dueDate }) => format.date(dueDate),
    },
    {
      id: 'total',
      title: t('total'),
      isNumber: true,
      canSort: true,
      cell: ({ total, currency }) => format.money(total, currency),
    },
    {
      id: 'open',
      title: t('amountDue'),
      isNumber: true,
      isExtra: true,
      cell: ({ amountDue, currency, status }) => (status === 'DRAFT' ? '' : format.money(amountDue, currency)),
    },
  ];
  const add = (
    <LinkButton to="/invoices/new" kind="primary">
      <Plus size={18} aria-hidden />
      {t('newInvoice')}
    </LinkButton>
  );
  const isFiltered = Boolean(status ?? type ?? number);
  const [by, direction] = sort?.endsWith('_ASC')
    ? ([sort.slice(0, -4), 'ascending'] as const)
    : ([sort?.slice(0, -5), 'descending'] as const);
  return (
    <Page
      title={t('invoices')}
      lead={t('invoicesLead')}
      actions={
        <>
          {add}
          <LinkButton to="/supplier-invoices">{t('supplierInvoices')}</LinkButton>
        </>
      }
    >
      <ProposalCard />
      <search className={styles.filters}>
        <Select
          label={t('state')}
          choices={[{ id: 'all', label: t('all') }, ...statuses.map((id) => ({ id, label: t(`status_${id}`) }))]}
          value={status ?? 'all'}
          onChange={(value) => change({ status: statuses.find((each) => each === value) })}
        />
        <Select
          label={t('kind')}
          choices={[
            { id: 'all', label: t('all') },
            { id: 'INVOICE', label: t('invoices') },
            { id: 'CREDIT_NOTE', label: t('creditNotes') },
          ]}
          value={type ?? 'all'}
          onChange={(value) => change({ type: value === 'INVOICE' || value === 'CREDIT_NOTE' ? value : undefined })}
        />
        <SearchField
          key={number ?? ''}
          label={t('searchNumber')}
          defaultValue={number ?? ''}
          onSubmit={(typed) => change({ number: typed.trim() || undefined })}
          onChange={(typed) => typed === '' && number !== undefined && change({ number: undefined })}
        />
      </search>
      <Answer of={{ ...list, data: list.first }}>
        {() => (
          <>
            {list.nodes.length > 0 && <Totals filter={filter} />}
            <Card isFlush>
              {list.nodes.length === 0 ? (
                <EmptyState
                  icon={<FileText size={32} aria-hidden />}
                  title={t(isFiltered ? 'nothingFits' : 'noInvoices')}
                  text={t(isFiltered ? 'nothingFitsText' : 'noInvoicesText')}
                  action={isFiltered ? undefined : add}
                />
              ) : (
                <Table
                  label={t('invoices')}
                  columns={columns}
                  items={list.nodes}
                  hrefOf={({ id }) => `/invoices/${id}`}
                  {...(by && { sort: { column: by === 'TOTAL' ? 'total' : 'due', direction } })}
                  onSort={({ column, direction }) =>
                    change({
                      sort: `${sortable[column as keyof typeof sortable]}_${direction === 'ascending' ? 'ASC' : 'DESC'}`,
                    })
                  }
                />
              )}
              <More list={list} />
            </Card>
          </>
        )}
      </Answer>
    </Page>
  );
}

/** What all that the filter finds add up to, for each currency; credit notes take away. */
function Totals({ filter }: { filter: InvoiceFilter }) {
  const t = useWords(words);
  const { money, number } = useFormat();
  const { data } = useGraph(InvoiceSumsOperation, { filter }, { topics: ['invoices', 'banking'] });
  // Of what is there only; drafts alone come to nothing.
  const sums = (data?.invoiceSums ?? []).filter(({ billed, due, overdueCount }) => billed || due || overdueCount);
  if (sums.length === 0) return null;
  const note = (count: number): string => t('ofAll', { count });
  return (
    <div className="columns">
      {sums.map(({ currency, count, billed }) => (
        <Figure key={`billed ${currency}`} name={t('billed')} value={money(billed, currency)} note={note(count)} />
      ))}
      {sums.map(({ currency, count, due }) => (
        <Figure key={`due ${currency}`} name={t('amountDue')} value={money(due, currency)} note={note(count)} />
      ))}
      {sums.map(({ currency, overdue, overdueCount }) => (
        <Figure
          key={`overdue ${currency}`}
          name={t('status_OVERDUE')}
          value={money(overdue, currency)}
          note={t('overdueCount', { count: overdueCount, number: number(overdueCount) })}
        />
      ))}
    </div>
  );
}

const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 };
