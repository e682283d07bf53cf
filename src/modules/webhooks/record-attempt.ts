import type { Transaction } from '../../db/sql-client.js';
import { json, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import type { Claimed } from './claim-deliveries.js';
import { webhookAttemptsTotal } from './metrics.js';
import type { Outcome } from './post-webhook.js';
import { patienceMs, readRetryAfter, waitAfter } from './retry-schedule.js';
import { shownRequestHeaders, shownResponseHeaders } from './shown-headers.js';
import type { WebhookDisabledReason } from './webhook-endpoint.entity.js';

const goneStatus = 410;

/**
 * Notes what came of an attempt, and when the next one is. Switches the endpoint off when it is gone, or has failed for
 * five days. Does nothing when the lease has passed to somebody else.
 */
export async function recordAttempt(
  ctx: CommandContext,
  delivery: Claimed,
  outcome: Outcome & { headers: Readonly<Record<string, string>> },
): Promise<void> {
  const { services } = ctx;
  const now = services.now();
  const startedAt = new Date(now.getTime() - outcome.durationMs);
  const attempts = delivery.attempts + 1;
  const isDelivered = outcome.error === undefined;
  const isGone = outcome.status === goneStatus;
  const waitMs =
    isDelivered || isGone ? undefined : waitAfter(attempts, readRetryAfter(outcome.retryAfter, now), delivery);
  const status = isDelivered ? 'delivered' : waitMs === undefined ? 'failed' : 'pending';
  const next = waitMs === undefined ? null : new Date(now.getTime() + waitMs);
  const isRecorded = await ctx.db.transaction(async (tx) => {
    // The endpoint before its deliveries, as whoever deletes it locks them: the other order would deadlock.
    await tx.first(sql`select 1 from webhook_endpoints where id = ${delivery.endpointId} for no key update`);
    const recorded = await tx.run(sql`
      update webhook_deliveries
         set status = ${status}, attempts = ${attempts}, next_attempt_at = ${next}::timestamptz, leased_until = null,
             request_url = ${delivery.url}, request_headers = ${json(shownRequestHeaders(outcome.headers))},
             response_headers = ${json(shownResponseHeaders(outcome.answerHeaders ?? {}))},
             first_attempt_at = coalesce(first_attempt_at, ${startedAt}::timestamptz),
             last_attempt_at = ${startedAt}::timestamptz, response_status = ${outcome.status ?? null}::int,
             response_ms = ${outcome.durationMs}::int,
             response_body = ${outcome.body ?? null}, error = ${outcome.error ?? null},
             finished_at = ${next === null ? now : null}::timestamptz
       where id = ${delivery.id} and leased_until = ${delivery.leasedUntil}::timestamptz`);
    if (recorded) await noteOnEndpoint(tx, ctx, delivery.endpointId, { now, status, isGone });
    return recorded > 0;
  });
  if (!isRecorded) return;
  const webhook = String(delivery.endpointId);
  services.count(webhookAttemptsTotal, { webhook, result: status === 'pending' ? 'retried' : status });
  services.figures.add({
    kind: 'webhook',
    name: webhook,
    outcome: isDelivered ? 'answered' : 'failed',
    ms: outcome.durationMs,
  });
}

/**
 * Gives a delivery up that must not be sent any more; that says nothing about the receiver. What the owner's own query
 * answered is forgotten.
 */
export async function recordRefusal(ctx: CommandContext, delivery: Claimed, reason: string): Promise<void> {
  const now = ctx.services.now();
  await ctx.db.transaction(async (tx) => {
    await tx.first(sql`select 1 from webhook_endpoints where id = ${delivery.endpointId} for no key update`);
    const recorded = await tx.run(sql`
      update webhook_deliveries
         set status = 'failed', next_attempt_at = null, leased_until = null, error = ${reason}, finished_at = ${now}
       where id = ${delivery.id} and leased_until = ${delivery.leasedUntil}::timestamptz`);
    // Of the first delivery, too, which replays copy: they have it made anew.
    if (recorded && delivery.madeWith)
      await tx.send(sql`
        update webhook_deliveries set body = ''
         where endpoint_id = ${delivery.endpointId} and status <> 'pending' and permissions is not null
           and (id = ${delivery.id}
                or (kind = 'event' and event_position = ${delivery.event?.position ?? null}::bigint))`);
    if (recorded)
      await tx.send(sql`
        update webhook_endpoints set failed_count = failed_count + 1 where id = ${delivery.endpointId}`);
  });
}

interface Noted {
  ownerId: number;
  name: string;
  isActive: boolean;
  isManaged: boolean;
  isFailingForLong: boolean;
}

async function noteOnEndpoint(
  tx: Transaction,
  ctx: CommandContext,
  id: number,
  { now, status, isGone }: { now: Date; status: 'delivered' | 'failed' | 'pending'; isGone: boolean },
): Promise<void> {
  const isDelivered = status === 'delivered';
  const endpoint = await tx.first<Noted>(sql`
    update webhook_endpoints
       set last_attempt_at = ${now}::timestamptz,
           failing_since = case when not ${isDelivered}::boolean then coalesce(failing_since, ${now}::timestamptz) end,
           delivered_count = delivered_count + ${isDelivered ? 1 : 0}::int,
           failed_count = failed_count + ${status === 'failed' ? 1 : 0}::int
     where id = ${id}
    returning owner_id as "ownerId", name, is_active as "isActive", is_managed as "isManaged",
              coalesce(failing_since <= ${new Date(now.getTime() - patienceMs)}::timestamptz, false)
                as "isFailingForLong"`);
  if (!endpoint?.isActive || isDelivered || !(isGone || endpoint.isFailingForLong)) return;
  const reason: `${WebhookDisabledReason}` = isGone ? 'gone' : 'failing';
  await tx.send(sql`
    update webhook_endpoints set is_active = false, disabled_reason = ${reason}, disabled_at = ${now}::timestamptz
     where id = ${id}`);
  const { ownerId, name, isManaged } = endpoint;
  await emit(tx, ctx, 'webhook.disabled', ['WebhookEndpoint', id], { ownerId, name, isManaged, reason });
}
