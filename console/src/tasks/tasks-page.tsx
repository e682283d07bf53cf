import { useNavigate, useSearch } from '@tanstack/react-router';
import { CalendarClock, Plus } from 'lucide-react';
import { useState } from 'react';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Filters } from '../ui/filters';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More, Page } from '../ui/page';
import { SearchField } from '../ui/search-field';
import { Table } from '../ui/table';
import { TaskListOperation } from './operations.gen';
import { taskStatuses } from './routes';
import { TaskForm } from './task-form';
import { TaskState, useTimes } from './task-state';
import { words } from './words';

/** What the server does by the clock. */
export function TasksPage() {
  const t = useWords(words);
  const format = useFormat();
  const timesOf = useTimes();
  const may = useMay();
  const [isMaking, setMaking] = useState(false);
  const { search, status } = useSearch({ from: '/app/tasks' });
  const navigate = useNavigate({ from: '/tasks' });
  const list = useGraphList(
    TaskListOperation,
    { orderBy: 'NAME_ASC', filter: { search: search ?? null, status: status ?? null } },
    { topics: ['tasks'], connectionOf: ({ tasks }) => tasks! },
  );
  return (
    <Page
      title={t('tasks')}
      lead={t('lead')}
      actions={
        may('tasks:manage') && (
          <Button kind="primary" onPress={() => setMaking(true)}>
            <Plus size={18} aria-hidden />
            {t('create')}
          </Button>
        )
      }
    >
      <Filters>
        <SearchField
          label={t('search')}
          defaultValue={search ?? ''}
          onChange={(typed) =>
            void navigate({ search: (now) => ({ ...now, search: typed || undefined }), replace: true })
          }
        />
        <Select
          label={t('state')}
          value={status ?? 'all'}
          onChange={(chosen) =>
            void navigate({
              search: (now) => ({ ...now, status: taskStatuses.find((each) => each === chosen) }),
              replace: true,
            })
          }
          choices={[{ id: 'all', label: t('all') }, ...taskStatuses.map((id) => ({ id, label: t(`status${id}`) }))]}
        />
      </Filters>
      <Card isFlush>
        <Answer of={list}>
          {() => (
            <>
              <Table
                label={t('tasks')}
                items={list.nodes}
                hrefOf={({ id }) => `/taches/${encodeURIComponent(id)}`}
                empty={
                  <EmptyState icon={<CalendarClock size={32} aria-hidden />} title={t('none')} text={t('noneText')} />
                }
                columns={[
                  {
                    id: 'name',
                    title: t('name'),
                    isName: true,
                    cell: ({ name, isSystem, pluginId }) => (
                      <span className="row">
                        <strong>{name}</strong>
                        {isSystem && <Badge>{t('system')}</Badge>}
                        {pluginId && <Badge tone="info">{pluginId}</Badge>}
                      </span>
                    ),
                  },
                  { id: 'state', title: t('state'), cell: ({ status }) => <TaskState status={status} /> },
                  { id: 'times', title: t('times'), isExtra: true, cell: timesOf },
                  {
                    id: 'next',
                    title: t('next'),
                    isExtra: true,
                    cell: ({ nextRunAt }) => (nextRunAt ? format.relative(nextRunAt) : '–'),
                  },
                  {
                    id: 'last',
                    title: t('last'),
                    isExtra: true,
                    cell: ({ lastRunAt }) => (lastRunAt ? format.relative(lastRunAt) : t('never')),
                  },
                  {
                    id: 'failures',
                    title: t('failures'),
                    isNumber: true,
                    isExtra: true,
                    cell: ({ failureCount }) => format.number(failureCount),
                  },
                ]}
              />
              <More list={list} />
            </>
          )}
        </Answer>
      </Card>
      {isMaking && (
        <TaskForm
          onClose={() => setMaking(false)}
          onDone={(id) => void navigate({ to: '/taches/$id', params: { id }, search: { runs: undefined } })}
        />
      )}
    </Page>
  );
}
