import type { Transaction } from '../db/sql-client.js';
import { json, sql } from '../db/sql.js';
import type { EventCatalog, EventType } from './catalog.js';

/** Who caused an event, from where: the part of a request's context that the log keeps. */
export interface EventOrigin {
  viewer: { userId: number | undefined };
  requestId: string;
  ip: string | undefined;
}

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
  await tx.send(sql`
    insert into events (type, subject_type, subject_id, actor_id, request_id, ip, data)
    values (${type}, ${subjectType}, ${subjectId}, ${actorId}, ${origin.requestId}, ${origin.ip ?? null},
            ${json(data)})`);
  tx.signal('events');
}
