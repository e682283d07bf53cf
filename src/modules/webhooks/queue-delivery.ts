import type { Transaction } from '../../db/sql-client.js';
import { raw, sql } from '../../db/sql.js';

/** PostgreSQL channel that tells every dispatcher that something waits. */
export const deliveriesChannel = 'passerelle_webhooks';

/** Once the transaction has committed, dispatchers of all processes look what is due. */
export const wakeDispatchers = (tx: Transaction): Promise<void> =>
  tx.send(sql`select pg_notify('${raw(deliveriesChannel)}', '')`);

/** What one endpoint is sent. */
export interface Queued {
  endpointId: number;
  body: string;
  /** Of the owner, that the body was made with: it is sent while they have them all. Absent: it is asked anew. */
  permissions?: readonly string[] | null;
  /** Why there is nothing to send: the delivery is given up at once. */
  error?: string;
}

export interface NewDelivery {
  kind: 'event' | 'test';
  /** Of an event its position. */
  messageId: string;
  /** Name in the log. */
  type: string;
  /** What it is about: such deliveries of one endpoint go one after the other. */
  resource: string;
  at: Date;
}

/**
 * Makes a delivery for each endpoint that is still there, to be tried at once. Of an event an endpoint gets one,
 * however often this is called. Returns their numbers.
 */
export async function queueDeliveries(
  tx: Transaction,
  queued: readonly Queued[],
  { kind, messageId, type, resource, at }: NewDelivery,
): Promise<number[]> {
  if (queued.length === 0) return [];
  const position = kind === 'event' ? messageId : null;
  const made = await tx.all<{ id: number }>(sql`
    insert into webhook_deliveries (endpoint_id, message_id, kind, event_position, event_type, resource, body,
                                    permissions, status, error, next_attempt_at, finished_at, created_at)
    select e.id, ${messageId}, ${kind}, ${position}::bigint, ${type}, ${resource}, q.body,
           case when q.permissions is not null then array(select jsonb_array_elements_text(q.permissions::jsonb)) end,
           case when q.error is null then 'pending' else 'failed' end, q.error,
           case when q.error is null then ${at}::timestamptz end,
           case when q.error is not null then ${at}::timestamptz end, ${at}::timestamptz
      from unnest(${queued.map(({ endpointId }) => endpointId)}::int[], ${queued.map(({ body }) => body)}::text[],
                  ${queued.map(({ permissions }) => (permissions ? JSON.stringify(permissions) : null))}::text[],
                  ${queued.map(({ error }) => error ?? null)}::text[]) q (endpoint_id, body, permissions, error)
      join webhook_endpoints e on e.id = q.endpoint_id for key share of e
    on conflict do nothing returning id`);
  if (made.length) await wakeDispatchers(tx);
  return made.map(({ id }) => id);
}
