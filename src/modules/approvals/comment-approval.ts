import { requireSignedIn } from '../../kernel/viewer.js';
import type { CommandContext } from '../documents/files/write-rows.js';
import { ApprovalAction } from './approval-step.entity.js';
import { requirePart } from './submit-document.js';
import { checkedComment, lockApproval, lockVisibleDocument, notSubmitted, recordStep } from './write-approval.js';

/** Says something in the history of an approval, decided or not. Throws as `submitDocument` does, and CONFLICT before it was submitted. */
export async function commentApproval(
  ctx: CommandContext,
  { documentId, comment }: { documentId: string; comment: string },
): Promise<void> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  const said = checkedComment(comment, { required: true });
  await ctx.em.transactional(async (em) => {
    const document = await lockVisibleDocument(em, viewer, documentId);
    await requirePart(em, ctx, viewer, document);
    const approval = await lockApproval(em, document.id);
    if (!approval) throw notSubmitted();
    await recordStep(em, ctx, document.id, { action: ApprovalAction.COMMENTED, from: approval.status, comment: said });
  });
}
