import { byId, change, graphqlCells as cells, type GraphqlRow, inPerson, input, text } from '../row.js';

export const approvalQueryRows: Record<string, GraphqlRow> = {
  pendingApprovals: {
    who: 'VALIDATOR_L1',
    document: 'query ($userId: ID) { pendingApprovals(userId: $userId, first: 100) { nodes { document { title } } } }',
    variables: async ({ right, make }) => ({
      userId: String(right.id),
      title: (await make.submitted(await make.person())).title,
    }),
    shows: text('title'),
    expect: { ...cells.ownRead, other: 'NOT_FOUND' },
  },
  approvalStatistics: { document: '{ approvalStatistics { pending { count } } }', expect: cells.anyRead },
  // How the firm approves is no secret among its people.
  approvalRules: {
    document: '{ approvalRules { nodes { id hours } } }',
    shows: () => '"hours":72',
    expect: cells.anyRead,
  },
  approvalRule: {
    document: byId('approvalRule', 'id hours'),
    variables: () => ({ id: '1' }),
    shows: () => '"hours":',
    expect: cells.anyRead,
  },
  approvalDelegations: {
    document: '{ approvalDelegations { nodes { from { email } } } }',
    variables: async ({ right, make }) => ({ ...(await make.delegation(right)), email: right.email }),
    shows: text('email'),
    without: ['other'],
    expect: cells.anyRead,
  },
};

const rights = ['approval_rules:write'] as const;
const inactiveRule = { hours: 72, isActive: false };

/** Of strangers to the document; the rows of the REST routes say what becomes of those who see it. */
export const approvalMutationRows: Record<string, GraphqlRow> = {
  submitDocument: {
    document: change('submitDocument', 'SubmitDocumentInput', 'approval { id }'),
    variables: input(async ({ right, make }) => ({ documentId: (await make.document(right)).id })),
    expect: cells.ownWrite,
  },
  commentApproval: {
    document: change('commentApproval', 'CommentApprovalInput', 'approval { id }'),
    variables: input(async ({ right, make }) => ({
      documentId: (await make.submitted(right)).id,
      comment: 'Bon de commande joint',
    })),
    expect: cells.ownWrite,
  },
  approveDocument: {
    who: 'VALIDATOR_L1',
    document: change('approveDocument', 'ApproveDocumentInput', 'approval { id }'),
    variables: input(async ({ make }) => ({ documentId: (await make.submitted(await make.person())).id })),
    expect: cells.ownWrite,
  },
  rejectDocument: {
    who: 'VALIDATOR_L1',
    document: change('rejectDocument', 'RejectDocumentInput', 'approval { id }'),
    variables: input(async ({ make }) => ({
      documentId: (await make.submitted(await make.person())).id,
      comment: 'Information manquante',
    })),
    expect: cells.ownWrite,
  },
  setApprovalStatus: {
    who: 'VALIDATOR_L1',
    otherWho: 'manager',
    document: change('setApprovalStatus', 'SetApprovalStatusInput', 'approval { id }'),
    variables: input(async ({ make }) => ({
      documentId: (await make.submitted(await make.person())).id,
      status: 'WITHDRAWN',
    })),
    expect: cells.grantedWrite,
  },

  createApprovalRule: {
    who: rights,
    otherWho: 'manager',
    document: change('createApprovalRule', 'CreateApprovalRuleInput', 'approvalRule { id }'),
    variables: input(() => inactiveRule),
    expect: cells.grantedWrite,
  },
  updateApprovalRule: {
    who: rights,
    otherWho: 'VALIDATOR_L1',
    document: change('updateApprovalRule', 'UpdateApprovalRuleInput', 'approvalRule { id }'),
    variables: input(async ({ make }) => ({ id: (await make.approvalRule()).id, hours: 24 })),
    expect: cells.grantedWrite,
  },
  deleteApprovalRule: {
    who: rights,
    document: change('deleteApprovalRule', 'DeleteApprovalRuleInput', 'deletedId'),
    variables: input(async ({ make }) => ({ id: (await make.approvalRule()).id })),
    expect: cells.grantedWrite,
  },

  // One lends one's own right, to somebody whom one sees; an administrator lends anybody's.
  delegateApprovals: {
    who: ['users:read'],
    document: change('delegateApprovals', 'DelegateApprovalsInput', 'approvalDelegation { id }'),
    variables: input(async ({ right, make }) => ({
      fromId: String(right.id),
      toId: String((await make.person()).id),
      validFrom: '2026-01-01',
      validTo: '2099-01-01',
    })),
    expect: inPerson(cells.grantedWrite),
  },
  revokeApprovalDelegation: {
    document: change('revokeApprovalDelegation', 'RevokeApprovalDelegationInput', 'approvalDelegation { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.delegation(right)).id })),
    expect: inPerson(cells.ownWrite),
  },
};
