import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Badge } from '../ui/notice';
import type { TaskFactsFragment, TaskRunStatus, TaskStatus } from './operations.gen';
import { words } from './words';

const tones = { SCHEDULED: 'good', RUNNING: 'info', PAUSED: 'warn', FAILED: 'bad', COMPLETED: 'plain' } as const;
const runTones = { RUNNING: 'info', SUCCESS: 'good', FAILURE: 'bad', SKIPPED: 'plain' } as const;

export function TaskState({ status }: { status: TaskStatus }) {
  const t = useWords(words);
  return <Badge tone={tones[status]}>{t(`status${status}`)}</Badge>;
}

export function RunState({ status }: { status: TaskRunStatus }) {
  const t = useWords(words);
  return <Badge tone={runTones[status]}>{t(`run${status}`)}</Badge>;
}

/** When a task runs, in words. */
export function useTimes(): (task: TaskFactsFragment) => string {
  const t = useWords(words);
  const format = useFormat();
  return ({ type, schedule, timeZone, intervalSeconds, runAt }) => {
    if (type === 'SCHEDULED') return [schedule, timeZone && `(${timeZone})`].filter(Boolean).join(' ');
    if (type === 'DATE') return format.dateTime(runAt);
    return t('every', { span: spanOf(intervalSeconds ?? 0, format.number) });
  };
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

function spanOf(seconds: number, number: ReturnType<typeof useFormat>['number']): string {
  const [unit, length] = units.find(([, length]) => seconds % length === 0 && seconds >= length) ?? units[3];
  return number(seconds / length, { style: 'unit', unit, unitDisplay: 'long' });
}
