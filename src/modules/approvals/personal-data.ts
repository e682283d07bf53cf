import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';

const byNumber = 'The approval of a document that stays says who took part, by number';

export const approvalPersonalData: PersonalData = {
  exports: {
    /** Where documents stand that the person submitted, changed or decided, as far as the person did it. */
    approvals: {
      sql: `
        select p.id as "documentId", p.status, coalesce(p.submitted_by_id = me.id, false) as "submittedByThePerson",
               coalesce(p.changed_by_id = me.id, false) as "changedByThePerson",
               coalesce(p.decided_by_id = me.id, false) as "decidedByThePerson",
               ${at('p.submitted_at', 'submittedAt')}, ${at('p.decided_at', 'decidedAt')},
               case when p.decided_by_id = me.id then p.comment end as comment
          from approvals p
         where me.id in (p.submitted_by_id, p.changed_by_id, p.decided_by_id) order by p.id`,
    },
    /** What the person did to approvals, step by step. */
    approvalHistory: {
      sql: `
        select h.approval_id as "documentId", h.action, h.comment, ${at('h.created_at', 'performedAt')}
          from approval_history h where h.performed_by_id = me.id order by h.id`,
    },
    approvalDelegations: {
      sql: `
        select g.id, g.from_id as "fromId", g.to_id as "toId", g.valid_from as "validFrom", g.valid_to as "validTo"
          from approval_delegations g where me.id in (g.from_id, g.to_id) order by g.id`,
    },
  },
  references: {
    'approvals.submitted_by_id': { export: 'approvals', erasure: { kept: byNumber } },
    'approvals.changed_by_id': { export: 'approvals', erasure: { kept: byNumber } },
    'approvals.decided_by_id': { export: 'approvals', erasure: { kept: byNumber } },
    'approval_history.performed_by_id': { export: 'approvalHistory', erasure: { kept: byNumber } },
    'approval_delegations.from_id': { export: 'approvalDelegations', erasure: 'deleted' },
    'approval_delegations.to_id': { export: 'approvalDelegations', erasure: 'deleted' },
  },
};
