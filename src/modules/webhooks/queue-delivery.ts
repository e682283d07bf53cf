import type { Transaction } from '../../db/sql-client.js';
import { raw, sql } from '../../db/sql.js';
import type { EventMessage } from '../../events/event-message.js';

/** PostgreSQL channel that tells every dispatcher that something waits. */
export const deliveriesChannel = 'passerelle_webhooks';

/** Once the transaction has committed, dispatchers of all processes look what is due. */
export const wakeDispatchers = (tx: Transaction): Promise<void> =>
  tx.send(sql`select pg_notify('${raw(deliveriesChannel)}', '')`);

export interface NewDelivery {
  kind: 'event' | 'test';
  message: EventMessage;
  /** What it is about: such deliveries of one endpoint go one after the other. */
  resource: string;
  at: Date;
}

/**
 * Makes a delivery for each endpoint, to be tried at once. Of an event an endpoint gets one, however often this is
 * called. Returns their numbers.
 */
export async function queueDeliveries(
  tx: Transaction,
  endpointIds: readonly number[],
  { kind, message, resource, at }: NewDelivery,
): Promise<number[]> {
  const position = kind === 'event' ? message.id : null;
  const made = await tx.all<{ id: number }>(sql`
    insert into webhook_deliveries (endpoint_id, message_id, kind, event_position, event_type, resource, body,
                                    next_attempt_at, created_at)
    select e.id, ${message.id}, ${kind}, ${position}::bigint, ${message.type}, ${resource}, ${JSON.stringify(message)},
           ${at}::timestamptz, ${at}::timestamptz
      from unnest(${endpointIds}::int[]) e (id)
    on conflict do nothing returning id`);
  if (made.length) await wakeDispatchers(tx);
  return made.map(({ id }) => id);
}
