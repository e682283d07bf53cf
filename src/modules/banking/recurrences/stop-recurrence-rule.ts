import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import type { RecurrenceEventData } from '../events.js';
import { lockRule } from './lock-rule.js';

/**
 * Ends a rule: nothing more is written, and what was stays. One that was stopped already stays so. Returns its id.
 * Throws NOT_FOUND, FORBIDDEN.
 */
export async function stopRecurrenceRule(ctx: CommandContext, id: string): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const { rule } = await lockRule(tx, ctx, id);
    await endRule(tx, ctx, rule.id, 'by_hand');
    return rule.id;
  });
}

/** Ends a rule unless it has been. */
export async function endRule(
  tx: Transaction,
  ctx: CommandContext,
  ruleId: number,
  reason: 'by_hand' | 'access_lost',
): Promise<void> {
  const ended = await tx.first<RecurrenceEventData & { description: string }>(sql`
    update recurrence_rules set stopped_at = ${ctx.services.now()}, next_occurrence = null, refused_on = null
     where id = ${ruleId} and stopped_at is null
    returning account_id as "bankAccountId", owner_id as "ownerId", created_by_id as "createdById", description`);
  if (ended) await emit(tx, ctx, 'recurrence.stopped', ['RecurrenceRule', ruleId], { ...ended, reason });
}
