import type { SqlRunner } from '../../db/sql-client.js';
import { raw, sql } from '../../db/sql.js';
import type { StoredEvent } from '../../events/catalog.js';
import type { EventConsumer } from '../../events/consumer.js';
import { matcherOf, patternsOf } from '../../events/event-patterns.js';
import type { Services } from '../../kernel/context.js';
import type { ConsumerParts } from '../../kernel/module.js';
import { permissionsOf } from '../identity/sessions/resolve-viewer.js';
import { type Queued, queueDeliveries } from './queue-delivery.js';
import { EventRenderer, ownerAsViewer, rightsOfBody, type Subscriber } from './render-event.js';

/** Events that are put into their forms at once. */
const atOnce = 5;

/**
 * Makes a delivery of each event for each endpoint that wants it and whose owner may hear of it, in the form that the
 * endpoint asks for. The bodies are made once, as of right after the event; the deliveries in the transaction that
 * consumes it, so that they are made exactly once.
 */
export const webhookConsumer = (services: Services, parts: ConsumerParts): EventConsumer => ({
  name: 'webhooks',
  prepare: async (events) => {
    const found = await subscribersOf(parts.db, events);
    const queued = new Map<string, Queued[]>();
    for (let at = 0; found.length > 0 && at < events.length; at += atOnce)
      await Promise.all(
        events.slice(at, at + atOnce).map(async (event) => {
          queued.set(event.position, await bodiesOf(services, parts, event, found));
        }),
      );
    return async (tx, event) => {
      await queueDeliveries(tx, queued.get(event.position) ?? [], {
        kind: 'event',
        messageId: event.position,
        type: event.type,
        resource: `${event.subjectType}:${event.subjectId}`,
        at: services.now(),
      });
    };
  },
});

interface Found extends Subscriber {
  wants: (type: string) => boolean;
}

async function bodiesOf(
  services: Services,
  { db, log }: ConsumerParts,
  event: StoredEvent,
  subscribers: readonly Found[],
): Promise<Queued[]> {
  const renderer = new EventRenderer(services, db, event);
  const wanting = subscribers.filter(({ wants }) => wants(event.type));
  const bodies = await Promise.all(
    wanting.map(async (subscriber): Promise<Queued[]> => {
      try {
        const body = await renderer.bodyFor(subscriber);
        return body === undefined ? [] : [{ endpointId: subscriber.id, body, permissions: rightsOfBody(subscriber) }];
      } catch (error) {
        log.error({ err: error, webhook: subscriber.id, event: event.position }, 'no body could be made');
        return [{ endpointId: subscriber.id, body: '', error: unreadable }];
      }
    }),
  );
  return bodies.flat();
}

/** Of a delivery without a body, which a replay makes. */
const unreadable = 'What it is about could not be read; a replay tries again';

/**
 * The endpoints that want one of the events, with their owners as viewers; none of people whose account is switched
 * off. One that the server gave up on gets its events for the day when it is switched on again.
 */
async function subscribersOf(db: SqlRunner, events: readonly StoredEvent[]): Promise<Found[]> {
  const patterns = [...new Set(events.flatMap(({ type }) => patternsOf(type)))];
  const rows = await db.all<
    Omit<Subscriber, 'owner'> & { events: string[]; userId: number; permissions: string[] }
  >(sql`
    select e.id, e.format, e.payload_query as "payloadQuery", e.conditions, e.resource_ids as "resourceIds", e.events,
           u.id as "userId", ${raw(permissionsOf('u.id'))} as permissions
      from webhook_endpoints e join users u on u.id = e.owner_id
     where (e.is_active or e.disabled_reason = 'failing') and e.events && ${patterns}::text[] and u.is_active
     order by e.id`);
  return rows.map(({ events: wanted, userId, permissions, ...subscriber }) => ({
    ...subscriber,
    owner: ownerAsViewer(userId, permissions),
    wants: matcherOf(wanted),
  }));
}
