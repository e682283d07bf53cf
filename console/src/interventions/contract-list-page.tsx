import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { CalendarSync, Plus } from 'lucide-react';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Filters } from '../ui/filters';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More, Page } from '../ui/page';
import { Table } from '../ui/table';
import { NewContractDialog } from './contract-form';
import { contractWords } from './contract-words';
import { frequencyWords } from './labels';
import { ContractListOperation } from './operations.gen';
import { contractStates } from './routes';

const route = getRouteApi('/app/contracts');
const empty = { nodes: [], pageInfo: { hasNextPage: false }, totalCount: 0 };

export function ContractListPage() {
  const t = useWords(contractWords);
  const frequencyText = useWords(frequencyWords);
  const format = useFormat();
  const mayWrite = useMay()('interventions:write');
  const navigate = useNavigate();
  const { state, add } = route.useSearch();
  const list = useGraphList(
    ContractListOperation,
    { filter: { isActive: state === undefined ? null : state === 'active' } },
    {
      topics: ['interventions', 'clients'],
      connectionOf: ({ maintenanceContracts }) => maintenanceContracts ?? empty,
    },
  );
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        mayWrite && (
          <Button kind="primary" onPress={() => void navigate({ to: '/contracts', search: { state, add: 'new' } })}>
            <Plus size={18} aria-hidden /> {t('add')}
          </Button>
        )
      }
    >
      <Filters>
        <Select
          label={t('show')}
          value={state ?? 'all'}
          choices={[{ id: 'all', label: t('all') }, ...contractStates.map((id) => ({ id, label: t(id) }))]}
          onChange={(value) =>
            void navigate({ to: '/contracts', search: { state: contractStates.find((each) => each === value) } })
          }
        />
      </Filters>
      <Card isFlush>
        <Answer of={{ ...list, data: list.first }}>
          {() => (
            <Table
              label={t('title')}
              items={list.nodes.map((node) => ({ ...node, id: String(node.id) }))}
              hrefOf={({ id }) => `/contracts/${id}`}
              columns={[
                {
                  id: 'name',
                  title: t('name'),
                  isName: true,
                  cell: ({ title, client }) => (
                    <>
                      <strong>{title}</strong>
                      <div className="quiet">{client?.name}</div>
                    </>
                  ),
                },
                {
                  id: 'rhythm',
                  title: t('rhythm'),
                  isExtra: true,
                  cell: ({ frequency, interval }) => frequencyText(frequency, { count: interval }),
                },
                {
                  id: 'who',
                  title: t('technician'),
                  isExtra: true,
                  cell: ({ technician, technicianUser }) => technicianUser?.fullName ?? technician,
                },
                { id: 'next', title: t('next'), cell: ({ nextVisit }) => format.date(nextVisit) },
                {
                  id: 'state',
                  title: t('status'),
                  cell: ({ isActive }) => (
                    <Badge tone={isActive ? 'good' : 'warn'}>{t(isActive ? 'active' : 'paused')}</Badge>
                  ),
                },
              ]}
              empty={
                <EmptyState icon={<CalendarSync size={32} aria-hidden />} title={t('none')} text={t('noneText')} />
              }
            />
          )}
        </Answer>
        <More list={list} />
      </Card>
      <NewContractDialog
        isOpen={add !== undefined && mayWrite}
        clientId={add === 'new' ? null : (add ?? null)}
        onClose={() => void navigate({ to: '/contracts', search: { state }, replace: true })}
        onMade={(id) => void navigate({ to: '/contracts/$id', params: { id } })}
      />
    </Page>
  );
}
