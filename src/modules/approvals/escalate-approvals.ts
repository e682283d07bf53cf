import { raw, sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { ApprovalAction } from './approval-step.entity.js';
import { ApprovalStatus } from './approval.entity.js';
import { hoursOfLevel } from './choose-rule.js';
import { recordStep } from './write-approval.js';

const batchSize = 50;

interface Overdue {
  id: number;
  /** The level above the present one; null at the top. */
  next: number | null;
}

/**
 * Moves every document whose deadline has passed to the next level, with a new deadline from now on: one level a run,
 * however late the run is. At the top the document stays, and those who may decide are told once more. Documents in the
 * trash are left alone. Harmless when run twice, or by several processes at once: each overdue row is taken by one of
 * them.
 */
export async function escalateApprovals(ctx: CommandContext): Promise<void> {
  while ((await escalateBatch(ctx)) === batchSize);
}

function escalateBatch(ctx: CommandContext): Promise<number> {
  const now = ctx.services.now();
  return ctx.db.transaction(async (tx) => {
    const overdue = await tx.all<Overdue>(sql`
      select p.id, (select min(r.approval_level) from roles r where r.approval_level > coalesce(p.level, 1)) as next
        from approvals p join documents d on d.id = p.id and d.deleted_at is null
       where p.status = 'pending' and p.final_notice_at is null and p.deadline <= ${now}::timestamptz
       order by p.deadline, p.id limit ${raw(String(batchSize))} for update of p skip locked`);
    for (const { id, next } of overdue) {
      if (next === null) {
        await tx.send(sql`update approvals set final_notice_at = ${now} where id = ${id}`);
      } else {
        const deadline = new Date(now.getTime() + (await hoursOfLevel(tx, id, next)) * 3_600_000);
        await tx.send(sql`update approvals set level = ${next}, deadline = ${deadline} where id = ${id}`);
      }
      await recordStep(tx, ctx, id, { action: ApprovalAction.ESCALATED, from: ApprovalStatus.PENDING });
    }
    return overdue.length;
  });
}
