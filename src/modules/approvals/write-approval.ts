import type { SqlEntityManager } from '@mikro-orm/sql';
import type { EventType } from '../../events/catalog.js';
import { emit } from '../../events/outbox.js';
import type { Viewer } from '../../kernel/viewer.js';
import { badField, conflict, type DomainError, notFound } from '../../lib/errors.js';
import { rowId } from '../../lib/row-id.js';
import {
  type CommandContext,
  execute,
  intArray,
  type LockedDocument,
  lockVisibleDocuments,
} from '../documents/files/write-rows.js';
import { ApprovalAction } from './approval-step.entity.js';
import { ApprovalStatus } from './approval.entity.js';
import type { Demand } from './choose-rule.js';
import { decidersOf, measureOf } from './deciders.js';

const maxCommentLength = 2000;

/** The comment without blanks around it; null when there is none. Throws BAD_USER_INPUT. */
export function checkedComment(comment: string | null | undefined, { required }: { required: boolean }): string | null {
  const text = comment?.trim() ?? '';
  if (text.length > maxCommentLength) throw badField('comment', 'too_long', `At most ${maxCommentLength} characters`);
  if (text.includes('\0')) throw badField('comment', 'invalid_format', 'Must not contain the character U+0000');
  if (text === '' && required) throw badField('comment', 'required', 'Say why');
  return text === '' ? null : text;
}

/**
 * Locks a document that the viewer may see and that is not in the trash, whoever may change it. Everything that moves an
 * approval on behalf of a person holds this lock, so that a decision and a change of the document wait for each other.
 */
export async function lockVisibleDocument(em: SqlEntityManager, viewer: Viewer, id: string): Promise<LockedDocument> {
  const number = rowId(id);
  const [document] = number === undefined ? [] : await lockVisibleDocuments(em, viewer, [number]);
  if (!document || document.isTrashed) throw notFound('Document');
  return document;
}

/** Locks the approval of a document; undefined when it has none. */
export async function lockApproval(
  em: SqlEntityManager,
  documentId: number,
): Promise<{ status: ApprovalStatus; level: number | null } | undefined> {
  const [approval] = await execute<{ status: ApprovalStatus; level: number | null }>(
    em,
    'select status, level from approvals where id = ? for update',
    [documentId],
  );
  return approval;
}

export const notSubmitted = (): DomainError =>
  conflict('The document has not been submitted for approval', {
    subject: 'Approval',
    reason: 'approval.not_submitted',
  });

interface Entry {
  documentId: number;
  demand: Demand;
  submittedById: number | null;
  /** Whose change sent it back; null when it was submitted. */
  changedById: number | null;
}

/** Puts a document to pending, as it is now, whatever its approval was before. */
export async function enter(
  em: SqlEntityManager,
  { services }: CommandContext,
  { documentId, demand, submittedById, changedById }: Entry,
): Promise<void> {
  const now = services.now();
  const deadline = new Date(now.getTime() + demand.hours * 3_600_000);
  await execute(
    em,
    `insert into approvals (id, status, rule_id, level, amount, currency, document_type_id, content_hash, submitted_by_id, submitted_at, changed_by_id, deadline)
     select id, 'pending', ?::int, ?::int, amount, currency, document_type_id, content_hash, ?::int, ?::timestamptz, ?::int, ?::timestamptz from documents where id = ?
     on conflict (id) do update set status = 'pending', rule_id = excluded.rule_id, level = excluded.level, amount = excluded.amount, currency = excluded.currency,
       document_type_id = excluded.document_type_id, content_hash = excluded.content_hash, submitted_by_id = excluded.submitted_by_id,
       submitted_at = excluded.submitted_at, changed_by_id = excluded.changed_by_id, deadline = excluded.deadline, final_notice_at = null,
       decided_by_id = null, decided_role = null, decided_at = null, comment = null`,
    [demand.ruleId, demand.level, submittedById, now.toISOString(), changedById, deadline.toISOString(), documentId],
  );
}

interface Step {
  action: ApprovalAction;
  from: ApprovalStatus | null;
  role?: string | null;
  comment?: string | null;
}

/** Writes what was just done to an approval into its history and into the event log. Call it after the change. */
export async function recordStep(
  em: SqlEntityManager,
  ctx: CommandContext,
  documentId: number,
  { action, from, role = null, comment = null }: Step,
): Promise<void> {
  const { services, viewer } = ctx;
  await execute(
    em,
    `insert into approval_history (approval_id, action, from_status, to_status, level, performed_by_id, role, comment, created_at)
     select id, ?, ?, status, level, ?::int, ?, ?, ?::timestamptz from approvals where id = ?`,
    [action, from, viewer.userId ?? null, role, comment, services.now().toISOString(), documentId],
  );
  const [facts] = await execute<{
    ownerId: number;
    title: string;
    submittedById: number | null;
    level: number | null;
    amount: string | null;
    currency: string | null;
  }>(
    em,
    `select d.owner_id as "ownerId", d.title, p.submitted_by_id as "submittedById", p.level, p.amount::text, p.currency
       from approvals p join documents d on d.id = p.id where p.id = ?`,
    [documentId],
  );
  if (!facts) throw new Error(`The document ${documentId} has no approval to record a step of`);
  const deciders = await decidersOf(em, [documentId], measureOf(services));
  await emit(em, ctx, eventOf[action], ['Document', documentId], {
    ...facts,
    comment,
    deciderIds: deciders.get(documentId) ?? [],
  });
}

const eventOf = {
  [ApprovalAction.SUBMITTED]: 'approval.submitted',
  [ApprovalAction.APPROVED]: 'approval.approved',
  [ApprovalAction.REJECTED]: 'approval.rejected',
  [ApprovalAction.REOPENED]: 'approval.reopened',
  [ApprovalAction.ESCALATED]: 'approval.escalated',
  [ApprovalAction.COMMENTED]: 'approval.commented',
  [ApprovalAction.WITHDRAWN]: 'approval.withdrawn',
} as const satisfies Record<ApprovalAction, EventType>;

/** The approvals among `documentIds` whose document is no longer what was submitted, locked. */
export function lockOutdated(
  em: SqlEntityManager,
  documentIds: readonly number[],
): Promise<{ id: number; status: ApprovalStatus; submittedById: number | null }[]> {
  return execute(
    em,
    `select p.id, p.status, p.submitted_by_id as "submittedById" from approvals p join documents d on d.id = p.id
      where p.id = any(?::int[])
        and (p.amount, p.currency, p.document_type_id, p.content_hash) is distinct from (d.amount, d.currency, d.document_type_id, d.content_hash)
      order by p.id for update of p`,
    [intArray(documentIds)],
  );
}
