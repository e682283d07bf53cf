import type { SqlEntityManager } from '@mikro-orm/sql';
import type { CommandContext } from '../documents/files/write-rows.js';
import { ApprovalAction } from './approval-step.entity.js';
import { chooseRule } from './choose-rule.js';
import { enter, lockOutdated, recordStep } from './write-approval.js';

/**
 * Sends the approvals of documents whose amount, currency, type or file is no longer what was submitted back to the
 * start: pending, under the rule that fits now. What was decided no longer holds, and what is pending may ask for another
 * level; also what was taken out, since that was said of other facts. Who changed the document cannot decide it, like who submitted it.
 *
 * Call it in the transaction of the change, after it, with the documents locked.
 */
export async function reopenChanged(
  em: SqlEntityManager,
  ctx: CommandContext,
  documentIds: readonly number[],
): Promise<void> {
  for (const { id, status, submittedById } of await lockOutdated(em, documentIds)) {
    await enter(em, ctx, {
      documentId: id,
      demand: await chooseRule(em, id),
      submittedById,
      changedById: ctx.viewer.userId ?? null,
    });
    await recordStep(em, ctx, id, { action: ApprovalAction.REOPENED, from: status });
  }
}
