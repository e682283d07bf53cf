import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/dialog';
import { Answer, Card, EmptyState, Facts, Figure, Page } from '../ui/page';
import { complain, tell } from '../ui/toast';
import {
  DeleteTaskOperation,
  PauseTaskOperation,
  ResumeTaskOperation,
  RunTaskOperation,
  type TaskFactsFragment,
  TaskOperation,
} from './operations.gen';
import { NextRuns, TaskForm } from './task-form';
import { TaskRuns } from './task-runs';
import { TaskState, useTimes } from './task-state';
import { words } from './words';

/** One task: when it runs, what became of it, and its runs as they go. */
export function TaskPage() {
  const t = useWords(words);
  const { id } = useParams({ from: '/app/taches/$id' });
  const query = useGraph(TaskOperation, { id }, { topics: ['tasks'] });
  return (
    <Answer of={query}>
      {({ task }) => (task ? <Found task={task} /> : <EmptyState title={t('noTask')} text={t('noTaskText')} />)}
    </Answer>
  );
}

function Found({ task }: { task: TaskFactsFragment }) {
  const t = useWords(words);
  const format = useFormat();
  const timesOf = useTimes();
  const { runs } = useSearch({ from: '/app/taches/$id' });
  return (
    <Page
      title={task.name}
      mark={<TaskState status={task.status} />}
      lead={<code>{task.id}</code>}
      actions={<TaskActions task={task} />}
    >
      <div className="figures">
        <Figure
          name={t('next')}
          value={task.nextRunAt ? format.relative(task.nextRunAt) : '–'}
          note={format.dateTime(task.nextRunAt)}
        />
        <Figure
          name={t('last')}
          value={task.lastRunAt ? format.relative(task.lastRunAt) : t('never')}
          note={format.dateTime(task.lastRunAt)}
        />
        <Figure name={t('successes')} value={format.number(task.successCount)} />
        <Figure name={t('failures')} value={format.number(task.failureCount)} />
      </div>
      <Card title={t('facts')}>
        <Facts
          facts={[
            [t('action'), <code key="action">{task.action}</code>],
            [t('times'), timesOf(task)],
            [t('timeLimit'), format.number(task.timeLimitSeconds)],
            [t('retryLimit'), format.number(task.retryLimit)],
            [t('alertAfter'), task.alertAfterSeconds === null ? t('nobody') : format.number(task.alertAfterSeconds)],
            [t('overlap'), t(`overlap${task.overlap}`)],
            [t('missedRuns'), t(`missed${task.missedRuns}`)],
            [t('plugin'), task.pluginId],
            [t('params'), <code key="params">{JSON.stringify(task.params)}</code>],
          ]}
        />
        {task.status !== 'PAUSED' && task.type !== 'DATE' && (
          <NextRuns
            type={task.type}
            schedule={task.schedule}
            intervalSeconds={task.intervalSeconds}
            timeZone={task.timeZone}
          />
        )}
      </Card>
      <TaskRuns taskId={task.id} status={runs} />
    </Page>
  );
}

function TaskActions({ task }: { task: TaskFactsFragment }) {
  const t = useWords(words);
  const may = useMay();
  const navigate = useNavigate();
  const [isEditing, setEditing] = useState(false);
  const input = { id: task.id };
  const common = { touches: ['tasks'] as const, onError: complain };
  const run = useAction(RunTaskOperation, { ...common, onDone: () => tell(t('begun')) });
  const resume = useAction(ResumeTaskOperation, { ...common, onDone: () => tell(t('resumed')) });
  const pause = useAction(PauseTaskOperation, {
    ...common,
    onDone: () => tell(t('paused'), () => resume.run({ input })),
  });
  const remove = useAction(DeleteTaskOperation, {
    ...common,
    onDone: () => {
      tell(t('deleted', { name: task.name }));
      void navigate({ to: '/tasks' });
    },
  });
  if (!may('tasks:manage')) return null;
  return (
    <>
      <Button kind="primary" isPending={run.isRunning} onPress={() => void run.run({ input })}>
        <Play size={18} aria-hidden />
        {t('runNow')}
      </Button>
      {task.status === 'PAUSED' ? (
        <Button onPress={() => void resume.run({ input })}>{t('resume')}</Button>
      ) : (
        <Button onPress={() => void pause.run({ input })}>
          <Pause size={18} aria-hidden />
          {t('pause')}
        </Button>
      )}
      <Button onPress={() => setEditing(true)}>{t('edit')}</Button>
      {!task.isSystem && task.pluginId === null && (
        <ConfirmButton
          title={t('deleteTitle', { name: task.name })}
          text={t('deleteText')}
          action={t('delete')}
          onConfirm={() => remove.run({ input })}
        >
          {t('delete')}
        </ConfirmButton>
      )}
      {isEditing && <TaskForm task={task} onClose={() => setEditing(false)} onDone={() => setEditing(false)} />}
    </>
  );
}
