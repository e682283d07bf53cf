import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Select } from '../ui/choice-fields';
import { Dialog } from '../ui/dialog';
import { Badge, Problem } from '../ui/notice';
import { Answer, Card, EmptyState, Facts, More } from '../ui/page';
import { Table } from '../ui/table';
import { TaskRunsOperation, type TaskRunsQuery, type TaskRunStatus } from './operations.gen';
import { runStatuses } from './routes';
import { RunState } from './task-state';
import { words } from './words';
import styles from './tasks.module.css';

type Run = NonNullable<TaskRunsQuery['taskRuns']>['nodes'][number];

/** Runs of a task, newest first; what is under way is seen as it goes. */
export function TaskRuns({ taskId, status }: { taskId: string; status: TaskRunStatus | undefined }) {
  const t = useWords(words);
  const format = useFormat();
  const navigate = useNavigate({ from: '/taches/$id' });
  const [openId, setOpenId] = useState<string>();
  const list = useGraphList(
    TaskRunsOperation,
    { filter: { taskId, status: status ?? null } },
    { topics: ['tasks'], connectionOf: ({ taskRuns }) => taskRuns! },
  );
  const opened = list.nodes.find(({ id }) => id === openId);
  return (
    <Card
      title={t('runs')}
      isFlush
      actions={
        <Select
          label={t('state')}
          value={status ?? 'all'}
          onChange={(chosen) =>
            void navigate({ search: { runs: runStatuses.find((each) => each === chosen) }, replace: true })
          }
          choices={[{ id: 'all', label: t('all') }, ...runStatuses.map((id) => ({ id, label: t(`run${id}`) }))]}
        />
      }
    >
      <Answer of={list}>
        {() => (
          <>
            <Table
              label={t('runs')}
              items={list.nodes}
              onOpen={({ id }) => setOpenId(id)}
              empty={<EmptyState title={t('noRuns')} text={t('noRunsText')} />}
              columns={[
                {
                  id: 'started',
                  title: t('started'),
                  isName: true,
                  cell: ({ startedAt, isLate }) => (
                    <span className="row">
                      {format.dateTime(startedAt)}
                      {isLate && <Badge tone="warn">{t('late')}</Badge>}
                    </span>
                  ),
                },
                { id: 'state', title: t('state'), cell: ({ status }) => <RunState status={status} /> },
                { id: 'took', title: t('took'), isNumber: true, cell: (run) => <Took run={run} /> },
                {
                  id: 'by',
                  title: t('startedBy'),
                  isExtra: true,
                  cell: ({ startedBy, dueAt }) => startedBy?.fullName ?? (dueAt ? t('clock') : '–'),
                },
                { id: 'error', title: t('error'), isExtra: true, cell: ({ error }) => error ?? '' },
              ]}
            />
            <More list={list} />
          </>
        )}
      </Answer>
      {opened && <RunDialog run={opened} onClose={() => setOpenId(undefined)} />}
    </Card>
  );
}

function Took({ run: { startedAt, finishedAt } }: { run: Run }) {
  const format = useFormat();
  if (!finishedAt) return '…';
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return format.number(seconds, { style: 'unit', unit: 'second', maximumFractionDigits: 1 });
}

function RunDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const t = useWords(words);
  const format = useFormat();
  return (
    <Dialog isOpen onClose={onClose} title={t('run', { id: run.id })} size="side">
      <Facts
        facts={[
          [t('state'), <RunState key="state" status={run.status} />],
          [t('due'), format.dateTime(run.dueAt)],
          [t('started'), format.dateTime(run.startedAt)],
          [t('ended'), format.dateTime(run.finishedAt)],
          [t('attempt'), format.number(run.attempt)],
          [t('startedBy'), run.startedBy?.fullName],
        ]}
      />
      {run.error && <Problem>{run.error}</Problem>}
      <h3>{t('log')}</h3>
      {run.log.length === 0 ? (
        <p className="quiet">{t('noLog')}</p>
      ) : (
        <ol className={styles.log} aria-live="polite">
          {run.log.map(({ at, level, message }, index) => (
            // Lines only ever come at the end.
            <li key={index} data-level={level}>
              <time dateTime={at}>{format.time(at)}</time> {message}
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}
