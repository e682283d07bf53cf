import { Fragment, useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { numberOf, textOf } from '../ui/form-values';
import { NumberField } from '../ui/number-field';
import { tell } from '../ui/toast';
import {
  CreateTaskOperation,
  NextRunsOperation,
  TaskActionsOperation,
  type TaskFactsFragment,
  type TaskType,
  UpdateTaskOperation,
} from './operations.gen';
import { words } from './words';

const names = [
  'id',
  'name',
  'action',
  'params',
  'schedule',
  'timeZone',
  'intervalSeconds',
  'runAt',
  'timeLimitSeconds',
  'retryLimit',
  'retryDelaySeconds',
  'alertAfterSeconds',
];

interface TaskFormProps {
  /** Absent: a new one. */
  task?: TaskFactsFragment;
  onClose: () => void;
  onDone: (id: string) => void;
}

/** `2026-03-01T08:00` of an input of a moment, on the clock of this device. */
const localOf = (moment: string | null): string => {
  if (!moment) return '';
  const at = new Date(moment);
  return new Date(at.valueOf() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

/** The JSON that was typed; undefined for what is none. */
function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '{}');
  } catch {
    return undefined;
  }
}

export function TaskForm({ task, onClose, onDone }: TaskFormProps) {
  const t = useWords(words);
  const [type, setType] = useState<TaskType>(task?.type ?? 'SCHEDULED');
  const [action, setAction] = useState<string | null>(task?.action ?? null);
  const [problem, setProblem] = useState<string>();
  const [times, setTimes] = useState({
    schedule: task?.schedule ?? '0 3 * * *',
    intervalSeconds: task?.intervalSeconds ?? 3600,
  });
  const actions = useGraph(TaskActionsOperation, {}, { topics: ['tasks', 'plugins'] });
  const create = useAction(CreateTaskOperation, {
    touches: ['tasks'],
    onDone: ({ createTask }) => {
      tell(t('created'));
      if (createTask) onDone(createTask.task.id);
    },
  });
  const update = useAction(UpdateTaskOperation, {
    touches: ['tasks'],
    onDone: () => {
      tell(t('saved'));
      onDone(task?.id ?? '');
    },
  });
  const isFixed = task !== undefined && (task.isSystem || task.pluginId !== null);
  const running = task ? update : create;
  const submit = (values: FormData) => {
    const params = parsed(textOf(values, 'params'));
    setProblem(params === undefined ? t('noJson') : undefined);
    if (params === undefined) return undefined;
    const runAt = textOf(values, 'runAt');
    const input = {
      name: textOf(values, 'name') ?? '',
      type,
      params,
      timeLimitSeconds: numberOf(values, 'timeLimitSeconds'),
      retryLimit: numberOf(values, 'retryLimit'),
      retryDelaySeconds: numberOf(values, 'retryDelaySeconds'),
      alertAfterSeconds: numberOf(values, 'alertAfterSeconds'),
      ...(!isFixed && action !== null && { action }),
      ...(type === 'SCHEDULED' && { schedule: textOf(values, 'schedule'), timeZone: textOf(values, 'timeZone') }),
      ...(type === 'INTERVAL' && { intervalSeconds: numberOf(values, 'intervalSeconds') }),
      ...(type === 'DATE' && { runAt: runAt && new Date(runAt).toISOString() }),
    };
    return task
      ? update.run({ input: { id: task.id, ...input } })
      : create.run({ input: { id: textOf(values, 'id') ?? '', ...input } });
  };
  return (
    <Dialog isOpen onClose={onClose} title={task ? t('editTask', { name: task.name }) : t('create')} size="large">
      <Form onSubmit={submit} error={running.error} problem={problem} names={names}>
        <div className="fields">
          <TextField
            name="name"
            label={t('name')}
            defaultValue={task?.name ?? ''}
            maxLength={200}
            isRequired
            autoFocus
          />
          {!task && <TextField name="id" label={t('id')} description={t('idHint')} maxLength={64} isRequired />}
          <Select
            name="action"
            label={t('action')}
            value={action}
            onChange={setAction}
            isDisabled={isFixed}
            choices={(actions.data?.taskActions ?? []).map(({ name, description }) => ({
              id: name,
              label: name,
              description,
            }))}
          />
        </div>
        <TextField
          name="params"
          label={t('params')}
          description={t('paramsHint')}
          defaultValue={JSON.stringify(task?.params ?? {}, null, 2)}
          isMultiline
          rows={4}
        />
        <div className="fields">
          <Select
            label={t('type')}
            value={type}
            onChange={(chosen) => setType((chosen ?? 'SCHEDULED') as TaskType)}
            choices={(['SCHEDULED', 'INTERVAL', 'DATE'] as const).map((id) => ({ id, label: t(`type${id}`) }))}
          />
          {type === 'SCHEDULED' && (
            <>
              <TextField
                name="schedule"
                label={t('schedule')}
                description={t('scheduleHint')}
                value={times.schedule}
                onChange={(schedule) => setTimes({ ...times, schedule })}
                isRequired
              />
              <TextField
                name="timeZone"
                label={t('timeZone')}
                description={t('timeZoneHint')}
                defaultValue={task?.timeZone ?? ''}
              />
            </>
          )}
          {type === 'INTERVAL' && (
            <NumberField
              name="intervalSeconds"
              label={t('intervalSeconds')}
              value={times.intervalSeconds}
              onChange={(intervalSeconds) => setTimes({ ...times, intervalSeconds })}
              minValue={1}
              maxValue={31_622_400}
              isRequired
            />
          )}
          {type === 'DATE' && (
            <TextField
              name="runAt"
              type={'datetime-local' as 'text'}
              label={t('runAt')}
              defaultValue={localOf(task?.runAt ?? null)}
              isRequired
            />
          )}
        </div>
        {type !== 'DATE' && <NextRuns type={type} {...times} />}
        <div className="fields">
          <NumberField
            name="timeLimitSeconds"
            label={t('timeLimit')}
            defaultValue={task?.timeLimitSeconds ?? 3600}
            minValue={1}
            maxValue={86_400}
          />
          <NumberField
            name="retryLimit"
            label={t('retryLimit')}
            defaultValue={task?.retryLimit ?? 0}
            minValue={0}
            maxValue={10}
          />
          <NumberField
            name="retryDelaySeconds"
            label={t('retryDelay')}
            defaultValue={task?.retryDelaySeconds ?? 60}
            minValue={1}
            maxValue={86_400}
          />
          <NumberField
            name="alertAfterSeconds"
            label={t('alertAfter')}
            description={t('alertAfterHint')}
            {...(task?.alertAfterSeconds != null && { defaultValue: task.alertAfterSeconds })}
            minValue={1}
          />
        </div>
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button type="submit" kind="primary" isPending={running.isRunning}>
            {t('save')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

/** When it would run, while one types. */
export function NextRuns({
  type,
  schedule,
  intervalSeconds,
  timeZone,
}: {
  type: TaskType;
  schedule?: string | null;
  intervalSeconds?: number | null;
  timeZone?: string | null;
}) {
  const t = useWords(words);
  const format = useFormat();
  const input =
    type === 'SCHEDULED' ? { type, schedule: schedule ?? null, timeZone: timeZone ?? null } : { type, intervalSeconds };
  const query = useGraph(NextRunsOperation, { input }, { topics: ['tasks'] });
  if (query.error) return <p className="quiet">{t('noTimes')}</p>;
  return (
    <p className="quiet">
      {t('nextRuns')}{' '}
      {query.data?.nextTaskRuns?.map((moment, index) => (
        <Fragment key={moment}>
          {index > 0 && ' · '}
          <time dateTime={moment}>{format.dateTime(moment)}</time>
        </Fragment>
      ))}
    </p>
  );
}
