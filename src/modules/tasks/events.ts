import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';

interface TaskEventData {
  name: string;
  action: string;
}

export interface TaskRunEventData extends TaskEventData {
  runId: number;
  /** Who asked for the run; null: the clock. */
  startedById: number | null;
}

export interface TaskEndEventData extends TaskRunEventData {
  durationMs: number;
  attempt: number;
}

export const taskEvents = declareEvents({
  'task.created': payload<TaskEventData>(),
  'task.updated': payload<TaskEventData & { fields: string[] }>(),
  'task.deleted': payload<TaskEventData>(),
  'task.paused': payload<TaskEventData>(),
  'task.resumed': payload<TaskEventData>(),
  'task.started': payload<TaskRunEventData>(),
  'task.completed': payload<TaskEndEventData>(),
  /** It is not tried again. Why is not said here: the run says it to whoever may read tasks. */
  'task.failed': payload<TaskEndEventData>(),
});

export type TaskEvents = PayloadsOf<typeof taskEvents>;
