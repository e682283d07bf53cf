import type { Transaction } from '../../db/sql-client.js';
import type { CommandContext } from '../../kernel/command.js';
import type { ChangedFact } from '../documents/document-hooks.js';
import { ApprovalAction } from './approval-step.entity.js';
import { chooseRule } from './choose-rule.js';
import { enter, lockOutdated, recordStep } from './write-approval.js';

const approvedFacts: readonly ChangedFact[] = ['amount', 'currency', 'typeId', 'file'];

/** Whether an approval depends on this fact of its document. */
export const isApprovedFact = (fact: ChangedFact): boolean => approvedFacts.includes(fact);

/**
 * Resets the approvals of documents whose amount, currency, type or file is no longer what was submitted: they are
 * pending again, under the rule that fits now. A decision no longer holds, and a pending approval may need another
 * level; the same for what was taken out of approval, since that was decided on other facts. Who corrects a document
 * may decide it, unless they own it or what they did weighs like a submission of their own (`isRaised`).
 *
 * Call it in the transaction of the change, after it, with the documents locked.
 */
export async function reopenChanged(
  tx: Transaction,
  ctx: CommandContext,
  documentIds: readonly number[],
): Promise<void> {
  const { userId } = ctx.viewer;
  for (const { id, status, submittedById, ownerId, barredIds, isRaised } of await lockOutdated(tx, documentIds)) {
    const isBarred = userId !== undefined && (isRaised || userId === ownerId);
    await enter(tx, ctx, {
      documentId: id,
      demand: await chooseRule(tx, id),
      submittedById,
      changedById: userId ?? null,
      barredIds: isBarred ? [...new Set([...barredIds, userId])] : barredIds,
    });
    await recordStep(tx, ctx, id, { action: ApprovalAction.REOPENED, from: status });
  }
}
