import { raw, type Sql, sql } from '../../db/sql.js';
import type { StoredEvent } from '../../events/catalog.js';
import type { Context } from '../../kernel/context.js';
import { isoSecondsSql } from '../../lib/postgres-text.js';
import { permissionsOf } from '../identity/sessions/resolve-viewer.js';
import { EventRenderer, ownerAsViewer, rightsOfBody, type Subscriber } from './render-event.js';

type Row = Omit<Subscriber, 'owner'> & {
  deliveryId: number;
  ownerId: number;
  permissions: string[];
  event: StoredEvent;
};

/**
 * Makes the bodies of those of the given deliveries, a select of their ids, that were given up because none could be
 * made. What may not be told any more, or the log no longer has, stays without. Throws when it still cannot be read.
 */
export async function renderMissingBodies(
  { db, services }: Pick<Context, 'db' | 'services'>,
  deliveries: Sql,
): Promise<void> {
  const rows = await db.all<Row>(sql`
    select d.id as "deliveryId", e.id, e.owner_id as "ownerId", e.format, e.payload_query as "payloadQuery",
           e.conditions, e.resource_ids as "resourceIds", ${raw(permissionsOf('e.owner_id'))} as permissions,
           jsonb_build_object(
             'position', v.position::text, 'type', v.type, 'subjectType', v.subject_type, 'subjectId', v.subject_id,
             'actorId', v.actor_id, 'accountId', v.account_id, 'occurredAt', ${raw(isoSecondsSql('v.occurred_at'))},
             'data', v.data) as event
      from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint_id
      join events v on v.position = d.event_position
     where d.body = '' and d.id in (${deliveries})`);
  for (const { deliveryId, ownerId, permissions, event, ...endpoint } of rows) {
    const subscriber = { ...endpoint, owner: ownerAsViewer(ownerId, permissions) };
    const body = await new EventRenderer(services, db, event).bodyFor(subscriber);
    if (body !== undefined)
      await db.run(sql`
        update webhook_deliveries set body = ${body}, permissions = ${rightsOfBody(subscriber)}::text[]
         where id = ${deliveryId} and body = ''`);
  }
}
