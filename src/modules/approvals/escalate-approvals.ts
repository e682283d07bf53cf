import { execute, type CommandContext } from '../documents/files/write-rows.js';
import { ApprovalAction } from './approval-step.entity.js';
import { ApprovalStatus } from './approval.entity.js';
import { hoursOfLevel } from './choose-rule.js';
import { recordStep } from './write-approval.js';

const batchSize = 50;

interface Overdue {
  id: number;
  /** The level above the one that is asked; null at the top. */
  next: number | null;
}

/**
 * Asks the next level for every document whose deadline has passed, with a new deadline from now on: one level a run,
 * however long nobody looked. At the top the document stays, and those who may decide are told once more. Documents in the
 * trash wait there. Harmless when run twice, or by several processes at once: each overdue row is taken by one of them.
 */
export async function escalateApprovals(ctx: CommandContext): Promise<void> {
  while ((await escalateBatch(ctx)) === batchSize);
}

function escalateBatch(ctx: CommandContext): Promise<number> {
  const now = ctx.services.now();
  return ctx.em.transactional(async (em) => {
    const overdue = await execute<Overdue>(
      em,
      `select p.id, (select min(r.approval_level) from roles r where r.approval_level > coalesce(p.level, 1)) as next
         from approvals p join documents d on d.id = p.id and d.deleted_at is null
        where p.status = 'pending' and p.final_notice_at is null and p.deadline <= ?::timestamptz
        order by p.deadline, p.id limit ${batchSize} for update of p skip locked`,
      [now.toISOString()],
    );
    for (const { id, next } of overdue) {
      if (next === null) {
        await execute(em, 'update approvals set final_notice_at = ?::timestamptz where id = ?', [
          now.toISOString(),
          id,
        ]);
      } else {
        const deadline = new Date(now.getTime() + (await hoursOfLevel(em, id, next)) * 3_600_000);
        await execute(em, 'update approvals set level = ?, deadline = ?::timestamptz where id = ?', [
          next,
          deadline.toISOString(),
          id,
        ]);
      }
      await recordStep(em, ctx, id, { action: ApprovalAction.ESCALATED, from: ApprovalStatus.PENDING });
    }
    return overdue.length;
  });
}
