import { getRouteApi } from '@tanstack/react-router';
import { ArrowLeftRight, EllipsisVertical, FileUp, Printer } from 'lucide-react';
import { useState } from 'react';
import { useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useNamedByServer } from '../i18n/named-by-server';
import { useWords } from '../i18n/words';
import { Button, IconButton } from '../ui/button';
import { Menu } from '../ui/menu';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, Figure, Page } from '../ui/page';
import { Tabs } from '../ui/tabs';
import { complain } from '../ui/toast';
import { AccountDialog } from './account-dialog';
import { filterOf, tabs } from './account-search';
import { DeleteAccountDialog } from './delete-account-dialog';
import { ImportDialog } from './import-dialog';
import { importWords } from './import-words';
import { Imports } from './imports';
import { AccountOperation, type AccountQuery } from './operations.gen';
import { QuickEntry } from './quick-entry';
import { Reconciliation } from './reconciliation';
import { ShareDialog } from './share-dialog';
import { saveStatement } from './statement';
import { TransactionFilters } from './transaction-filters';
import { TransactionList } from './transaction-list';
import { TransferDialog } from './transfer-dialog';
import { TrashedTransactions } from './trashed-transactions';
import { words } from './words';

const route = getRouteApi('/app/accounts/$id');

export type AccountDetails = NonNullable<AccountQuery['bankAccount']>;

/** Only a joint account is shared. */
const jointType = '4';

export function AccountPage() {
  const t = useWords(words);
  const { id } = route.useParams();
  const answer = useGraph(AccountOperation, { id }, { topics: ['banking'] });
  return (
    <Answer of={answer}>
      {({ bankAccount }) =>
        bankAccount ? (
          <Account key={bankAccount.id} account={bankAccount} />
        ) : (
          <Page title={t('account')}>
            <EmptyState title={t('noSuchAccount')} text={t('noSuchAccountText')} />
          </Page>
        )
      }
    </Answer>
  );
}

function Account({ account }: { account: AccountDetails }) {
  const t = useWords(words);
  const named = useNamedByServer();
  const tImport = useWords(importWords);
  const format = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [open, setOpen] = useState<'edit' | 'share' | 'delete' | 'transfer' | 'import'>();
  const close = (): void => setOpen(undefined);
  const { id, name, currency, access } = account;
  const isMine = access === 'OWNER';
  const mayWrite = access !== 'READ';
  const print = (): Promise<void> => saveStatement(filterOf(id, search)).catch(complain);

  const more = [
    { id: 'edit', label: t('editAccount'), onAction: () => setOpen('edit') },
    ...(account.type.id === jointType ? [{ id: 'share', label: t('share'), onAction: () => setOpen('share') }] : []),
    { id: 'delete', label: t('deleteAccount'), isDanger: true, onAction: () => setOpen('delete') },
  ];
  return (
    <Page
      title={name}
      mark={<Badge>{named(account.type.name)}</Badge>}
      lead={isMine ? undefined : t('sharedBy', { name: account.owner?.fullName ?? '' })}
      actions={
        <>
          {mayWrite && (
            <>
              <Button onPress={() => setOpen('transfer')}>
                <ArrowLeftRight size={18} aria-hidden />
                {t('transfer')}
              </Button>
              <Button onPress={() => setOpen('import')}>
                <FileUp size={18} aria-hidden />
                {t('importFile')}
              </Button>
            </>
          )}
          <Button onPress={() => void print()}>
            <Printer size={18} aria-hidden />
            {t('statement')}
          </Button>
          {isMine && (
            <Menu label={t('moreOfAccount')} groups={[{ id: 'account', entries: more }]}>
              <IconButton label={t('moreOfAccount')}>
                <EllipsisVertical size={20} aria-hidden />
              </IconButton>
            </Menu>
          )}
        </>
      }
    >
      <div className="columns">
        <Figure name={t('balance')} value={format.money(account.balance, currency)} />
        <Figure
          name={t('reconciledBalance')}
          value={format.money(account.reconciledBalance, currency)}
          note={t('reconciledBalanceHint')}
        />
        <Figure
          name={t('transactions')}
          value={format.number(account.transactionCount)}
          note={account.lastTransactionDate && t('lastOn', { date: format.date(account.lastTransactionDate) })}
        />
      </div>
      <Tabs
        label={name}
        selected={search.tab ?? 'transactions'}
        onSelect={(tab) =>
          void navigate({
            search: (before) => ({ ...before, tab: tabs.find((known) => known === tab) }),
          })
        }
        tabs={[
          {
            id: 'transactions',
            title: t('transactions'),
            content: () => (
              <>
                {mayWrite && (
                  <Card title={t('newTransaction')}>
                    <QuickEntry accountId={id} currency={currency} />
                  </Card>
                )}
                <TransactionFilters search={search} onChange={(next) => void navigate({ search: next })} />
                <TransactionList account={account} search={search} />
              </>
            ),
          },
          { id: 'reconciliation', title: t('reconciliation'), content: () => <Reconciliation account={account} /> },
          { id: 'imports', title: tImport('imports'), content: () => <Imports account={account} /> },
          ...(mayWrite
            ? [{ id: 'trash', title: t('trash'), content: () => <TrashedTransactions accountId={id} /> }]
            : []),
        ]}
      />
      {open === 'edit' && <AccountDialog account={account} onClose={close} />}
      {open === 'share' && <ShareDialog account={account} onClose={close} />}
      {open === 'delete' && <DeleteAccountDialog account={account} onClose={close} />}
      {open === 'transfer' && <TransferDialog fromAccountId={id} onClose={close} />}
      {open === 'import' && <ImportDialog account={account} onClose={close} />}
    </Page>
  );
}
