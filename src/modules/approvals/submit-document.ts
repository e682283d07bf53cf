import type { Transaction } from '../../db/sql-client.js';
import type { CommandContext } from '../../kernel/command.js';
import { requireSignedIn, type SignedIn } from '../../kernel/viewer.js';
import { forbidden } from '../../lib/errors.js';
import { whyNotChange } from '../documents/files/document.policy.js';
import type { LockedDocument } from '../documents/files/lock-document.js';
import { ApprovalAction } from './approval-step.entity.js';
import { ApprovalStatus } from './approval.entity.js';
import { chooseRule } from './choose-rule.js';
import { isValidatorFor, measureOf } from './deciders.js';
import { enter, lockApproval, lockVisibleDocument, recordStep } from './write-approval.js';

/**
 * Submits a document for approval: for the first time, or again after a decision. One that is pending already stays as
 * it is. Throws NOT_FOUND for a document that the viewer cannot see, FORBIDDEN for those who neither may change it nor
 * validate its type.
 */
export async function submitDocument(ctx: CommandContext, documentId: string): Promise<void> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  await ctx.db.transaction(async (tx) => {
    const document = await lockVisibleDocument(tx, viewer, documentId);
    await requirePart(tx, ctx, viewer, document);
    const before = await lockApproval(tx, document.id);
    if (before?.status === ApprovalStatus.PENDING) return;
    await enter(tx, ctx, {
      documentId: document.id,
      demand: await chooseRule(tx, document.id),
      submittedById: viewer.userId,
    });
    await recordStep(tx, ctx, document.id, {
      action: before ? ApprovalAction.REOPENED : ApprovalAction.SUBMITTED,
      from: before?.status ?? null,
    });
  });
}

/**
 * Submits a document that was just filed when its rule says so; in the transaction that files it, or that finds its
 * type later, from the text in its pictures. It counts as submitted by its owner.
 */
export async function enterOnCreation(
  tx: Transaction,
  ctx: CommandContext,
  documentId: number,
  submittedById: number | null = ctx.viewer.userId ?? null,
): Promise<void> {
  const demand = await chooseRule(tx, documentId);
  if (!demand.startsOnCreation) return;
  await enter(tx, ctx, { documentId, demand, submittedById });
  await recordStep(tx, ctx, documentId, { action: ApprovalAction.SUBMITTED, from: null });
}

/** Throws FORBIDDEN unless the viewer takes part in the approval: may change the document, or validates its type. */
export async function requirePart(
  tx: Transaction,
  { services }: CommandContext,
  viewer: SignedIn,
  { id, ownerId }: LockedDocument,
): Promise<void> {
  if (!whyNotChange(viewer, { owner: { id: ownerId } })) return;
  if (await isValidatorFor(tx, viewer.userId, id, measureOf(services))) return;
  throw forbidden(
    'Only who may change the document, or validates its type, takes part in its approval',
    'approval.no_part',
  );
}
