import { nodeIdOf } from '../../../src/lib/node-id.js';
import { graphqlCells as cells, byId, type GraphqlRow, inPerson, text } from '../row.js';

export const queryRows: Record<string, GraphqlRow> = {
  // Who may see which type by its node id: test/access/nodes.test.ts.
  node: {
    document: 'query ($nodeId: ID!) { node(nodeId: $nodeId) { ... on Document { title } } }',
    variables: async ({ right, make }) => {
      const { id, title } = await make.document(right);
      return { nodeId: nodeIdOf('Document', id), title };
    },
    shows: text('title'),
    expect: cells.ownRead,
  },
  nodes: {
    document: 'query ($nodeIds: [ID!]!) { nodes(nodeIds: $nodeIds) { ... on Document { title } } }',
    variables: async ({ right, make }) => {
      const { id, title } = await make.document(right);
      return { nodeIds: [nodeIdOf('Document', id)], title };
    },
    shows: text('title'),
    expect: cells.anyRead,
    // [null]
    without: ['other'],
  },
  viewer: {
    document: '{ viewer { email } }',
    expect: { ...cells.anyRead, none: 'null' },
    without: ['other', 'admin'],
    shows: text('email'),
    variables: ({ right }) => ({ email: right.email }),
  },
  firm: {
    document: '{ firm { currency } }',
    expect: { ...cells.anyRead, none: 'null' },
    shows: () => '"currency":"EUR"',
  },
  user: {
    document: byId('user', 'email'),
    variables: ({ right }) => ({ id: String(right.id), email: right.email }),
    shows: text('email'),
    expect: cells.ownRead,
  },
  users: {
    who: ['users:read'],
    document: 'query ($search: String) { users(filter: { search: $search }) { nodes { email } } }',
    variables: ({ right }) => ({ search: right.email }),
    shows: text('search'),
    expect: cells.grantedRead,
  },
  role: {
    who: ['roles:read'],
    document: byId('role', 'name'),
    variables: ({ make }) => make.role(),
    shows: text('name'),
    expect: cells.grantedRead,
  },
  roles: {
    who: ['roles:read'],
    document: 'query ($name: String) { roles(filter: { search: $name }) { nodes { name } } }',
    variables: ({ make }) => make.role(),
    shows: text('name'),
    expect: cells.grantedRead,
  },
  permission: {
    who: ['roles:read'],
    document: byId('permission', 'name'),
    variables: ({ make }) => make.permission(),
    shows: text('name'),
    expect: cells.grantedRead,
  },
  permissions: { who: ['roles:read'], document: '{ permissions { nodes { name } } }', expect: cells.grantedRead },

  roleAssignments: {
    who: 'VALIDATOR_L1',
    document: 'query ($id: ID) { roleAssignments(filter: { userId: $id }) { nodes { role { name } } } }',
    variables: ({ right }) => ({ id: String(right.id), name: 'VALIDATOR_L1' }),
    shows: text('name'),
    expect: { ...cells.ownRead, other: 'NOT_FOUND' },
  },
  position: { document: '{ position }', expect: cells.anyRead },
  auditEvents: { who: ['events:read'], document: '{ auditEvents { nodes { type } } }', expect: cells.grantedRead },
  personalDataExport: {
    document: 'query ($id: ID) { personalDataExport(userId: $id) { data } }',
    variables: ({ right }) => ({ id: String(right.id), email: right.email }),
    shows: text('email'),
    expect: { ...cells.ownRead, other: 'NOT_FOUND' },
  },

  apiTokens: {
    document: '{ apiTokens { name } }',
    variables: ({ right, make }) => make.apiToken(right),
    shows: text('name'),
    without: ['other', 'admin'],
    expect: inPerson(cells.anyRead),
  },
  passkeys: {
    document: '{ passkeys { name } }',
    variables: ({ right, make }) => make.passkey(right),
    shows: text('name'),
    without: ['other', 'admin'],
    expect: inPerson(cells.anyRead),
  },
  apiKey: {
    who: ['api_keys:read'],
    otherWho: ['api_keys:read'],
    document: byId('apiKey', 'name'),
    variables: ({ right, make }) => make.apiKey(right),
    shows: text('name'),
    expect: inPerson(cells.ownRead),
  },
  apiKeys: {
    who: ['api_keys:read'],
    document: 'query ($name: String) { apiKeys(filter: { search: $name }) { nodes { name } } }',
    variables: ({ right, make }) => make.apiKey(right),
    shows: text('name'),
    expect: inPerson(cells.grantedRead),
  },

  document: {
    document: byId('document', 'title'),
    variables: ({ right, make }) => make.document(right),
    shows: text('title'),
    expect: cells.ownRead,
  },
  documents: {
    document: '{ documents { nodes { title } } }',
    variables: ({ right, make }) => make.document(right),
    shows: text('title'),
    without: ['other'],
    expect: cells.anyRead,
  },
  documentFile: {
    document: byId('documentFile', 'name key'),
    variables: ({ right, make }) => make.document(right),
    expect: cells.ownRead,
  },
  documentPreview: {
    document: byId('documentPreview', 'name key'),
    variables: ({ right, make }) => make.document(right, { picture: true }),
    expect: cells.ownRead,
  },
  documentType: {
    document: byId('documentType', 'label'),
    variables: ({ make }) => make.documentType(),
    shows: text('label'),
    expect: cells.anyRead,
  },
  documentTypes: {
    document: '{ documentTypes(first: 100) { nodes { label } } }',
    variables: ({ make }) => make.documentType(),
    shows: text('label'),
    expect: cells.anyRead,
  },
  tag: {
    document: byId('tag', 'name'),
    variables: ({ make }) => make.tag(),
    shows: text('name'),
    expect: cells.anyRead,
  },
  tags: {
    document: 'query ($name: String) { tags(filter: { search: $name }) { nodes { name } } }',
    variables: ({ make }) => make.tag(),
    shows: text('name'),
    expect: cells.anyRead,
  },
  tagDryRun: {
    who: ['tags:write'],
    document: byId('tagDryRun', 'scanned'),
    variables: ({ make }) => make.tag(),
    expect: cells.grantedWrite,
  },
  correspondent: {
    document: byId('correspondent', 'name'),
    variables: ({ make }) => make.correspondent(),
    shows: text('name'),
    expect: cells.anyRead,
  },
  correspondents: {
    document: 'query ($name: String) { correspondents(filter: { search: $name }) { nodes { name } } }',
    variables: ({ make }) => make.correspondent(),
    shows: text('name'),
    expect: cells.anyRead,
  },

  invoice: {
    document: byId('invoice', 'lines { description }'),
    variables: ({ right, make }) => make.invoice(right),
    shows: text('description'),
    expect: cells.ownRead,
  },
  invoiceSums: {
    document: 'query ($id: ID!) { invoiceSums(filter: { ids: [$id] }) { currency count } }',
    variables: ({ right, make }) => make.invoice(right),
    shows: () => '"count":1',
    without: ['other'],
    expect: cells.anyRead,
  },
  invoices: {
    document: '{ invoices { nodes { lines { description } } } }',
    variables: ({ right, make }) => make.invoice(right),
    shows: text('description'),
    without: ['other'],
    expect: cells.anyRead,
  },
  reminderPdf: {
    document: byId('reminderPdf', 'key'),
    variables: ({ right, make }) => make.reminder(right),
    expect: { ...cells.ownRead, other: 'NOT_FOUND' },
  },
  paymentProposals: {
    document: '{ paymentProposals { transaction { description } } }',
    variables: ({ right, make }) => make.received(right),
    shows: text('description'),
    without: ['other', 'admin'],
    expect: cells.anyRead,
  },
  payment: {
    document: byId('payment', 'amount'),
    variables: ({ right, make }) => make.payment(right),
    shows: text('amount'),
    expect: cells.ownRead,
  },
  payments: {
    document: '{ payments { nodes { amount } } }',
    variables: ({ right, make }) => make.payment(right),
    shows: text('amount'),
    without: ['other'],
    expect: cells.anyRead,
  },
  invoicePdf: {
    document: byId('invoicePdf', 'key'),
    variables: ({ right, make }) => make.invoice(right),
    expect: { ...cells.ownRead, other: 'NOT_FOUND' },
  },
};
