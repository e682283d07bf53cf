import type { Transaction } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import type { EventType } from '../../events/catalog.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import type { Viewer } from '../../kernel/viewer.js';
import { badField, conflict, type DomainError, notFound } from '../../lib/errors.js';
import { type LockedDocument, lockIfVisible } from '../documents/files/lock-document.js';
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
 * Locks a document that the viewer may see and that is not in the trash, whoever may change it. Every change of an
 * approval on behalf of a person holds this lock, so that a decision and a change of the document wait for each other.
 */
export async function lockVisibleDocument(tx: Transaction, viewer: Viewer, id: string): Promise<LockedDocument> {
  const document = await lockIfVisible(tx, viewer, id);
  if (!document || document.isTrashed) throw notFound('Document');
  return document;
}

/** Locks the approval of a document; undefined when it has none. */
export const lockApproval = (
  tx: Transaction,
  documentId: number,
): Promise<{ status: ApprovalStatus; level: number | null } | undefined> =>
  tx.first(sql`select status, level from approvals where id = ${documentId} for update`);

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
  changedById?: number | null;
  /** Who may not decide it because of what they changed since it was submitted. */
  barredIds?: readonly number[];
}

/** Makes a document pending, as it is now, whatever its approval was before. */
export async function enter(
  tx: Transaction,
  { services }: CommandContext,
  { documentId, demand, submittedById, changedById = null, barredIds = [] }: Entry,
): Promise<void> {
  const now = services.now();
  const deadline = new Date(now.getTime() + demand.hours * 3_600_000);
  await tx.send(sql`
    insert into approvals (id, status, rule_id, level, amount, currency, document_type_id, content_hash,
                           submitted_by_id, submitted_at, changed_by_id, barred_ids, deadline)
    select id, 'pending', ${demand.ruleId}::int, ${demand.level}::int, amount, currency, document_type_id, content_hash,
           ${submittedById}::int, ${now}::timestamptz, ${changedById}::int, ${barredIds}::int[],
           ${deadline}::timestamptz
      from documents where id = ${documentId}
    on conflict (id) do update
      set status = 'pending', rule_id = excluded.rule_id, level = excluded.level, amount = excluded.amount,
          currency = excluded.currency, document_type_id = excluded.document_type_id,
          content_hash = excluded.content_hash, submitted_by_id = excluded.submitted_by_id,
          submitted_at = excluded.submitted_at, changed_by_id = excluded.changed_by_id,
          barred_ids = excluded.barred_ids, deadline = excluded.deadline,
          final_notice_at = null, decided_by_id = null, decided_role = null, decided_at = null, comment = null`);
}

interface ApprovalFacts {
  ownerId: number;
  title: string;
  submittedById: number | null;
  level: number | null;
  amount: string | null;
  currency: string | null;
}

interface Step {
  action: ApprovalAction;
  from: ApprovalStatus | null;
  role?: string | null;
  comment?: string | null;
  /** In whose name; the viewer by default. */
  performedById?: number | null;
  /** Whether it is decided in the same breath, so that nobody is to be told that it waits. */
  isDecidedAtOnce?: boolean;
}

/** Adds what was just done to an approval to its history and to the event log. Call it after the change. */
export async function recordStep(
  tx: Transaction,
  ctx: CommandContext,
  documentId: number,
  { action, from, role = null, comment = null, performedById, isDecidedAtOnce = false }: Step,
): Promise<void> {
  const { services, viewer } = ctx;
  const performer = performedById === undefined ? (viewer.userId ?? null) : performedById;
  await tx.send(sql`
    insert into approval_history (approval_id, action, from_status, to_status, level, performed_by_id, role, comment,
                                  created_at)
    select id, ${action}::text, ${from}::text, status, level, ${performer}::int, ${role}::text,
           ${comment}::text, ${services.now()}::timestamptz
      from approvals where id = ${documentId}`);
  const [facts, deciders] = await Promise.all([
    tx.first<ApprovalFacts>(sql`
      select d.owner_id as "ownerId", d.title, p.submitted_by_id as "submittedById", p.level, p.amount::text, p.currency
        from approvals p join documents d on d.id = p.id where p.id = ${documentId}`),
    isDecidedAtOnce ? new Map<number, number[]>() : decidersOf(tx, [documentId], measureOf(services)),
  ]);
  if (!facts) throw new Error(`The document ${documentId} has no approval to record a step of`);
  await emit(tx, ctx, eventOf[action], ['Document', documentId], {
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

interface OutdatedApproval {
  id: number;
  status: ApprovalStatus;
  submittedById: number | null;
  ownerId: number;
  barredIds: number[];
  isRaised: boolean;
}

/**
 * The approvals among `documentIds` whose document is no longer what was submitted, locked. `isRaised`: the amount is
 * higher, is no longer known or counts in another currency, or the file is another one.
 */
export const lockOutdated = (tx: Transaction, documentIds: readonly number[]): Promise<OutdatedApproval[]> =>
  tx.all(sql`
    select p.id, p.status, p.submitted_by_id as "submittedById", d.owner_id as "ownerId", p.barred_ids as "barredIds",
           p.content_hash <> d.content_hash or p.amount is not null
             and (d.amount is null or d.amount > p.amount or p.currency is distinct from d.currency) as "isRaised"
      from approvals p join documents d on d.id = p.id
     where p.id = any(${documentIds}::int[])
       and (p.amount, p.currency, p.document_type_id, p.content_hash)
           is distinct from (d.amount, d.currency, d.document_type_id, d.content_hash)
     order by p.id for update of p`);
