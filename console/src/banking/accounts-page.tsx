import { Landmark, Plus } from 'lucide-react';
import { useState } from 'react';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useNamedByServer } from '../i18n/named-by-server';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More, Page } from '../ui/page';
import { Table, type TableColumn } from '../ui/table';
import { AccountDialog } from './account-dialog';
import { type AccountFactsFragment, AccountsOperation } from './operations.gen';
import { words } from './words';

export function AccountsPage() {
  const t = useWords(words);
  const named = useNamedByServer();
  const format = useFormat();
  const [isAdding, setAdding] = useState(false);
  const list = useGraphList(
    AccountsOperation,
    {},
    { topics: ['banking'], connectionOf: ({ bankAccounts }) => bankAccounts ?? none },
  );
  const columns: TableColumn<AccountFactsFragment>[] = [
    {
      id: 'name',
      title: t('name'),
      isName: true,
      cell: ({ name, access, owner }) => (
        <span className="row">
          <strong>{name}</strong>
          {access !== 'OWNER' && <Badge tone="info">{t('sharedBy', { name: owner?.fullName ?? '' })}</Badge>}
        </span>
      ),
    },
    { id: 'type', title: t('type'), isExtra: true, cell: ({ type }) => named(type.name) },
    {
      id: 'last',
      title: t('lastMovement'),
      isShort: true,
      isExtra: true,
      cell: ({ lastTransactionDate }) => format.date(lastTransactionDate),
    },
    {
      id: 'count',
      title: t('transactions'),
      isNumber: true,
      isExtra: true,
      cell: ({ transactionCount }) => format.number(transactionCount),
    },
    {
      id: 'balance',
      title: t('balance'),
      isNumber: true,
      cell: ({ balance, currency }) => <strong>{format.money(balance, currency)}</strong>,
    },
  ];
  const add = (
    <Button kind="primary" onPress={() => setAdding(true)}>
      <Plus size={18} aria-hidden />
      {t('addAccount')}
    </Button>
  );
  return (
    <Page title={t('accounts')} lead={t('accountsLead')} actions={add}>
      <Answer of={{ ...list, data: list.first }}>
        {() => (
          <Card isFlush>
            {list.nodes.length === 0 ? (
              <EmptyState
                icon={<Landmark size={32} aria-hidden />}
                title={t('noAccounts')}
                text={t('noAccountsText')}
                action={add}
              />
            ) : (
              <Table
                label={t('accounts')}
                columns={columns}
                items={list.nodes}
                hrefOf={({ id }) => `/accounts/${id}`}
              />
            )}
            <More list={list} />
          </Card>
        )}
      </Answer>
      {isAdding && <AccountDialog onClose={() => setAdding(false)} />}
    </Page>
  );
}

const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 };
