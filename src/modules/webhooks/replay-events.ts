import type { Transaction } from '../../db/sql-client.js';
import { holds, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import type { Context } from '../../kernel/context.js';
import { badField, conflict, notFound } from '../../lib/errors.js';
import { isUuid } from '../../lib/uuid.js';
import { lockEndpoint, requireWebhookManager } from './endpoint-fields.js';
import { wakeDispatchers } from './queue-delivery.js';
import { renderMissingBodies } from './render-missing-bodies.js';
import { visibleOfWebhook } from './webhook.policy.js';

/** Events that one replay sends again. */
const mostEvents = 10_000;
/** Queued in one transaction. */
const batchSize = 200;

/**
 * Has all events that were queued for a webhook since a moment sent once more, by a job. Returns the replay's id.
 * Throws NOT_FOUND, BAD_USER_INPUT when there are too many, CONFLICT `webhook.inactive` or `webhook.replay_running`.
 */
export async function replayEvents(ctx: CommandContext, { id, since }: { id: string; since: Date }): Promise<string> {
  const viewer = requireWebhookManager(ctx.viewer);
  return ctx.db.transaction(async (tx) => {
    const { id: number, ownerId, name, isActive } = await lockEndpoint(tx, viewer, id);
    if (!isActive) throw conflict('The webhook is switched off', { reason: 'webhook.inactive' });
    const running = sql`select 1 from webhook_replays where endpoint_id = ${number} and status = 'running'`;
    if (await tx.first(running))
      throw conflict('A replay of the webhook is under way', { reason: 'webhook.replay_running' });
    const found = await tx.first<{ total: number; lastId: number }>(sql`
      select count(*)::int as total, coalesce(max(id), 0) as "lastId" from webhook_deliveries
       where endpoint_id = ${number} and kind = 'event' and created_at >= ${since}::timestamptz`);
    const { total, lastId } = found as { total: number; lastId: number };
    if (total > mostEvents)
      throw badField('since', 'too_small', `has ${total} events after it, of which ${mostEvents} may be sent again`);
    const replay = await tx.first<{ id: string }>(sql`
      insert into webhook_replays (endpoint_id, since, total, last_id, created_at)
      values (${number}, ${since}, ${total}, ${lastId}, ${ctx.services.now()}) returning id`);
    const { id: replayId } = replay as { id: string };
    await ctx.services.jobs.send(tx, 'webhooks.replay', { replayId }, { trace: ctx.notes.trace });
    await emit(tx, ctx, 'webhook.replay_started', ['WebhookEndpoint', number], { ownerId, name, replayId, total });
    return replayId;
  });
}

/**
 * Ends a replay: nothing more is queued, and what was queued and never tried is not sent. Does nothing to one that is
 * over. Throws NOT_FOUND.
 */
export async function cancelReplay(ctx: CommandContext, id: string): Promise<string> {
  const viewer = requireWebhookManager(ctx.viewer);
  return ctx.db.transaction(async (tx) => {
    const own = await tx.first<{ endpointId: number }>(sql`
      select r.endpoint_id as "endpointId" from webhook_replays r
       where r.id = ${isUuid(id) ? id : null}::uuid and ${holds(visibleOfWebhook(viewer), 'r')}`);
    if (!own) throw notFound('WebhookReplay');
    const { id: number, ownerId, name } = await lockEndpoint(tx, viewer, own.endpointId);
    const now = ctx.services.now();
    const ended = await tx.first<{ id: string; done: number; total: number }>(sql`
      update webhook_replays set status = 'cancelled', finished_at = ${now}
       where id = ${id}::uuid and status = 'running' returning id, done, total`);
    // One that is all queued is over, and yet little of it may have been sent.
    const dropped = await tx.run(sql`
      delete from webhook_deliveries
       where replay_id = ${id}::uuid and status = 'pending' and attempts = 0
         and (leased_until is null or leased_until <= ${now}::timestamptz)`);
    if (!ended && dropped)
      await tx.send(sql`update webhook_replays set status = 'cancelled', finished_at = ${now} where id = ${id}::uuid`);
    if (ended || dropped)
      await emit(tx, ctx, 'webhook.replay_cancelled', ['WebhookEndpoint', number], { ownerId, name, replayId: id });
    return id.toLowerCase();
  });
}

/** Queues the events of a replay, a batch at a time from where it stands; harmless when it runs twice. */
export async function runReplay(ctx: Context, { replayId }: { replayId: string }): Promise<void> {
  for (;;) {
    await renderMissingBodies(
      ctx,
      sql`
      select d.id from webhook_replays r join webhook_deliveries d on d.endpoint_id = r.endpoint_id
       where r.id = ${replayId}::uuid and d.kind = 'event' and d.id > r.after_id and d.id <= r.last_id
         and d.created_at >= r.since
       order by d.id limit ${batchSize}`,
    );
    if (!(await ctx.db.transaction((tx) => queueBatch(tx, ctx, replayId)))) return;
  }
}

interface Running {
  endpointId: number;
  ownerId: number;
  name: string;
  since: string;
  total: number;
  afterId: number;
  lastId: number;
}

/** Whether there is more to queue. */
async function queueBatch(tx: Transaction, ctx: Context, replayId: string): Promise<boolean> {
  // The webhook before its deliveries, as whoever deletes it locks them: the other order would deadlock.
  await tx.send(sql`
    select 1 from webhook_endpoints
     where id = (select endpoint_id from webhook_replays where id = ${replayId}::uuid) for key share`);
  const replay = await tx.first<Running>(sql`
    select e.id as "endpointId", e.owner_id as "ownerId", e.name, r.since, r.total, r.after_id as "afterId",
           r.last_id as "lastId"
      from webhook_replays r join webhook_endpoints e on e.id = r.endpoint_id
     where r.id = ${replayId}::uuid and r.status = 'running' for update of r`);
  if (!replay) return false;
  const now = ctx.services.now();
  const batch = await tx.first<{ seen: number; last: number | null }>(sql`
    with batch as (
      select id, status from webhook_deliveries
       where endpoint_id = ${replay.endpointId} and kind = 'event' and id > ${replay.afterId} and id <= ${replay.lastId}
         and created_at >= ${replay.since}::timestamptz
       order by id limit ${batchSize}),
    hurried as (
      update webhook_deliveries d set next_attempt_at = least(d.next_attempt_at, ${now}::timestamptz)
        from batch where d.id = batch.id and d.status = 'pending'),
    again as (
      insert into webhook_deliveries (endpoint_id, message_id, kind, event_position, event_type, resource, body,
                                      permissions, replay_id, next_attempt_at, created_at)
      select d.endpoint_id, d.message_id, 'replay', d.event_position, d.event_type, d.resource, d.body,
             d.permissions, ${replayId}::uuid, ${now}::timestamptz, ${now}::timestamptz
        from batch join webhook_deliveries d on d.id = batch.id
       where d.status <> 'pending' and d.body <> '' order by d.id)
    select count(*)::int as seen, max(id) as last from batch`);
  const { seen, last } = batch as { seen: number; last: number | null };
  const isOver = seen < batchSize;
  const moved = await tx.first<{ done: number }>(sql`
    update webhook_replays
       set after_id = ${last ?? replay.afterId}, done = least(total, done + ${seen}),
           status = ${isOver ? 'done' : 'running'}, finished_at = ${isOver ? now : null}::timestamptz
     where id = ${replayId}::uuid returning done`);
  const { endpointId, ownerId, name, total } = replay;
  const done = moved?.done ?? 0;
  const event = isOver ? 'webhook.replay_finished' : 'webhook.replay_progress';
  await emit(tx, ctx, event, ['WebhookEndpoint', endpointId], { ownerId, name, replayId, done, total });
  await wakeDispatchers(tx);
  return !isOver;
}
