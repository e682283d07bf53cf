import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { activeAdminIds } from '../../identity/people/active-admins.js';
import type { AlertEventData } from '../events.js';
import { sumFigures } from '../figures/sum-figures.js';
import {
  type EndedAlert,
  judgeFigures,
  type NewAlert,
  quietMs,
  type Subject,
  type UpAlert,
  windowMs,
} from './judge-figures.js';
import { judgeTasks } from './judge-tasks.js';
import { judgeWebhooks } from './judge-webhooks.js';

/**
 * Raises and ends alerts by what was counted in all processes, each with its event. Two checks at the same time raise
 * and end nothing twice.
 */
export async function checkAlerts(ctx: CommandContext): Promise<void> {
  const { db, services } = ctx;
  await services.figures.flush();
  const now = services.now();
  const since = (ms: number) => ({ from: new Date(now.getTime() - ms), to: now });
  const [lastMinutes, lastHour] = [await sumFigures(db, since(windowMs)), await sumFigures(db, since(quietMs))];
  await db.transaction(async (tx) => {
    const up = await tx.all<UpAlert>(sql`
      select id, kind, subject_kind as "subjectKind", subject_name as "subjectName" from alerts
       where ended_at is null order by raised_at, id`);
    const verdicts = [
      judgeFigures({ lastMinutes, lastHour }, up),
      await judgeWebhooks(tx, up, now),
      await judgeTasks(tx, up),
    ];
    const [raised, ended] = [verdicts.flatMap((one) => one.raised), verdicts.flatMap((one) => one.ended)];
    if (!raised.length && !ended.length) return;
    const adminIds = await activeAdminIds(tx);
    for (const alert of ended) await end(tx, ctx, alert, { now, adminIds });
    for (const alert of raised) await raise(tx, ctx, alert, { now, adminIds });
  });
}

interface Moment {
  now: Date;
  adminIds: number[];
}

async function raise(
  tx: Transaction,
  ctx: CommandContext,
  { kind, subjectKind, subjectName, value, threshold, requestCount, deliveryId }: NewAlert,
  { now, adminIds }: Moment,
): Promise<void> {
  const made = await tx.first<{ id: string; value: string }>(sql`
    insert into alerts (kind, subject_kind, subject_name, raised_at, value, threshold, request_count, delivery_id)
    values (${kind}, ${subjectKind}, ${subjectName}, ${now}, ${value}::float8::numeric, ${threshold}::float8::numeric,
            ${requestCount}::int, ${deliveryId}::int)
    on conflict do nothing returning id, value`);
  if (!made) return;
  ctx.log.warn({ alert: made.id, kind, subject: subjectName || subjectKind, value, threshold }, 'an alert was raised');
  await emit(tx, ctx, 'alert.raised', ['Alert', made.id], {
    ...(await about(tx, { kind, subjectKind, subjectName }, adminIds)),
    value: Number(made.value),
    threshold,
    requestCount,
  });
}

async function end(
  tx: Transaction,
  ctx: CommandContext,
  { id, kind, subjectKind, subjectName, reason, value }: EndedAlert,
  { now, adminIds }: Moment,
): Promise<void> {
  const ended = await tx.first<{ endValue: string | null }>(sql`
    update alerts set ended_at = ${now}, end_reason = ${reason}, end_value = ${value}::float8::numeric
     where id = ${id}::uuid and ended_at is null returning end_value as "endValue"`);
  if (!ended) return;
  ctx.log.info({ alert: id, kind, subject: subjectName || subjectKind, reason }, 'an alert ended');
  await emit(tx, ctx, 'alert.ended', ['Alert', id], {
    ...(await about(tx, { kind, subjectKind, subjectName }, adminIds)),
    reason,
    value: ended.endValue === null ? null : Number(ended.endValue),
  });
}

async function about(
  tx: Transaction,
  { kind, subjectKind, subjectName }: Subject & { kind: AlertEventData['kind'] },
  adminIds: number[],
): Promise<AlertEventData> {
  const webhook =
    subjectKind === 'webhook'
      ? await tx.first<{ name: string }>(sql`select name from webhook_endpoints where uuid = ${subjectName}::uuid`)
      : undefined;
  const task =
    subjectKind === 'task'
      ? await tx.first<{ name: string }>(sql`select name from tasks where id = ${subjectName}`)
      : undefined;
  return {
    kind,
    subjectKind,
    subjectName,
    adminIds,
    webhookName: webhook?.name ?? null,
    ...(task && { taskName: task.name }),
  };
}
