import type { CommandContext } from '../../kernel/command.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { ApprovalAction } from './approval-step.entity.js';
import { requirePart } from './submit-document.js';
import { checkedComment, lockApproval, lockVisibleDocument, notSubmitted, recordStep } from './write-approval.js';

/**
 * Adds a comment to the history of an approval, decided or not. Throws as `submitDocument` does, and CONFLICT for a
 * document that was never submitted.
 */
export async function commentApproval(
  ctx: CommandContext,
  { documentId, comment }: { documentId: string; comment: string },
): Promise<void> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  const said = checkedComment(comment, { required: true });
  await ctx.db.transaction(async (tx) => {
    const document = await lockVisibleDocument(tx, viewer, documentId);
    await requirePart(tx, ctx, viewer, document);
    const approval = await lockApproval(tx, document.id);
    if (!approval) throw notSubmitted();
    await recordStep(tx, ctx, document.id, { action: ApprovalAction.COMMENTED, from: approval.status, comment: said });
  });
}
