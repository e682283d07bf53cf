import { randomUUID } from 'node:crypto';
import { sql } from '../../db/sql.js';
import { patternsOf } from '../../events/event-patterns.js';
import type { CommandContext } from '../../kernel/command.js';
import { toIsoSeconds } from '../../kernel/scalars.js';
import { requirePermission } from '../../kernel/viewer.js';
import { badInput } from '../../lib/errors.js';
import { allHold, type Condition } from './condition.js';
import { requireWebhookManager } from './endpoint-fields.js';
import { queueDeliveries } from './queue-delivery.js';
import { checkedTestEvent, type TestEvent } from './test-endpoint.js';

/**
 * Sends a documented event of an administrator's making to every webhook, whose it may be, that is sent such events and
 * whose conditions hold of it. Returns to how many. Throws FORBIDDEN without `events:write`, BAD_USER_INPUT for an
 * event that no document has.
 */
export async function triggerWebhooks(
  ctx: CommandContext,
  { eventName, event }: { eventName: string; event?: TestEvent | null | undefined },
): Promise<number> {
  requireWebhookManager(ctx.viewer);
  requirePermission(ctx.viewer, 'events:write');
  const { documented } = ctx.services.eventPayloads;
  const logged = [...documented].flatMap(([name, word]) => (word === eventName ? name : []));
  if (logged.length === 0) {
    const known = [...new Set(documented.values())].toSorted();
    const message = `there is no such event; there are ${known.join(', ')}`;
    throw badInput([{ path: ['eventName'], code: 'unknown_reference', message, known }]);
  }
  const at = ctx.services.now();
  const message = {
    type: eventName,
    timestamp: toIsoSeconds(at),
    data: {},
    resource_id: randomUUID() as string,
    ...checkedTestEvent({ ...event, eventName }, at),
  };
  return ctx.db.transaction(async (tx) => {
    const patterns = logged.flatMap(patternsOf);
    const endpoints = await tx.all<{ id: number; conditions: Condition[]; resourceIds: string[] }>(sql`
      select e.id, e.conditions, e.resource_ids as "resourceIds"
        from webhook_endpoints e join users u on u.id = e.owner_id
       where e.is_active and e.format = 'documented' and e.events && ${patterns}::text[] and u.is_active
       order by e.id`);
    const wanting = endpoints.filter(
      ({ conditions, resourceIds }) =>
        (resourceIds.length === 0 || resourceIds.includes(message.resource_id)) && allHold(conditions, message),
    );
    const body = JSON.stringify(message);
    const messageId = `test_${randomUUID()}`;
    const queued = wanting.map(({ id }) => ({ endpointId: id, body }));
    const made = await queueDeliveries(tx, queued, {
      kind: 'test',
      messageId,
      type: logged[0] ?? eventName,
      resource: messageId,
      at,
    });
    return made.length;
  });
}
