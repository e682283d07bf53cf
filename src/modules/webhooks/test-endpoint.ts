import { randomUUID } from 'node:crypto';
import type { Transaction } from '../../db/sql-client.js';
import type { CommandContext } from '../../kernel/command.js';
import type { DocumentedEvent } from '../../kernel/event-payloads.js';
import { toIsoSeconds } from '../../kernel/scalars.js';
import { badInput, conflict, type FieldProblem } from '../../lib/errors.js';
import { isPlain } from '../identity/people/person-fields.js';
import { lockEndpoint, requireWebhookManager, type StoredEndpoint } from './endpoint-fields.js';
import { queueDeliveries } from './queue-delivery.js';
import { WebhookFormat } from './webhook-endpoint.entity.js';

/** What somebody has a documented event say. */
export interface TestEvent {
  /** The document's word. */
  eventName?: string | null | undefined;
  timestamp?: Date | null | undefined;
  data?: unknown;
  resourceId?: string | null | undefined;
}

const longest = { word: 100, data: 64 * 1024 } as const;

/**
 * Sends a test to a webhook of the viewer's, like any event but beside the others: of the format DOCUMENTED what is
 * given, else a `webhook.test`. Returns the delivery's number. Throws NOT_FOUND, BAD_USER_INPUT with every problem,
 * CONFLICT `webhook.inactive`.
 */
export async function testEndpoint(
  ctx: CommandContext,
  { id, event }: { id: string; event?: TestEvent | null | undefined },
): Promise<number> {
  const viewer = requireWebhookManager(ctx.viewer);
  const given = event && checkedTestEvent(event, ctx.services.now());
  return ctx.db.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, viewer, id);
    return queueTest(tx, ctx, endpoint, given ?? {});
  });
}

/**
 * A step of the commands that try a webhook, which is locked. Returns the delivery's number. Throws CONFLICT
 * `webhook.inactive`.
 */
export async function queueTest(
  tx: Transaction,
  { viewer, services }: CommandContext,
  { id, uuid, name, isActive, format }: StoredEndpoint,
  given: Partial<DocumentedEvent> = {},
): Promise<number> {
  if (!isActive) throw conflict('The webhook is switched off', { reason: 'webhook.inactive' });
  const at = services.now();
  const messageId = `test_${randomUUID()}`;
  const message =
    format === WebhookFormat.DOCUMENTED
      ? { type: 'webhook_test', timestamp: toIsoSeconds(at), data: { nom: name }, resource_id: uuid, ...given }
      : {
          id: messageId,
          type: 'webhook.test',
          timestamp: toIsoSeconds(at),
          data: { name, subject: { type: 'WebhookEndpoint', id: String(id) }, actorId: viewer.userId ?? null },
        };
  const queued = [{ endpointId: id, body: JSON.stringify(message) }];
  const test = { kind: 'test', messageId, type: 'webhook.test', resource: messageId, at } as const;
  const [deliveryId] = await queueDeliveries(tx, queued, test);
  return deliveryId as number;
}

/** The parts that are given, as a documented event has them. Throws BAD_USER_INPUT with every problem. */
export function checkedTestEvent(
  { eventName, timestamp, data, resourceId }: TestEvent,
  at: Date,
): Partial<DocumentedEvent> {
  const problems: FieldProblem[] = [];
  for (const [name, word] of Object.entries({ eventName, resourceId }))
    if (word != null && (word.length > longest.word || !isPlain(word)))
      problems.push({
        path: ['event', name],
        code: 'invalid',
        message: `must be one line of ${longest.word} characters`,
      });
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  if (data != null && !isObject)
    problems.push({ path: ['event', 'data'], code: 'invalid', message: 'must be an object' });
  else if (JSON.stringify(data ?? null).length > longest.data)
    problems.push({ path: ['event', 'data'], code: 'too_long', message: `at most ${longest.data} characters` });
  if (problems.length) throw badInput(problems);
  return {
    ...(eventName != null && { type: eventName }),
    timestamp: toIsoSeconds(timestamp ?? at),
    ...(isObject && { data: data as DocumentedEvent['data'] }),
    ...(resourceId != null && { resource_id: resourceId }),
  };
}
