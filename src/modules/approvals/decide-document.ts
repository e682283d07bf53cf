import type { Transaction } from '../../db/sql-client.js';
import { set, sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { can, requireSignedIn, type SignedIn } from '../../kernel/viewer.js';
import { conflict, DomainError, forbidden } from '../../lib/errors.js';
import { ApprovalAction } from './approval-step.entity.js';
import { Approval, ApprovalStatus } from './approval.entity.js';
import { chooseRule } from './choose-rule.js';
import { measureOf, type Obstacle, standingsOf } from './deciders.js';
import { checkedComment, enter, lockApproval, lockVisibleDocument, recordStep } from './write-approval.js';

export interface Decision {
  documentId: string;
  status: ApprovalStatus.APPROVED | ApprovalStatus.REJECTED;
  comment?: string | null | undefined;
}

/**
 * Approves or rejects a document that is pending, or was never submitted and is so now in the name of its owner. Of
 * several decisions at the same moment one wins. Throws BAD_USER_INPUT for a rejection without a comment where the firm
 * asks for one, NOT_FOUND for a document that the viewer can't see, CONFLICT when it is not pending (any more),
 * FORBIDDEN with the reason when the viewer may not decide it.
 */
export async function decideDocument(ctx: CommandContext, { documentId, status, comment }: Decision): Promise<void> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  const mustSayWhy = status === ApprovalStatus.REJECTED && ctx.services.config.approval.mustSayWhyRejected;
  const said = checkedComment(comment, { required: mustSayWhy });
  await ctx.db.transaction(async (tx) => {
    const { id, ownerId } = await lockVisibleDocument(tx, viewer, documentId);
    const before = await lockApproval(tx, id);
    if (!before) await submitInNameOf(tx, ctx, { id, ownerId });
    else if (before.status !== ApprovalStatus.PENDING) throw decidedAlready(before.status);
    const role = await roleToDecide(tx, ctx, viewer, id);
    await close(tx, ctx, id, { status, role, comment: said });
    const action = status === ApprovalStatus.APPROVED ? ApprovalAction.APPROVED : ApprovalAction.REJECTED;
    await recordStep(tx, ctx, id, { action, from: ApprovalStatus.PENDING, role, comment: said });
  });
}

async function submitInNameOf(
  tx: Transaction,
  ctx: CommandContext,
  { id, ownerId }: { id: number; ownerId: number },
): Promise<void> {
  await enter(tx, ctx, { documentId: id, demand: await chooseRule(tx, id), submittedById: ownerId });
  const action = ApprovalAction.SUBMITTED;
  await recordStep(tx, ctx, id, { action, from: null, performedById: ownerId, isDecidedAtOnce: true });
}

/**
 * Takes a document out of approval: for those who may decide it, and for administrators whoever submitted it. A
 * document that was never submitted is marked as well; marking twice changes nothing. Throws as `decideDocument` does.
 */
export async function withdrawDocument(
  ctx: CommandContext,
  { documentId, comment }: { documentId: string; comment?: string | null | undefined },
): Promise<void> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  const said = checkedComment(comment, { required: false });
  await ctx.db.transaction(async (tx) => {
    const document = await lockVisibleDocument(tx, viewer, documentId);
    const { id } = document;
    const before = await lockApproval(tx, id);
    if (before?.status === ApprovalStatus.WITHDRAWN) return;
    if (before && before.status !== ApprovalStatus.PENDING) throw decidedAlready(before.status);
    // Checked against the rule that fits; without a submitter the four-eyes rule excludes nobody.
    if (!before)
      await enter(tx, ctx, {
        documentId: id,
        demand: await chooseRule(tx, id),
        submittedById: null,
      });
    const role = can(viewer, '*:*') ? 'admin' : await roleToDecide(tx, ctx, viewer, id);
    await close(tx, ctx, id, { status: ApprovalStatus.WITHDRAWN, role, comment: said });
    await recordStep(tx, ctx, id, {
      action: ApprovalAction.WITHDRAWN,
      from: before?.status ?? null,
      role,
      comment: said,
    });
  });
}

const decidedAlready = (status: ApprovalStatus): DomainError =>
  status === ApprovalStatus.WITHDRAWN
    ? conflict('The document was taken out of approval', { subject: 'Approval', reason: 'approval.withdrawn' })
    : conflict('The document has been decided already', {
        subject: 'Approval',
        reason: 'approval.decided',
        details: { status },
      });

/** The role that the viewer decides with, looked up under the lock. Throws FORBIDDEN. */
async function roleToDecide(
  tx: Transaction,
  { services }: CommandContext,
  { userId }: SignedIn,
  id: number,
): Promise<string> {
  const standing = (await standingsOf(tx, userId, [id], measureOf(services))).get(id);
  const obstacle = standing ? standing.obstacle : 'NO_ROLE';
  if (obstacle !== null || !standing?.role)
    throw forbidden(sentences[obstacle ?? 'NO_ROLE'], reasonOf(obstacle ?? 'NO_ROLE'));
  return standing.role;
}

/** Why somebody may not decide, in words for people. */
const reasonOf = (obstacle: Obstacle) => `approval.${obstacle.toLowerCase() as Lowercase<Obstacle>}` as const;

const sentences: Record<Obstacle, string> = {
  NOT_PENDING: 'The document does not wait for a decision',
  NO_ROLE: 'You hold no approval role that is valid today',
  OUT_OF_SCOPE: 'Your approval role is for documents of another type',
  LEVEL_TOO_LOW: 'The document asks for a higher approval role',
  OTHER_CURRENCY: 'Your approval role is for amounts in another currency',
  AMOUNT_TOO_HIGH: 'The amount is more than you may approve',
  OWN_SUBMISSION: 'Nobody decides what they submitted, or raised the amount of',
};

async function close(
  tx: Transaction,
  { services, viewer }: CommandContext,
  id: number,
  { status, role, comment }: { status: ApprovalStatus; role: string; comment: string | null },
): Promise<void> {
  const columns = {
    status,
    decidedBy: viewer.userId ?? null,
    decidedRole: role,
    decidedAt: services.now(),
    comment,
  };
  const closed = await tx.run(
    sql`update approvals set ${set(Approval, columns)} where id = ${id} and status = 'pending'`,
  );
  if (!closed) throw new Error(`The approval ${id} was decided in spite of its lock`);
}
