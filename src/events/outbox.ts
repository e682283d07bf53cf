import type { Transaction } from '../db/sql-client.js';
import { json, sql } from '../db/sql.js';
import { type TraceContext, traceparentOf } from '../lib/trace-context.js';
import { traceOr } from '../lib/tracing.js';
import type { EventCatalog, EventType } from './catalog.js';

/** Who caused an event, from where: the part of a request's context that the log keeps. */
export interface EventOrigin {
  viewer: { userId: number | undefined };
  requestId: string;
  ip: string | undefined;
  /** The trace that it belongs to, if any. */
  notes?: { trace?: TraceContext | undefined };
}

/** The request's origin, for what another person than its viewer does in it, such as who has just signed in. */
export const originAs = (userId: number | undefined, { requestId, ip, notes }: EventOrigin): EventOrigin => ({
  viewer: { userId },
  requestId,
  ip,
  ...(notes && { notes }),
});

/**
 * Writes an event in the transaction `tx`: it is in the log exactly when the change is. It is sent without waiting for
 * it, and the relay of this process is woken by the commit.
 */
export async function emit<T extends EventType>(
  tx: Transaction,
  origin: EventOrigin,
  type: T,
  subject: readonly [type: string, id: string | number],
  data: EventCatalog[T],
): Promise<void> {
  const [subjectType, subjectId] = [subject[0], String(subject[1])];
  const actorId = origin.viewer.userId ?? null;
  const trace = traceOr(origin.notes?.trace);
  await tx.send(sql`
    insert into events (type, subject_type, subject_id, actor_id, request_id, ip, traceparent, data)
    values (${type}, ${subjectType}, ${subjectId}, ${actorId}, ${origin.requestId}, ${origin.ip ?? null},
            ${trace ? traceparentOf(trace) : null}, ${json(data)})`);
  tx.signal('events');
}

/** Writes an event of one type for each of several subjects, in one statement; see `emit`. */
export async function emitEach<T extends EventType>(
  tx: Transaction,
  origin: EventOrigin,
  type: T,
  subjectType: string,
  subjects: readonly { id: string | number; data: EventCatalog[T] }[],
): Promise<void> {
  if (subjects.length === 0) return;
  const trace = traceOr(origin.notes?.trace);
  await tx.send(sql`
    insert into events (type, subject_type, subject_id, actor_id, request_id, ip, traceparent, data)
    select ${type}, ${subjectType}, s.id, ${origin.viewer.userId ?? null}::int, ${origin.requestId},
           ${origin.ip ?? null}, ${trace ? traceparentOf(trace) : null}, s.data
      from jsonb_to_recordset(${json(subjects)}) as s(id text, data jsonb)`);
  tx.signal('events');
}
