import type { Transaction } from '../../db/sql-client.js';
import { raw, sql } from '../../db/sql.js';
import type { StoredEvent } from '../../events/catalog.js';
import type { EventConsumer } from '../../events/consumer.js';
import { eventMessage } from '../../events/event-message.js';
import { patternsOf } from '../../events/event-patterns.js';
import type { Services } from '../../kernel/context.js';
import type { Viewer } from '../../kernel/viewer.js';
import { permissionsOf } from '../identity/sessions/resolve-viewer.js';
import { queueDeliveries } from './queue-delivery.js';

/**
 * Makes a delivery of each event for each endpoint that wants it and whose owner may hear it, as of now: in the
 * transaction that consumes the event, so that it is made exactly once.
 */
export const webhookConsumer = (services: Services): EventConsumer => ({
  name: 'webhooks',
  consume: async (tx, event) => {
    const endpoints = await endpointsFor(tx, event);
    const may = new Map<number, boolean>();
    for (const { viewer } of endpoints)
      if (!may.has(viewer.userId)) may.set(viewer.userId, await services.mayHear(tx, event, viewer));
    const ids = endpoints.flatMap(({ id, viewer }) => (may.get(viewer.userId) ? id : []));
    if (!ids.length) return;
    await queueDeliveries(tx, ids, {
      kind: 'event',
      message: eventMessage(event),
      resource: `${event.subjectType}:${event.subjectId}`,
      at: services.now(),
    });
  },
});

/** The endpoints that want the event, with their owners as viewers; none of people whose account is switched off. */
async function endpointsFor(
  tx: Transaction,
  { type }: StoredEvent,
): Promise<{ id: number; viewer: Viewer & { userId: number } }[]> {
  const rows = await tx.all<{ id: number; userId: number; permissions: string[] }>(sql`
    select e.id, u.id as "userId", ${raw(permissionsOf('u.id'))} as permissions
      from webhook_endpoints e join users u on u.id = e.owner_id
     where e.is_active and e.events && ${patternsOf(type)}::text[] and u.is_active
     order by e.id for key share of e`);
  return rows.map(({ id, userId, permissions }) => ({
    id,
    viewer: {
      userId,
      permissions: new Set(permissions),
      scopes: new Set(['read']),
      credential: { kind: 'none' },
    },
  }));
}
