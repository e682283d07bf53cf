import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Plus, Trash2, Users } from 'lucide-react';
import { useState } from 'react';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button, LinkButton } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Filters } from '../ui/filters';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More, Page } from '../ui/page';
import { SearchField } from '../ui/search-field';
import { Table, type TableColumn } from '../ui/table';
import { NewClientDialog } from './client-form';
import { ClientListOperation, type ClientListQuery, type ClientStatus } from './operations.gen';
import { clientStatuses } from './routes';
import { clientStatusWords, words } from './words';

type ListedClient = NonNullable<ClientListQuery['clients']>['nodes'][number];

export const clientTones = { ACTIVE: 'good', PROSPECT: 'info', INACTIVE: 'plain' } as const satisfies Record<
  ClientStatus,
  string
>;

const empty = { nodes: [], pageInfo: { hasNextPage: false }, totalCount: 0 };
const route = getRouteApi('/app/clients');

export function ClientListPage() {
  const t = useWords(words);
  const statusText = useWords(clientStatusWords);
  const format = useFormat();
  const may = useMay();
  const navigate = useNavigate();
  const { q, status, sort } = route.useSearch();
  const [isAdding, setAdding] = useState(false);
  const list = useGraphList(
    ClientListOperation,
    { filter: { search: q ?? null, status: status ?? null }, orderBy: sort ?? 'NAME_ASC' },
    { topics: ['clients'], connectionOf: ({ clients }) => clients ?? empty },
  );
  const show = (change: Partial<ReturnType<typeof route.useSearch>>) =>
    void navigate({ to: '/clients', search: { q, status, sort, ...change }, replace: true });
  const isFiltered = q !== undefined || status !== undefined;
  const columns: readonly TableColumn<ListedClient & { id: string }>[] = [
    {
      id: 'name',
      title: t('name'),
      isName: true,
      canSort: true,
      cell: ({ name, companyName, anonymizedAt }) => (
        <>
          <strong>{anonymizedAt ? t('anonymized') : name}</strong>
          {companyName && companyName !== name && <div className="quiet">{companyName}</div>}
        </>
      ),
    },
    { id: 'contact', title: t('contact'), cell: ({ contactName }) => contactName, isExtra: true },
    { id: 'phone', title: t('phone'), cell: ({ phone }) => phone, isExtra: true, isShort: true },
    { id: 'email', title: t('email'), cell: ({ email }) => email, isExtra: true },
    {
      id: 'status',
      title: t('status'),
      cell: ({ status: of }) => <Badge tone={clientTones[of]}>{statusText(of)}</Badge>,
    },
    {
      id: 'since',
      title: t('since'),
      canSort: true,
      isExtra: true,
      cell: ({ createdAt }) => format.date(createdAt),
    },
  ];
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <>
          {may('clients:write') && (
            <Button kind="primary" onPress={() => setAdding(true)}>
              <Plus size={18} aria-hidden /> {t('add')}
            </Button>
          )}
          {may('clients:write') && (
            <LinkButton to="/clients/trash" search={{}}>
              <Trash2 size={18} aria-hidden /> {t('trash')}
            </LinkButton>
          )}
        </>
      }
    >
      <Filters>
        <SearchField
          key={isFiltered ? 'filtered' : 'all'}
          label={t('search')}
          defaultValue={q ?? ''}
          onSubmit={(typed) => show({ q: typed.trim() || undefined })}
          onClear={() => show({ q: undefined })}
        />
        <Select
          label={t('status')}
          value={status ?? 'any'}
          choices={[
            { id: 'any', label: t('anyStatus') },
            ...clientStatuses.map((id) => ({ id, label: statusText(id) })),
          ]}
          onChange={(value) => show({ status: clientStatuses.find((each) => each === value) })}
        />
      </Filters>
      <Card isFlush>
        <Answer of={{ ...list, data: list.first }}>
          {() => (
            <Table
              label={t('title')}
              columns={columns}
              items={list.nodes.map((node) => ({ ...node, id: String(node.id) }))}
              hrefOf={({ id }) => `/clients/${id}`}
              sort={{
                column: sort?.startsWith('CREATED') ? 'since' : 'name',
                direction: sort?.endsWith('DESC') ? 'descending' : 'ascending',
              }}
              onSort={({ column, direction }) => {
                const way = direction === 'descending' ? 'DESC' : 'ASC';
                show({ sort: column === 'since' ? `CREATED_AT_${way}` : `NAME_${way}` });
              }}
              empty={
                isFiltered ? (
                  <EmptyState
                    title={t('nothing')}
                    text={t('nothingText')}
                    action={<Button onPress={() => show({ q: undefined, status: undefined })}>{t('clear')}</Button>}
                  />
                ) : (
                  <EmptyState
                    icon={<Users size={32} aria-hidden />}
                    title={t('none')}
                    text={t('noneText')}
                    action={
                      may('clients:write') && (
                        <Button kind="primary" onPress={() => setAdding(true)}>
                          {t('add')}
                        </Button>
                      )
                    }
                  />
                )
              }
            />
          )}
        </Answer>
        <More list={list} />
      </Card>
      <NewClientDialog
        isOpen={isAdding}
        onClose={() => setAdding(false)}
        onMade={({ id }) => void navigate({ to: '/clients/$id', params: { id }, search: {} })}
      />
    </Page>
  );
}
