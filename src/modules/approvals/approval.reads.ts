import { wholeList } from '../../kernel/connection.js';
import { column, equals, type ListedReadModel } from '../../kernel/read-model.js';
import { ApprovalDelegation } from './approval-delegation.entity.js';
import { ApprovalRule } from './approval-rule.entity.js';
import { ApprovalStep } from './approval-step.entity.js';
import { Approval } from './approval.entity.js';
import { visibleApprovals, visibleDelegations, visibleRules, visibleSteps } from './approval.policy.js';
import { mayDecide, type Measure } from './deciders.js';

export const approvalReads: ListedReadModel<Approval> = {
  entity: Approval,
  visibleTo: visibleApprovals,
  /** What waits for a decision, and only that: the rest is reached through its document. */
  list: {
    defaultOrder: 'DEADLINE_ASC',
    orders: { DEADLINE: column('deadline', 'timestamptz') },
    filters: {
      decidableBy: ({ userId, measure }: { userId: number; measure: Measure }, a, bind) =>
        mayDecide(a, userId, measure, bind),
    },
    always: (_filter, a) =>
      `${a}.status = 'pending' and exists (select 1 from documents pd where pd.id = ${a}.id and pd.deleted_at is null)`,
  },
};

export const approvalStepReads: ListedReadModel<ApprovalStep> = {
  entity: ApprovalStep,
  visibleTo: visibleSteps,
  list: { defaultOrder: 'ID_DESC', orders: { ID: column('id', 'int') }, filters: {}, largestPage: wholeList },
};

export const approvalRuleReads: ListedReadModel<ApprovalRule> = {
  entity: ApprovalRule,
  visibleTo: visibleRules,
  list: {
    defaultOrder: 'ID_ASC',
    orders: { ID: column('id', 'int') },
    filters: { documentTypeId: equals('document_type_id', 'int') },
  },
};

export const approvalDelegationReads: ListedReadModel<ApprovalDelegation> = {
  entity: ApprovalDelegation,
  visibleTo: visibleDelegations,
  list: {
    defaultOrder: 'ID_DESC',
    orders: { ID: column('id', 'int'), VALID_FROM: column('valid_from', 'date') },
    filters: {
      fromId: equals('from_id', 'int'),
      toId: equals('to_id', 'int'),
      isRevoked: (value: boolean, a) => `${a}.revoked_at is ${value ? 'not ' : ''}null`,
    },
  },
};
