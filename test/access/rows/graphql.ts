import { unique } from '../objects.js';
import { graphqlCells as cells, type GraphqlRow, type Stage, type SubscriptionRow } from '../row.js';

const text = (name: string) => (variables: Record<string, unknown>) => String(variables[name]);
const input = (of: (stage: Stage) => Promise<object> | object) => async (stage: Stage) => ({ input: await of(stage) });
const item = { description: 'Archivage', quantity: 1, unitPrice: 120, vatRate: 20 };

/** A field with the argument `id`, whose object is told by `field`. */
const byId = (name: string, selection: string): string => `query ($id: ID!) { ${name}(id: $id) { ${selection} } }`;
const change = (name: string, inputType: string, selection: string): string => `mutation ($input: ${inputType}!) { ${name}(input: $input) { ${selection} } }`;

const password = 'Motdepasse-1';
const account = () => ({ email: `${unique('person')}@example.org`, password });

export const queryRows: Record<string, GraphqlRow> = {
  viewer: { document: '{ viewer { email } }', expect: { ...cells.anyRead, none: 'null' }, without: ['other', 'admin'], shows: text('email'), variables: ({ right }) => ({ email: right.email }) },
  user: { document: byId('user', 'email'), variables: ({ right }) => ({ id: String(right.id), email: right.email }), shows: text('email'), expect: cells.ownRead },
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
  permissions: { who: ['roles:read'], document: '{ permissions { nodes { name } } }', expect: cells.grantedRead },

  document: { document: byId('document', 'title'), variables: ({ right, make }) => make.document(right), shows: text('title'), expect: cells.ownRead },
  documents: {
    document: '{ documents { nodes { title } } }',
    variables: ({ right, make }) => make.document(right),
    shows: text('title'),
    without: ['other'],
    expect: cells.anyRead,
  },
  documentFile: { document: byId('documentFile', 'name key'), variables: ({ right, make }) => make.document(right), expect: cells.ownRead },
  documentPreview: { document: byId('documentPreview', 'name key'), variables: ({ right, make }) => make.document(right, { picture: true }), expect: cells.ownRead },
  documentType: { document: byId('documentType', 'label'), variables: ({ make }) => make.documentType(), shows: text('label'), expect: cells.anyRead },
  documentTypes: { document: '{ documentTypes(first: 100) { nodes { label } } }', variables: ({ make }) => make.documentType(), shows: text('label'), expect: cells.anyRead },
  tag: { document: byId('tag', 'name'), variables: ({ make }) => make.tag(), shows: text('name'), expect: cells.anyRead },
  tags: {
    document: 'query ($name: String) { tags(filter: { search: $name }) { nodes { name } } }',
    variables: ({ make }) => make.tag(),
    shows: text('name'),
    expect: cells.anyRead,
  },
  dryRunTag: { who: ['tags:write'], document: byId('dryRunTag', 'scanned'), variables: ({ make }) => make.tag(), expect: cells.grantedWrite },
  correspondent: { document: byId('correspondent', 'name'), variables: ({ make }) => make.correspondent(), shows: text('name'), expect: cells.anyRead },
  correspondents: {
    document: 'query ($name: String) { correspondents(filter: { search: $name }) { nodes { name } } }',
    variables: ({ make }) => make.correspondent(),
    shows: text('name'),
    expect: cells.anyRead,
  },

  invoice: { document: byId('invoice', 'lines { description }'), variables: ({ right, make }) => make.invoice(right), shows: text('description'), expect: cells.ownRead },
  invoices: {
    document: '{ invoices { nodes { lines { description } } } }',
    variables: ({ right, make }) => make.invoice(right),
    shows: text('description'),
    without: ['other'],
    expect: cells.anyRead,
  },
  invoicePdf: { document: byId('invoicePdf', 'key'), variables: ({ right, make }) => make.invoice(right), expect: { ...cells.ownRead, other: 'NOT_FOUND' } },
};

const person = ['users:write', 'users:read', 'documents:own'] as const;
const roleRights = ['roles:write', 'roles:read', 'users:read', 'documents:own'] as const;

export const mutationRows: Record<string, GraphqlRow> = {
  login: { document: change('login', 'LoginInput', 'tokenType'), variables: input(({ right }) => ({ identifier: right.username, password: right.password })), expect: cells.open },
  openSession: {
    document: change('openSession', 'LoginInput', 'expiresAt'),
    variables: input(({ right }) => ({ identifier: right.email, password: right.password })),
    expect: cells.open,
  },
  refreshSession: {
    document: change('refreshSession', 'RefreshSessionInput', 'tokenType'),
    variables: input(async ({ right, make }) => ({ refreshToken: await make.refreshToken(right) })),
    expect: cells.open,
  },
  registerUser: { document: change('registerUser', 'RegisterUserInput', 'user { id }'), variables: input(account), expect: cells.open },
  renewAccess: { document: 'mutation { renewAccess { tokenType } }', expect: cells.anyWrite },
  logout: { document: 'mutation { logout { session { id } } }', usesUp: true, expect: cells.anyWrite },
  revokeSession: {
    document: change('revokeSession', 'RevokeSessionInput', 'session { id }'),
    variables: input(({ right, make }) => make.session(right)),
    expect: cells.ownWrite,
  },
  createApiToken: { document: change('createApiToken', 'CreateApiTokenInput', 'apiToken { id }'), variables: input(() => ({ name: 'cli' })), expect: cells.anyWrite },
  revokeApiToken: {
    document: change('revokeApiToken', 'RevokeApiTokenInput', 'apiToken { id }'),
    variables: input(({ right, make }) => make.apiToken(right)),
    expect: cells.ownWrite,
  },

  createUser: { who: person, document: change('createUser', 'CreateUserInput', 'user { id }'), variables: input(account), expect: cells.grantedWrite },
  updateUser: {
    document: change('updateUser', 'UpdateUserInput', 'user { id }'),
    variables: input(({ right }) => ({ id: String(right.id), firstName: unique('Prenom') })),
    expect: cells.ownWrite,
  },
  changePassword: {
    usesUp: true,
    document: change('changePassword', 'ChangePasswordInput', 'user { id }'),
    variables: input(({ right }) => ({ id: String(right.id), currentPassword: right.password, newPassword: 'Autrement-2' })),
    expect: cells.ownWrite,
  },
  activateUser: {
    who: person,
    document: change('activateUser', 'ActivateUserInput', 'user { isActive }'),
    variables: input(async ({ server }) => {
      const { id } = await server.person();
      await server.sql('update users set is_active = false where id = ?', [id]);
      return { id: String(id) };
    }),
    expect: cells.grantedWrite,
  },
  deactivateUser: {
    who: person,
    document: change('deactivateUser', 'DeactivateUserInput', 'user { isActive }'),
    variables: input(async ({ server }) => ({ id: String((await server.person()).id) })),
    expect: cells.grantedWrite,
  },
  deleteUser: { usesUp: true, document: change('deleteUser', 'DeleteUserInput', 'userId'), variables: input(({ right }) => ({ id: String(right.id) })), expect: cells.ownWrite },
  assignRole: {
    who: roleRights,
    document: change('assignRole', 'AssignRoleInput', 'user { id }'),
    variables: input(async ({ other, make }) => ({ userId: String(other.id), roleId: (await make.role()).id })),
    expect: cells.grantedWrite,
  },
  removeRole: {
    who: roleRights,
    document: change('removeRole', 'RemoveRoleInput', 'user { id }'),
    variables: input(async ({ other, make, server }) => {
      const { id } = await make.role();
      await server.sql('insert into role_assignments (user_id, role_id) values (?, ?)', [other.id, id]);
      return { userId: String(other.id), roleId: id };
    }),
    expect: cells.grantedWrite,
  },
  createRole: { who: roleRights, document: change('createRole', 'CreateRoleInput', 'role { id }'), variables: input(() => ({ name: unique('role') })), expect: cells.grantedWrite },
  updateRole: {
    who: roleRights,
    document: change('updateRole', 'UpdateRoleInput', 'role { id }'),
    variables: input(async ({ make }) => ({ id: (await make.role()).id, description: unique('Pour') })),
    expect: cells.grantedWrite,
  },
  deleteRole: {
    who: roleRights,
    document: change('deleteRole', 'DeleteRoleInput', 'roleId'),
    variables: input(async ({ make }) => ({ id: (await make.role()).id })),
    expect: cells.grantedWrite,
  },
  grantPermission: {
    who: roleRights,
    document: change('grantPermission', 'GrantPermissionInput', 'role { id }'),
    variables: input(async ({ make }) => ({ roleId: (await make.role()).id, name: 'users:read' })),
    expect: cells.grantedWrite,
  },
  revokePermission: {
    who: roleRights,
    document: change('revokePermission', 'RevokePermissionInput', 'role { id }'),
    variables: input(async ({ make, server }) => {
      const { id } = await make.role();
      await server.sql(`insert into role_permissions select ?, id from permissions where name = 'users:read'`, [id]);
      return { roleId: id, name: 'users:read' };
    }),
    expect: cells.grantedWrite,
  },
  createPermission: {
    who: roleRights,
    document: change('createPermission', 'CreatePermissionInput', 'permission { id }'),
    variables: input(() => ({ resource: unique('reports'), action: 'read' })),
    expect: cells.grantedWrite,
  },

  ingestDocument: {
    who: 'technicien',
    document: change('ingestDocument', 'IngestDocumentInput', 'document { id }'),
    variables: input(async ({ make }) => {
      const name = await make.ingestFile();
      return { filePath: name, filename: name };
    }),
    expect: cells.grantedWrite,
  },
  uploadDocuments: {
    // Files come only through the REST doors; here no value fits the scalar, whoever asks.
    document: change('uploadDocuments', 'UploadDocumentsInput', 'results { success }'),
    variables: input(() => ({ files: ['x'] })),
    expect: { ...cells.open, none: 'BAD_USER_INPUT', readOnly: 'BAD_USER_INPUT', other: 'BAD_USER_INPUT', right: 'BAD_USER_INPUT', admin: 'BAD_USER_INPUT' },
  },
  updateDocument: {
    document: change('updateDocument', 'UpdateDocumentInput', 'document { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.document(right)).id, title: unique('Titre') })),
    expect: cells.ownWrite,
  },
  trashDocument: {
    document: change('trashDocument', 'DocumentInput', 'document { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.document(right)).id })),
    expect: cells.ownWrite,
  },
  restoreDocument: {
    document: change('restoreDocument', 'DocumentInput', 'document { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.document(right, { trashed: true })).id })),
    expect: cells.ownWrite,
  },
  purgeDocument: {
    document: change('purgeDocument', 'DocumentInput', 'purgedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.document(right, { trashed: true })).id })),
    expect: cells.ownWrite,
  },
  shareDocument: {
    document: change('shareDocument', 'ShareDocumentInput', 'document { id }'),
    variables: input(async ({ right, admin, make }) => ({ id: (await make.document(right)).id, person: admin.email })),
    expect: cells.ownWrite,
  },
  unshareDocument: {
    document: change('unshareDocument', 'UnshareDocumentInput', 'document { id }'),
    variables: input(async ({ right, admin, make, server }) => {
      const { id } = await make.document(right);
      await server.sql('insert into document_shares values (?, ?)', [id, admin.id]);
      return { id, userId: String(admin.id) };
    }),
    expect: cells.ownWrite,
  },
  bulkEditDocuments: {
    // What one may not change is left out, and said so.
    document: change('bulkEditDocuments', 'BulkEditDocumentsInput', 'changedCount refused { code }'),
    variables: input(async ({ right, make }) => ({ ids: [(await make.document(right)).id], trash: true })),
    without: ['other'],
    expect: cells.anyWrite,
  },
  createTag: { who: ['tags:write'], document: change('createTag', 'CreateTagInput', 'tag { id }'), variables: input(() => ({ name: unique('Tag') })), expect: cells.grantedWrite },
  updateTag: {
    who: ['tags:write'],
    document: change('updateTag', 'UpdateTagInput', 'tag { id }'),
    variables: input(async ({ make }) => ({ id: (await make.tag()).id, name: unique('Tag') })),
    expect: cells.grantedWrite,
  },
  deleteTag: {
    who: ['tags:write'],
    document: change('deleteTag', 'DeleteFilingInput', 'deletedId'),
    variables: input(async ({ make }) => ({ id: (await make.tag()).id })),
    expect: cells.grantedWrite,
  },
  createCorrespondent: {
    who: ['correspondents:write'],
    document: change('createCorrespondent', 'CreateCorrespondentInput', 'correspondent { id }'),
    variables: input(() => ({ name: unique('EDF') })),
    expect: cells.grantedWrite,
  },
  updateCorrespondent: {
    who: ['correspondents:write'],
    document: change('updateCorrespondent', 'UpdateCorrespondentInput', 'correspondent { id }'),
    variables: input(async ({ make }) => ({ id: (await make.correspondent()).id, name: unique('EDF') })),
    expect: cells.grantedWrite,
  },
  deleteCorrespondent: {
    who: ['correspondents:write'],
    document: change('deleteCorrespondent', 'DeleteFilingInput', 'deletedId'),
    variables: input(async ({ make }) => ({ id: (await make.correspondent()).id })),
    expect: cells.grantedWrite,
  },
  createDocumentType: {
    who: ['document_types:write'],
    document: change('createDocumentType', 'CreateDocumentTypeInput', 'documentType { id }'),
    variables: input(() => ({ code: unique('TYPE').toUpperCase(), label: 'Bulletin' })),
    expect: cells.grantedWrite,
  },
  updateDocumentType: {
    who: ['document_types:write'],
    document: change('updateDocumentType', 'UpdateDocumentTypeInput', 'documentType { id }'),
    variables: input(async ({ make }) => ({ id: (await make.documentType()).id, label: unique('Bulletin') })),
    expect: cells.grantedWrite,
  },
  deleteDocumentType: {
    who: ['document_types:write'],
    document: change('deleteDocumentType', 'DeleteFilingInput', 'deletedId'),
    variables: input(async ({ make }) => ({ id: (await make.documentType()).id })),
    expect: cells.grantedWrite,
  },

  createInvoice: {
    document: change('createInvoice', 'CreateInvoiceInput', 'invoice { id }'),
    variables: input(({ right }) => ({ customerId: String(right.id), items: [item] })),
    expect: { ...cells.ownWrite, other: 'FORBIDDEN' },
  },
  updateInvoice: {
    document: change('updateInvoice', 'UpdateInvoiceInput', 'invoice { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.invoice(right)).id, items: [item] })),
    expect: cells.ownWrite,
  },
  issueInvoice: {
    document: change('issueInvoice', 'IssueInvoiceInput', 'invoice { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.invoice(right)).id })),
    expect: cells.ownWrite,
  },
  deleteInvoice: {
    document: change('deleteInvoice', 'DeleteInvoiceInput', 'invoiceId'),
    variables: input(async ({ right, make }) => ({ id: (await make.invoice(right)).id })),
    expect: cells.ownWrite,
  },
};

export const subscriptionRows: Record<string, SubscriptionRow> = {
  documentEvents: {
    document: 'subscription ($after: Position) { documentEvents(after: $after) { documentId document { title } } }',
    happen: async ({ make }, owner) => (await make.document(owner)).title,
    expect: { none: 'closed', broken: 'closed', expired: 'closed', revoked: 'closed', readOnly: 'ok', other: 'silent', right: 'ok', admin: 'ok' },
  },
};
