import type { SqlEntityManager } from '@mikro-orm/sql';
import type { EventCatalog, EventType } from './catalog.js';

/** PostgreSQL channel that tells the relays that a transaction with events has committed. */
export const outboxChannel = 'passerelle_outbox';

/** Who caused an event, from where: the part of a request's context that the log keeps. */
export interface EventOrigin {
  viewer: { userId: number | undefined };
  requestId: string;
  ip: string | undefined;
}

/**
 * Writes an event in the transaction of `em`: it is in the log exactly when the change is. Throws when there is no
 * transaction, because the two could then part.
 */
export async function emit<T extends EventType>(
  em: SqlEntityManager,
  origin: EventOrigin,
  type: T,
  subject: readonly [type: string, id: string | number],
  data: EventCatalog[T],
): Promise<void> {
  const transaction = em.getTransactionContext();
  if (!transaction) throw new Error(`${type} emitted outside a transaction`);
  await em.getConnection().execute(
    `with event as (
       insert into events (type, subject_type, subject_id, actor_id, request_id, ip, data)
       values (?, ?, ?, ?, ?, ?, ?::jsonb) returning id)
     select pg_notify('${outboxChannel}', '') from event`,
    [
      type,
      subject[0],
      String(subject[1]),
      origin.viewer.userId ?? null,
      origin.requestId,
      origin.ip ?? null,
      JSON.stringify(data),
    ],
    'all',
    transaction,
  );
}
