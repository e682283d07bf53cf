import type { SqlEntityManager } from '@mikro-orm/sql';
import { requireSignedIn, type SignedIn } from '../../kernel/viewer.js';
import { forbidden } from '../../lib/errors.js';
import { whyNotChange } from '../documents/files/document.policy.js';
import type { CommandContext, LockedDocument } from '../documents/files/write-rows.js';
import { ApprovalAction } from './approval-step.entity.js';
import { ApprovalStatus } from './approval.entity.js';
import { chooseRule } from './choose-rule.js';
import { isValidatorFor, measureOf } from './deciders.js';
import { enter, lockApproval, lockVisibleDocument, recordStep } from './write-approval.js';

/**
 * Puts a document to pending by hand: for the first time, or anew after a decision. One that is pending already stays as
 * it is. Throws NOT_FOUND for a document that the viewer can't see, FORBIDDEN for who neither may change it nor validates
 * its type.
 */
export async function submitDocument(ctx: CommandContext, documentId: string): Promise<void> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  await ctx.em.transactional(async (em) => {
    const document = await lockVisibleDocument(em, viewer, documentId);
    await requirePart(em, ctx, viewer, document);
    const before = await lockApproval(em, document.id);
    if (before?.status === ApprovalStatus.PENDING) return;
    await enter(em, ctx, {
      documentId: document.id,
      demand: await chooseRule(em, document.id),
      submittedById: viewer.userId,
      changedById: null,
    });
    await recordStep(em, ctx, document.id, {
      action: before ? ApprovalAction.REOPENED : ApprovalAction.SUBMITTED,
      from: before?.status ?? null,
    });
  });
}

/**
 * Puts a document that was just filed to pending when its rule says so; in the transaction that files it, or that finds
 * its type later, from the text in its pictures. It counts as submitted by who filed it.
 */
export async function enterOnCreation(
  em: SqlEntityManager,
  ctx: CommandContext,
  documentId: number,
  submittedById: number | null = ctx.viewer.userId ?? null,
): Promise<void> {
  const demand = await chooseRule(em, documentId);
  if (!demand.startsOnCreation) return;
  await enter(em, ctx, { documentId, demand, submittedById, changedById: null });
  await recordStep(em, ctx, documentId, { action: ApprovalAction.SUBMITTED, from: null });
}

/** Throws FORBIDDEN unless the viewer takes part in the approval: may change the document, or validates its type. */
export async function requirePart(
  em: SqlEntityManager,
  { services }: CommandContext,
  viewer: SignedIn,
  { id, ownerId }: LockedDocument,
): Promise<void> {
  if (!whyNotChange(viewer, { owner: { id: ownerId } })) return;
  if (await isValidatorFor(em, viewer.userId, id, measureOf(services))) return;
  throw forbidden(
    'Only who may change the document, or validates its type, takes part in its approval',
    'approval.no_part',
  );
}
