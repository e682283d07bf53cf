import { getRouteApi } from '@tanstack/react-router';
import { ArrowLeftRight, Check, ChevronDown, EllipsisVertical, Flag, Paperclip, Repeat } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { FileLink, IconButton } from '../ui/button';
import { Menu } from '../ui/menu';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { Table, type TableColumn } from '../ui/table';
import { type AccountSearch, filterOf, isFiltered } from './account-search';
import { Amount } from './amount';
import { useCategories } from './choices';
import { type AccountFactsFragment, type TransactionFactsFragment, TransactionListOperation } from './operations.gen';
import { useTransactionActions } from './transaction-actions';
import { TransactionDialog } from './transaction-dialog';
import { words } from './words';
import styles from './transaction-list.module.css';

const route = getRouteApi('/app/accounts/$id');

/** The columns that the server orders by. */
const sortable = { date: 'TRANSACTION_DATE', amount: 'AMOUNT' } as const;

export function TransactionList({ account, search }: { account: AccountFactsFragment; search: AccountSearch }) {
  const t = useWords(words);
  const format = useFormat();
  const navigate = route.useNavigate();
  const categories = useCategories();
  const [edited, setEdited] = useState<TransactionFactsFragment>();
  const { addReceipts, categorize, createRule, remove } = useTransactionActions();
  const filePicker = useRef<HTMLInputElement>(null);
  const receiptOf = useRef<string>(undefined);
  const orderBy = search.sort ?? 'TRANSACTION_DATE_DESC';
  const list = useGraphList(
    TransactionListOperation,
    { filter: filterOf(account.id, search), orderBy },
    { topics: ['banking'], connectionOf: ({ transactions }) => transactions ?? none },
  );
  const { currency } = account;
  const mayWrite = account.access !== 'READ';

  /** Sets it apart from others of its name, such as those that recur. */
  const namedApart = ({ description, transactionDate, amount }: TransactionFactsFragment): string =>
    [description, format.date(transactionDate), format.money(amount, currency, true)].join(', ');

  const categoryCell = (of: TransactionFactsFragment) => {
    if (of.splits.length > 0)
      return (
        <span className="stack" style={{ gap: 2 }}>
          {of.splits.map(({ id, amount, category }) => (
            <span key={id} className={styles.part}>
              {category?.name ?? t('withoutCategory')} · {format.money(amount, currency, true)}
            </span>
          ))}
        </span>
      );
    if (of.transfer) return <span className="quiet">{t('transfer')}</span>;
    const name = of.category?.name ?? t('withoutCategory');
    if (!mayWrite) return name;
    const group = (type: 'EXPENSE' | 'INCOME') => ({
      id: type,
      title: t(type === 'EXPENSE' ? 'expenses' : 'income'),
      entries: categories
        .filter((each) => each.type === type)
        .map((each) => ({
          id: each.id,
          label: each.name,
          isChosen: each.id === of.category?.id,
          onAction: () => categorize(of, each.id),
        })),
    });
    const groups = of.amount > 0 ? [group('INCOME'), group('EXPENSE')] : [group('EXPENSE'), group('INCOME')];
    const without = { id: 'none', label: t('withoutCategory'), onAction: () => categorize(of, null) };
    return (
      <Menu label={t('category')} groups={[...groups, { id: 'without', entries: [without] }]}>
        <AriaButton className={styles.category ?? ''} aria-label={t('changeCategory', { name, what: namedApart(of) })}>
          <span className={of.category ? '' : 'quiet'}>{name}</span>
          <ChevronDown size={14} aria-hidden />
        </AriaButton>
      </Menu>
    );
  };

  const columns: TableColumn<TransactionFactsFragment>[] = [
    {
      id: 'date',
      title: t('date'),
      isShort: true,
      canSort: true,
      isExtra: true,
      cell: ({ transactionDate }) => <span className={styles.day}>{format.date(transactionDate)}</span>,
    },
    {
      id: 'description',
      title: t('description'),
      isName: true,
      cell: (of) => (
        <span className={styles.what}>
          <span>{of.description}</span>
          <span className={styles.narrow}>
            {[format.date(of.transactionDate), of.category?.name].filter(Boolean).join(' · ')}
          </span>
          <span className={styles.marks}>
            {of.transfer && <ArrowLeftRight size={14} role="img" aria-label={t('transfer')} />}
            {of.recurrenceRule && <Repeat size={14} role="img" aria-label={t('recurring')} />}
            {of.isReconciled && <Check size={14} role="img" aria-label={t('reconciled')} />}
            {of.isFlagged && (
              <Badge tone="warn">
                <Flag size={12} aria-hidden />
                {t('flagged')}
              </Badge>
            )}
            {of.labels.map((label) => (
              <Badge key={label}>{label}</Badge>
            ))}
            {of.settles.map(({ id, invoice }) => (
              <Badge key={id} tone="good">
                {invoice.number}
              </Badge>
            ))}
            {of.receipts.map(({ id, file }) => (
              <FileLink key={id} href={file.downloadUrl} kind="quiet" size="small">
                <Paperclip size={14} aria-hidden />
                {file.name}
              </FileLink>
            ))}
          </span>
        </span>
      ),
    },
    { id: 'category', title: t('category'), isExtra: true, cell: categoryCell },
    {
      id: 'amount',
      title: t('amount'),
      isNumber: true,
      canSort: true,
      cell: ({ amount }) => <Amount value={amount} currency={currency} />,
    },
    {
      id: 'balance',
      title: t('balance'),
      isNumber: true,
      isExtra: true,
      cell: ({ runningBalance }) => format.money(runningBalance, currency),
    },
    ...(mayWrite
      ? [
          {
            id: 'actions',
            title: t('actions'),
            isTitleHidden: true,
            cell: (of: TransactionFactsFragment) => (
              <Menu label={t('actionsOf', { what: namedApart(of) })} groups={[{ id: 'of', entries: entriesOf(of) }]}>
                <IconButton label={t('actionsOf', { what: namedApart(of) })}>
                  <EllipsisVertical size={18} aria-hidden />
                </IconButton>
              </Menu>
            ),
          },
        ]
      : []),
  ];

  const entriesOf = (of: TransactionFactsFragment) => [
    { id: 'edit', label: t('editTransaction'), onAction: () => setEdited(of) },
    {
      id: 'receipt',
      label: t('addReceipt'),
      onAction: () => {
        receiptOf.current = of.id;
        filePicker.current?.click();
      },
    },
    ...(of.transfer ? [] : [{ id: 'rule', label: t('makeRule'), onAction: () => createRule(of) }]),
    ...(of.recurrenceRule
      ? [{ id: 'recurrence', label: t('toRecurrence'), href: `/recurrence-rules/${of.recurrenceRule.id}` }]
      : []),
    { id: 'delete', label: t('delete'), isDanger: true, isDisabled: of.isReconciled, onAction: () => remove(of) },
  ];

  const [by, direction] = orderBy.endsWith('_ASC')
    ? ([orderBy.slice(0, -4), 'ascending'] as const)
    : ([orderBy.slice(0, -5), 'descending'] as const);
  return (
    <Card isFlush title={t('transactions')}>
      <Answer of={{ ...list, data: list.first }}>
        {() =>
          list.nodes.length === 0 ? (
            isFiltered(search) ? (
              <EmptyState title={t('nothingFound')} text={t('nothingFoundText')} />
            ) : (
              <EmptyState title={t('noTransactions')} text={t('noTransactionsText')} />
            )
          ) : (
            <>
              <Table<TransactionFactsFragment>
                label={t('transactions')}
                columns={columns}
                items={list.nodes}
                sort={{ column: by === 'AMOUNT' ? 'amount' : 'date', direction }}
                onSort={({ column, direction }) => {
                  const order = `${sortable[column as keyof typeof sortable]}_${direction === 'ascending' ? 'ASC' : 'DESC'}`;
                  const sort = order === 'TRANSACTION_DATE_DESC' ? undefined : (order as AccountSearch['sort']);
                  void navigate({ search: { ...search, sort } });
                }}
                {...(mayWrite && { onFiles: ({ id }, files) => void addReceipts(id, files) })}
              />
              {mayWrite && <p className={styles.hint}>{t('dropHint')}</p>}
              <More list={list} />
            </>
          )
        }
      </Answer>
      <input
        ref={filePicker}
        type="file"
        hidden
        aria-label={t('addReceipt')}
        onChange={({ target }) => {
          if (receiptOf.current !== undefined && target.files) void addReceipts(receiptOf.current, [...target.files]);
          target.value = '';
        }}
      />
      {edited && <TransactionDialog key={edited.id} of={edited} onClose={() => setEdited(undefined)} />}
    </Card>
  );
}

const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 };
