import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Columns3, List, MapPinned, Plus, Wrench } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Filters } from '../ui/filters';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, Loading, More, Page } from '../ui/page';
import { SearchField } from '../ui/search-field';
import { Table, type TableColumn } from '../ui/table';
import { Board } from './board';
import {
  kinds,
  kindWords,
  priorities,
  priorityTones,
  priorityWords,
  statuses,
  statusTones,
  statusWords,
} from './labels';
import { NewInterventionDialog } from './new-intervention';
import { type InterventionFilter, InterventionListOperation, type InterventionRowFragment } from './operations.gen';
import { interventionViews } from './routes';
import { words } from './words';
import './views.css';

const InterventionMap = lazy(() =>
  import('./intervention-map').then((module) => ({ default: module.InterventionMap })),
);

const route = getRouteApi('/app/interventions');
const empty = { nodes: [], pageInfo: { hasNextPage: false }, totalCount: 0 };
const pictures = { list: List, board: Columns3, map: MapPinned };

export function InterventionListPage() {
  const t = useWords(words);
  const may = useMay();
  const navigate = useNavigate();
  const search = route.useSearch();
  const { q, view = 'list', status, kind, priority, who, add } = search;
  const show = (change: Partial<typeof search>) =>
    void navigate({ to: '/interventions', search: { ...search, ...change }, replace: true });
  const filter: InterventionFilter = {
    search: q ?? null,
    kind: kind ?? null,
    priority: priority ?? null,
    technician: who ?? null,
    status: (view === 'board' ? undefined : status) ?? null,
  };
  const isFiltered = [q, kind, priority, who, status].some((each) => each !== undefined);
  const clear = () => show({ q: undefined, kind: undefined, priority: undefined, who: undefined, status: undefined });
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <>
          {may('interventions:write') && (
            <Button kind="primary" onPress={() => show({ add: 'new' })}>
              <Plus size={18} aria-hidden /> {t('add')}
            </Button>
          )}
          <ToggleButtonGroup
            aria-label={t('view')}
            className="view-choice"
            selectedKeys={[view]}
            disallowEmptySelection
            onSelectionChange={(keys) => show({ view: interventionViews.find((each) => keys.has(each)) })}
          >
            {interventionViews.map((id) => {
              const Picture = pictures[id];
              return (
                <ToggleButton key={id} id={id} className="view-button">
                  <Picture size={16} aria-hidden /> {t(id)}
                </ToggleButton>
              );
            })}
          </ToggleButtonGroup>
        </>
      }
    >
      <FilterRow key={isFiltered ? 'filtered' : 'all'} show={show} withStatus={view !== 'board'} />
      {view === 'board' && <Board filter={filter} />}
      {view === 'list' && (
        <InterventionTable
          filter={filter}
          empty={
            isFiltered ? (
              <EmptyState
                title={t('nothing')}
                text={t('nothingText')}
                action={<Button onPress={clear}>{t('clear')}</Button>}
              />
            ) : (
              <EmptyState icon={<Wrench size={32} aria-hidden />} title={t('none')} text={t('noneText')} />
            )
          }
        />
      )}
      {view === 'map' && (
        <Suspense fallback={<Loading />}>
          <InterventionMap filter={filter} />
        </Suspense>
      )}
      <NewInterventionDialog
        isOpen={add !== undefined && may('interventions:write')}
        clientId={add === 'new' ? null : (add ?? null)}
        onClose={() => show({ add: undefined })}
      />
    </Page>
  );
}

type Show = (change: Partial<ReturnType<typeof route.useSearch>>) => void;

function FilterRow({ show, withStatus }: { show: Show; withStatus: boolean }) {
  const t = useWords(words);
  const statusText = useWords(statusWords);
  const kindText = useWords(kindWords);
  const priorityText = useWords(priorityWords);
  const { q, status, kind, priority, who } = route.useSearch();
  const any = { id: 'any', label: t('any') };
  return (
    <Filters>
      <SearchField
        label={t('search')}
        defaultValue={q ?? ''}
        onSubmit={(typed) => show({ q: typed.trim() || undefined })}
        onClear={() => show({ q: undefined })}
      />
      <SearchField
        label={t('technician')}
        defaultValue={who ?? ''}
        onSubmit={(typed) => show({ who: typed.trim() || undefined })}
        onClear={() => show({ who: undefined })}
      />
      {withStatus && (
        <Select
          label={t('status')}
          value={status ?? 'any'}
          choices={[any, ...statuses.map((id) => ({ id, label: statusText(id) }))]}
          onChange={(value) => show({ status: statuses.find((each) => each === value) })}
        />
      )}
      <Select
        label={t('kind')}
        value={kind ?? 'any'}
        choices={[any, ...kinds.map((id) => ({ id, label: kindText(id) }))]}
        onChange={(value) => show({ kind: kinds.find((each) => each === value) })}
      />
      <Select
        label={t('priority')}
        value={priority ?? 'any'}
        choices={[any, ...priorities.map((id) => ({ id, label: priorityText(id) }))]}
        onChange={(value) => show({ priority: priorities.find((each) => each === value) })}
      />
    </Filters>
  );
}

function InterventionTable({ filter, empty: nothing }: { filter: InterventionFilter; empty: ReactNode }) {
  const t = useWords(words);
  const statusText = useWords(statusWords);
  const kindText = useWords(kindWords);
  const priorityText = useWords(priorityWords);
  const format = useFormat();
  const navigate = useNavigate();
  const search = route.useSearch();
  const { sort = 'SCHEDULED_AT_DESC' } = search;
  const list = useGraphList(
    InterventionListOperation,
    { filter, orderBy: sort },
    { topics: ['interventions', 'clients'], connectionOf: ({ interventions }) => interventions ?? empty },
  );
  const columns: readonly TableColumn<InterventionRowFragment & { id: string }>[] = [
    {
      id: 'what',
      title: t('what'),
      isName: true,
      cell: ({ kind, description, client }) => (
        <>
          <strong>{client?.name ?? kindText(kind)}</strong>
          <div className="quiet">{[kindText(kind), description?.slice(0, 90)].filter(Boolean).join(' · ')}</div>
        </>
      ),
    },
    { id: 'when', title: t('when'), canSort: true, cell: ({ scheduledAt }) => format.dateTime(scheduledAt) },
    {
      id: 'who',
      title: t('technician'),
      isExtra: true,
      cell: ({ technician, technicianUser }) => technicianUser?.fullName ?? technician,
    },
    { id: 'where', title: t('where'), isExtra: true, cell: ({ location, client }) => location ?? client?.address },
    {
      id: 'priority',
      title: t('priority'),
      isExtra: true,
      cell: ({ priority }) =>
        priority === 'URGENT' || priority === 'HIGH' ? (
          <Badge tone={priorityTones[priority]}>{priorityText(priority)}</Badge>
        ) : (
          priorityText(priority)
        ),
    },
    {
      id: 'status',
      title: t('status'),
      cell: ({ status }) => <Badge tone={statusTones[status]}>{statusText(status)}</Badge>,
    },
  ];
  return (
    <Card isFlush>
      <Answer of={{ ...list, data: list.first }}>
        {() => (
          <Table
            label={t('title')}
            columns={columns}
            items={list.nodes.map((node) => ({ ...node, id: String(node.id) }))}
            hrefOf={({ id }) => `/interventions/${id}`}
            sort={{ column: 'when', direction: sort.endsWith('DESC') ? 'descending' : 'ascending' }}
            onSort={({ direction }) =>
              void navigate({
                to: '/interventions',
                search: { ...search, sort: direction === 'ascending' ? 'SCHEDULED_AT_ASC' : 'SCHEDULED_AT_DESC' },
                replace: true,
              })
            }
            empty={nothing}
          />
        )}
      </Answer>
      <More list={list} />
    </Card>
  );
}
