import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, Trash2 } from 'lucide-react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button, LinkButton } from '../ui/button';
import { Filters } from '../ui/filters';
import { Answer, Card, EmptyState, Page } from '../ui/page';
import { SearchField } from '../ui/search-field';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { RestoreClientOperation, TrashedClientsOperation } from './operations.gen';
import { words } from './words';

const route = getRouteApi('/app/clients/trash');

export function TrashedClientsPage() {
  const t = useWords(words);
  const format = useFormat();
  const navigate = useNavigate();
  const { q } = route.useSearch();
  const trash = useGraph(TrashedClientsOperation, { search: q ?? null }, { topics: ['clients'] });
  const action = useAction(RestoreClientOperation, {
    touches: ['clients', 'interventions', 'appointments'],
    onError: complain,
  });
  const restore = async (id: string, name: string) => {
    const done = await action.run({ input: { id } });
    if (done) tell(t('restored', { name }));
  };
  return (
    <Page
      title={t('trashTitle')}
      lead={t('trashLead')}
      actions={
        <LinkButton to="/clients" search={{}}>
          <ArrowLeft size={18} aria-hidden /> {t('toClients')}
        </LinkButton>
      }
    >
      <Filters>
        <SearchField
          label={t('search')}
          defaultValue={q ?? ''}
          onSubmit={(typed) => void navigate({ to: '/clients/trash', search: { q: typed.trim() || undefined } })}
          onClear={() => void navigate({ to: '/clients/trash', search: {} })}
        />
      </Filters>
      <Card isFlush>
        <Answer of={trash}>
          {({ trashedClients }) => (
            <Table
              label={t('trashTitle')}
              items={(trashedClients ?? []).map((client) => ({ ...client, id: String(client.clientId) }))}
              columns={[
                { id: 'name', title: t('name'), isName: true, cell: ({ name }) => <strong>{name}</strong> },
                {
                  id: 'deletedAt',
                  title: t('deletedAt'),
                  isExtra: true,
                  cell: ({ deletedAt }) => format.relative(deletedAt),
                },
                { id: 'purged', title: t('goneAfter'), cell: ({ purgedAfter }) => format.date(purgedAfter) },
                {
                  id: 'restore',
                  title: t('restore'),
                  cell: ({ id, name }) => (
                    <Button size="small" isPending={action.isRunning} onPress={() => restore(id, name)}>
                      {t('restore')}
                    </Button>
                  ),
                },
              ]}
              empty={
                <EmptyState
                  icon={<Trash2 size={32} aria-hidden />}
                  title={t('trashEmpty')}
                  text={t('trashEmptyText')}
                />
              }
            />
          )}
        </Answer>
      </Card>
    </Page>
  );
}
