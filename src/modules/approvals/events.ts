import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';
import type { DocumentEventData } from '../documents/events.js';

/** The subject is the document. */
interface ApprovalEventData extends DocumentEventData {
  submittedById: number | null;
  /** Level of the role that is asked; null: any validator. */
  level: number | null;
  /** Decimal text. */
  amount: string | null;
  currency: string | null;
  comment: string | null;
  /** Who may decide now; empty when the decision is made. */
  deciderIds: number[];
}

interface RuleEventData {
  documentTypeId: number | null;
  level: number | null;
}

/** Who lends the right to decide to whom, on which days. */
interface DelegationEventData {
  fromId: number;
  toId: number;
  validFrom: string;
  validTo: string;
}

export const approvalEvents = declareEvents({
  'approval.submitted': payload<ApprovalEventData>(),
  'approval.approved': payload<ApprovalEventData>(),
  'approval.rejected': payload<ApprovalEventData>(),
  'approval.reopened': payload<ApprovalEventData>(),
  'approval.escalated': payload<ApprovalEventData>(),
  'approval.commented': payload<ApprovalEventData>(),
  /** Taken out of approval: `na`. */
  'approval.withdrawn': payload<ApprovalEventData>(),
  'approval_rule.created': payload<RuleEventData>(),
  'approval_rule.updated': payload<RuleEventData>(),
  'approval_rule.deleted': payload<RuleEventData>(),
  'approval_delegation.created': payload<DelegationEventData>(),
  'approval_delegation.revoked': payload<DelegationEventData>(),
});

export type ApprovalEvents = PayloadsOf<typeof approvalEvents>;
