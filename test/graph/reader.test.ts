import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readModelsOf } from '../../src/app/compose.js';
import { modules } from '../../src/app/modules.js';
import { nodeIdOf } from '../../src/lib/node-id.js';
import { longTextPoints } from '../../src/quota/points.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';
import { statementsOf } from '../support/sql-log.js';

let server: TestServer;
let owner: Person;
let stranger: Person;

beforeAll(async () => {
  server = await startTestServer();
  [owner, stranger] = [await server.person(), await server.person()];
  const { sql } = server;
  await sql(`insert into correspondents (name) select 'Correspondant ' || i from generate_series(1, 20) i`);
  await sql(`insert into tags (name) select 'Tag ' || lpad(i::text, 2, '0') from generate_series(1, 10) i`);
  await sql(`update tags set parent_id = 1 where id in (2, 3)`);
  await sql(
    `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, content,
       document_type_id, correspondent_id, owner_id, document_date, amount, currency, created_at)
     select 'Document ' || i, i || '.pdf', 'Fichier ' || i || '.pdf', 'k', lpad(to_hex(i), 64, '0'), 1000 + i, 'application/pdf', 'Texte ' || i,
       1 + i % 5, 1 + i % 20, ?, case when i % 4 > 0 then date '2026-01-01' + i end, case when i % 3 > 0 then i * 1.1 end, 'EUR',
       timestamptz '2026-01-01' + i * interval '1 hour'
     from generate_series(1, 120) i`,
    [owner.id],
  );
  await sql('analyze');
  await sql(`insert into document_tags select d.id, t from documents d, generate_series(1, 1 + d.id % 4) t`);
});
afterAll(() => server?.stop());

const nested = (first: number): string => `{ documents(first: ${first}) {
  nodes { id title type { code } correspondent { name } tags { name color } owner { username } } } }`;

describe('statements', () => {
  test('a nested list takes one for the rows and one a to-many level, whatever the number of parents', async () => {
    const fifty = await statementsOf(server, () => server.graphql(nested(50), {}, owner.token));
    const hundred = await statementsOf(server, () => server.graphql(nested(100), {}, owner.token));
    expect(fifty).toHaveLength(2);
    expect(hundred).toHaveLength(2);
  });

  test('a count adds one, and a deeper level only its own', async () => {
    const counted = await statementsOf(server, () =>
      server.graphql(nested(50).replace('{\n  nodes', '{ totalCount\n  nodes'), {}, owner.token),
    );
    expect(counted).toHaveLength(3);
    const deeper = `{ documents(first: 50) { nodes { tags { name children { nodes { name } } documents(first: 2) { nodes { id } totalCount } } } } }`;
    const statements = await statementsOf(server, () => server.graphql(deeper, {}, owner.token));
    // documents; tags; children; documents of the tags and their count
    expect(statements).toHaveLength(5);
  });

  test('only the columns that were asked for are read', async () => {
    const [statement] = await statementsOf(server, () =>
      server.graphql('{ documents { nodes { title } } }', {}, owner.token),
    );
    expect(statement?.text).toMatch(/^select t\.id, t\.title from/);
  });
});

describe('rows', () => {
  test('relations, aliases and fragments give what graphql-js would', async () => {
    const { data, errors } = await server.graphql(
      `query ($deep: Boolean!) {
        documents(first: 2, orderBy: ID_ASC) { nodes { ...Row again: tags { id } type { label } ... on Document { tags { parent { name } } } skipped: title @skip(if: $deep) } }
      }
      fragment Row on Document { id __typename tags { name } title @include(if: $deep) }`,
      { deep: true },
      owner.token,
    );
    expect(errors).toBeUndefined();
    expect(data.documents.nodes[0]).toEqual({
      id: '1',
      __typename: 'Document',
      title: 'Document 1',
      type: { label: 'Contrat' },
      tags: [
        { name: 'Tag 01', parent: null },
        { name: 'Tag 02', parent: { name: 'Tag 01' } },
      ],
      again: [{ id: '1' }, { id: '2' }],
    });
  });

  test.each(['ID', 'CREATED_AT', 'UPDATED_AT', 'TITLE', 'DOCUMENT_DATE', 'AMOUNT'])(
    'cursors walk the whole list by %s, in both orders from both ends, once each',
    async (key) => {
      for (const direction of ['ASC', 'DESC']) {
        const walk = async (isBackward: boolean): Promise<string[]> => {
          const seen: string[] = [];
          let cursor: string | null = null;
          const page = isBackward ? 'last: 50, before: $cursor' : 'first: 50, after: $cursor';
          do {
            const { data }: any = await server.graphql(
              `query ($cursor: String) { documents(${page}, orderBy: ${key}_${direction}) {
                 nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
              { cursor },
              owner.token,
            );
            const { nodes, pageInfo } = data.documents;
            const ids = nodes.map((n: { id: string }) => n.id);
            seen.splice(isBackward ? 0 : seen.length, 0, ...ids);
            const [more, back] = isBackward ? ['hasPreviousPage', 'hasNextPage'] : ['hasNextPage', 'hasPreviousPage'];
            expect([pageInfo[more], pageInfo[back]]).toEqual([seen.length < 120, cursor !== null]);
            cursor = pageInfo[more] ? pageInfo[isBackward ? 'startCursor' : 'endCursor'] : null;
          } while (cursor);
          expect(new Set(seen).size).toBe(120);
          expect(seen).toHaveLength(120);
          return seen;
        };
        const seen = await walk(false);
        expect(await walk(true)).toEqual(seen);
        const whole = await server.graphql(
          `{ documents(first: 100, orderBy: ${key}_${direction}) { nodes { id } } }`,
          {},
          owner.token,
        );
        expect(seen.slice(0, 100)).toEqual(whole.data.documents.nodes.map((n: { id: string }) => n.id));
      }
    },
  );

  test('a page counted from the end, nested and in a single row, between cursors, and with null for the defaults', async () => {
    const ids = (connection: any): string[] => connection.edges.map(({ node }: any) => node.id);
    const edges = 'edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
    const read = async (args: string): Promise<any> => {
      const { data, errors } = await server.graphql(
        `{ documents(${args}) { ${edges} }
           tags(first: 1) { nodes { documents(${args}) { ${edges} } } }
           tag(id: 1) { documents(${args}) { ${edges} totalCount } } }`,
        {},
        owner.token,
      );
      expect(errors).toBeUndefined();
      // Every document has the first tag: three ways of reading the same list.
      const { totalCount, ...single } = data.tag.documents;
      expect(totalCount).toBe(120);
      expect(data.tags.nodes[0].documents).toEqual(data.documents);
      expect(single).toEqual(data.documents);
      return data.documents;
    };
    const last = await read('last: 3, orderBy: ID_ASC');
    expect(ids(last)).toEqual(['118', '119', '120']);
    expect(last.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
      startCursor: last.edges[0].cursor,
      endCursor: last.edges[2].cursor,
    });
    const before = await read(`last: 2, before: "${last.edges[0].cursor}", orderBy: ID_ASC`);
    expect(ids(before)).toEqual(['116', '117']);
    expect(before.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const [low, high] = [before.edges[0].cursor, last.edges[2].cursor];
    const between = await read(`first: 100, after: "${low}", before: "${high}", orderBy: ID_ASC`);
    expect(ids(between)).toEqual(['117', '118', '119']);
    expect(between.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect(ids(await read(`last: 1, after: "${low}", before: "${high}", orderBy: ID_ASC`))).toEqual(['119']);
    const beginning = await read('first: 3, orderBy: ID_ASC');
    expect(ids(await read(`last: 5, before: "${beginning.edges[2].cursor}", orderBy: ID_ASC`))).toEqual(['1', '2']);

    const all = await read('first: 20');
    expect(await read('first: null, last: null, after: null, before: null, offset: null, orderBy: null')).toEqual(all);
    expect(ids(all)).toHaveLength(20);
    expect(ids(await read('last: 0'))).toEqual([]);
  });

  test('by ids a list shows those of them that it has, whatever their number', async () => {
    const read = async (ids: unknown[], field = 'documents', token = owner.token): Promise<any> =>
      server.graphql(
        `query ($ids: [ID!]) { ${field}(filter: { ids: $ids }) { nodes { id } totalCount } }`,
        { ids },
        token,
      );
    const found = await read(['7', 3, '999999', 'x', '3', '99999999999999999999', '-1']);
    expect(found.data.documents).toEqual({ nodes: [{ id: '7' }, { id: '3' }], totalCount: 2 });
    expect((await read([])).data.documents).toEqual({ nodes: [], totalCount: 0 });
    expect((await read(['3'], 'documents', stranger.token)).data.documents).toEqual({ nodes: [], totalCount: 0 });
    const { errors } = await read(Array.from({ length: 101 }, (_, i) => i));
    expect(errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['filter', 'ids'] }] });
    // A person is named by number or by UUID.
    const [{ uuid }] = await server.sql('select uuid from users where id = ?', [stranger.id]);
    const people = await read([uuid.toUpperCase(), owner.id], 'users', server.admin.token);
    expect(people.data.users.nodes.map(({ id }: any) => Number(id)).toSorted()).toEqual(
      [owner.id, stranger.id].toSorted(),
    );
  });

  test('a forged cursor, a page size or an offset out of range are errors with their fields', async () => {
    const cursor = Buffer.from(JSON.stringify(['CREATED_AT_DESC', "x'; drop table users", '1'])).toString('base64url');
    const { errors } = await server.graphql(
      `{ documents(first: 101, offset: -1, after: "${cursor}") { nodes { id } } }`,
      {},
      owner.token,
    );
    expect(errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(errors?.[0].extensions.fields.map((f: any) => f.path[0])).toEqual(['first', 'offset', 'after']);
    const both = await server.graphql(
      `{ documents(first: 1, last: -1, offset: 1, before: "x") { nodes { id } } }`,
      {},
      owner.token,
    );
    expect(both.errors?.[0].extensions.fields.map((f: any) => [f.path[0], f.code])).toEqual([
      ['last', 'too_small'],
      ['last', 'not_allowed'],
      ['offset', 'not_allowed'],
      ['before', 'invalid'],
    ]);
  });
});

describe('nodes', () => {
  const nodeIds = (type: string, ids: readonly number[]): string[] => ids.map((id) => nodeIdOf(type, id));

  test('one read for each type and level, whatever the number of ids; in order, with null for what there is not', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => i + 1);
    const query = `query ($ids: [ID!]!) {
      nodes(nodeIds: $ids) { __typename nodeId ... on Document { title tags { name } } ...OfTag ... on Node { again: nodeId } }
    }
    fragment OfTag on Tag { id name }`;
    const asked = [
      ...nodeIds('Tag', [2]),
      ...nodeIds('Document', ids),
      ...nodeIds('Tag', [999_999, 1]),
      ...nodeIds('Document', [1]),
    ];
    let answer: any;
    const statements = await statementsOf(server, async () => {
      answer = await server.graphql(query, { ids: asked }, owner.token);
    });
    // documents, their tags; tags
    expect(statements).toHaveLength(3);
    expect(answer.errors).toBeUndefined();
    const { nodes } = answer.data;
    expect(nodes).toHaveLength(asked.length);
    expect(nodes[0]).toEqual({ __typename: 'Tag', nodeId: asked[0], id: '2', name: 'Tag 02', again: asked[0] });
    expect(nodes[41]).toBeNull();
    expect(nodes.slice(1, 41).map(({ title }: any) => title)).toEqual(ids.map((id) => `Document ${id}`));
    expect(nodes[43]).toEqual(nodes[1]);
    expect(nodes[1]).toMatchObject({ __typename: 'Document', tags: [{ name: 'Tag 01' }, { name: 'Tag 02' }] });
  });

  test('a node id is the same wherever its object stands, and reads what the object’s own query reads', async () => {
    const { data } = await server.graphql(
      `{ documents(first: 1) { edges { node { nodeId tags { nodeId } owner { nodeId ... on Node { again: nodeId } } } } } }`,
      {},
      owner.token,
    );
    const { nodeId, tags, owner: person } = data.documents.edges[0].node;
    expect([tags[0].nodeId, person]).toEqual([
      nodeIdOf('Tag', 1),
      { nodeId: nodeIdOf('User', owner.id), again: nodeIdOf('User', owner.id) },
    ]);
    const selection =
      'id title amount type { nodeId label } tags { id documents(first: 2) { totalCount } } downloadUrl';
    const read = await server.graphql(
      `query ($nodeId: ID!, $id: ID!) { node(nodeId: $nodeId) { ... on Document { ${selection} } } document(id: $id) { ${selection} } }`,
      { nodeId, id: '120' },
      owner.token,
    );
    expect(read.errors).toBeUndefined();
    expect(read.data.node).toEqual(read.data.document);
    expect(read.data.node.id).toBe('120');
  });

  test('what no server can have made is BAD_USER_INPUT that names each, and so are more than 100', async () => {
    const bad = [
      '',
      'x',
      '1',
      nodeIdOf('Tag', '01'),
      nodeIdOf('Nothing', 1),
      `${nodeIdOf('Tag', 1)}=`,
      nodeIdOf('Tag', -1),
    ];
    const ask = (ids: string[]) =>
      server.graphql('query ($ids: [ID!]!) { nodes(nodeIds: $ids) { nodeId } }', { ids }, owner.token);
    const { errors } = await ask([nodeIdOf('Tag', 1), ...bad]);
    expect(errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(errors?.[0].extensions.fields.map(({ path }: any) => path.join('.'))).toEqual(
      bad.map((_, i) => `nodeIds.${i + 1}`),
    );
    const one = await server.graphql('{ node(nodeId: "abc") { nodeId } }', {}, owner.token);
    expect(one.errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['nodeId'] }] });
    const many = await ask(Array.from({ length: 101 }, () => nodeIdOf('Tag', 1)));
    expect(many.errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['nodeIds'] }] });
  });

  test('the number of ids counts: nobody reads much by asking for nodes', async () => {
    const ids = Array.from({ length: 100 }, (_, i) => nodeIdOf('Tag', i + 1));
    const { errors } = await server.graphql(
      `query ($ids: [ID!]!) { nodes(nodeIds: $ids) { ... on Tag { documents(first: 100) { nodes { id title content } } } } }`,
      { ids },
      owner.token,
    );
    expect(errors?.[0].extensions).toMatchObject({ reason: 'too_expensive', cost: 100 * (100 * (3 + longTextPoints)) });
  });
});

describe('visibility', () => {
  test('a stranger sees nothing of it, by list, by id or through a tag', async () => {
    const { data } = await server.graphql(
      '{ documents { totalCount nodes { id } } document(id: 1) { id } tag(id: 1) { name documents { totalCount nodes { id } } } }',
      {},
      stranger.token,
    );
    expect(data).toEqual({
      documents: { totalCount: 0, nodes: [] },
      document: null,
      tag: { name: 'Tag 01', documents: { totalCount: 0, nodes: [] } },
    });
  });

  test('a share opens one document and not the private fields of its owner', async () => {
    await server.sql('insert into document_shares values (5, ?)', [stranger.id]);
    const { data } = await server.graphql('{ documents { nodes { id owner { username } } } }', {}, stranger.token);
    expect(data.documents.nodes).toEqual([{ id: '5', owner: { username: owner.username } }]);
    const reader = await server.person({ roles: ['lecteur'] });
    const seen = await server.graphql('{ document(id: 5) { owner { username email } } }', {}, reader.token);
    expect(seen.data.document.owner).toEqual({ username: owner.username, email: null });
  });
});

describe('indexes', () => {
  const settings = ['enable_seqscan', 'enable_sort'];

  /** The plan when scanning and sorting all rows is no way out, as on a large table: what is left must be an index. */
  async function explain(text: string, parameters: readonly unknown[]): Promise<string> {
    const { databaseUrl } = server.services.config;
    if (!databaseUrl) {
      for (const setting of settings) await server.sql(`set ${setting} = off`);
      const lines = await server.db.read(`explain ${text}`, parameters);
      for (const setting of settings) await server.sql(`reset ${setting}`);
      return lines.join('\n');
    }
    const client = new pg.Client({
      connectionString: databaseUrl,
      options: settings.map((s) => `-c ${s}=off`).join(' '),
    });
    await client.connect();
    try {
      return (await client.query({ text: `explain ${text}`, values: [...parameters], rowMode: 'array' })).rows.join(
        '\n',
      );
    } finally {
      await client.end();
    }
  }

  /** A value of an enumeration, which stands bare in a document. */
  const bare = (name: string): object => ({ toJSON: () => `<${name}>` });
  const filterValues: Record<string, unknown> = {
    typeId: '1',
    correspondentId: '1',
    ownerId: '1',
    asn: 1,
    tagId: '1',
    tagIds: ['1', '2'],
    search: 'facture',
    createdAfter: '2026-01-01T00:00:00Z',
    createdBefore: '2026-01-01T00:00:00Z',
    amountMin: 1,
    amountMax: 1,
    trashed: true,
    isActive: true,
    roleId: '1',
    role: 'manager',
    parentId: '1',
    code: 'FACTURE',
    resource: 'users',
    customerId: '1',
    createdById: '1',
    status: bare('ISSUED'),
    number: 'F2026-00001',
    ids: ['1'],
    'ApiKey.state': bare('ACTIVE'),
    'WebhookEndpoint.status': bare('PAUSED'),
    formats: [bare('LOG')],
    eventName: 'user.login',
    'User.status': bare('SUSPENDED'),
    businessRole: bare('READER'),
    'AuditEvent.types': bare('LOGIN'),
    ...Object.fromEntries(
      [
        'Alert',
        'Integration',
        'ApiKey',
        'CalendarFeed',
        'Client',
        'Intervention',
        'MaintenanceContract',
        'Appointment',
        'Medium',
        'Report',
        'ReportTemplate',
        'ServerProcess',
      ].map((type) => [`${type}.ids`, ['00000000-0000-4000-8000-000000000000']]),
    ),
    'Alert.kind': bare('FAILURE_RATE'),
    'Integration.kind': bare('ZAPIER'),
    'Integration.status': bare('ACTIVE'),
    isUp: true,
    'Plugin.status': bare('ACTIVE'),
    'Plugin.isActive': true,
    'Plugin.ids': ['crm'],
    'Task.ids': ['cleanup_logs'],
    'Task.status': bare('PAUSED'),
    'Task.type': bare('INTERVAL'),
    action: 'noop',
    pluginId: 'erp_core',
    taskId: 'cleanup_logs',
    'TaskRun.status': bare('FAILURE'),
    isLate: true,
    userId: '1',
    names: ['admin'],
    'AuditEvent.type': bare('USER_LOGIN'),
    name: 'user.login',
    actorId: '1',
    subject: { type: 'Document', id: '1' },
    ip: '203.0.113.7',
    requestId: 'req_1',
    occurredAfter: '2026-01-01T00:00:00Z',
    occurredBefore: '2026-01-01T00:00:00Z',
    isRead: true,
    'Invoice.type': bare('CREDIT_NOTE'),
    isAllocated: false,
    transactionId: '1',
    accountId: '1',
    categoryId: '1',
    startDate: '2026-01-01',
    endDate: '2026-01-31',
    label: 'vacances',
    isCustom: true,
    isPaid: false,
    isDuplicate: true,
    isRecurring: true,
    isStopped: true,
    recurrenceRuleId: '1',
    isTransfer: true,
    isReconciled: true,
    'Category.type': bare('EXPENSE'),
    'Notification.type': bare('APPROVAL_PENDING'),
    priority: bare('HIGH'),
    'Ingest.status': bare('DONE'),
    kind: bare('WATCHED'),
    documentId: '1',
    documentTypeId: '1',
    fromId: '1',
    toId: '1',
    isRevoked: false,
    fields: [{ fieldId: 1, value: 'Nord' }],
    'Client.status': bare('PROSPECT'),
    'Intervention.status': bare('PLANNED'),
    'Intervention.kind': bare('REPAIR'),
    'Intervention.priority': bare('URGENT'),
    'Appointment.status': bare('PLANNED'),
    'Medium.status': bare('READY'),
    'Medium.kind': bare('PHOTO'),
    'Report.status': bare('DRAFT'),
    'Report.kind': bare('INSPECTION'),
    'ReportTemplate.kind': bare('INSPECTION'),
    clientId: '00000000-0000-4000-8000-000000000000',
    interventionId: '00000000-0000-4000-8000-000000000000',
    inspectionId: '00000000-0000-4000-8000-000000000000',
    technicianUserId: '1',
    technician: 'martin',
    author: 'martin',
    hasPlace: true,
    hasAnnotations: true,
    scheduledAfter: '2026-01-01T00:00:00Z',
    scheduledBefore: '2026-01-01T00:00:00Z',
    startsAfter: '2026-01-01T00:00:00Z',
    startsBefore: '2026-01-01T00:00:00Z',
  };
  const listed: Record<string, string> = {
    Document: 'documents',
    User: 'users',
    Role: 'roles',
    RoleAssignment: 'roleAssignments',
    Permission: 'permissions',
    DocumentType: 'documentTypes',
    Correspondent: 'correspondents',
    Tag: 'tags',
    Invoice: 'invoices',
    ApiKey: 'apiKeys',
    CalendarFeed: 'calendarFeeds',
    AuditEvent: 'auditEvents',
    Approval: 'pendingApprovals',
    ApprovalRule: 'approvalRules',
    ApprovalDelegation: 'approvalDelegations',
    CustomField: 'customFields',
    SavedView: 'savedViews',
    Notification: 'notifications',
    Ingest: 'ingests',
    BankAccount: 'bankAccounts',
    BankImport: 'bankImports',
    BankAccountType: 'bankAccountTypes',
    Budget: 'budgets',
    Category: 'categories',
    CategorizationRule: 'categorizationRules',
    Transaction: 'transactions',
    SupplierInvoice: 'supplierInvoices',
    RecurrenceRule: 'recurrenceRules',
    Transfer: 'transfers',
    Reconciliation: 'reconciliations',
    Payment: 'payments',
    WebhookEndpoint: 'webhookEndpoints',
    Client: 'clients',
    Intervention: 'interventions',
    MaintenanceContract: 'maintenanceContracts',
    Appointment: 'appointments',
    Medium: 'media',
    Report: 'reports',
    Alert: 'alerts',
    ServerProcess: 'processes',
    Plugin: 'plugins',
    Integration: 'integrations',
    Task: 'tasks',
    TaskRun: 'taskRuns',
    ReportTemplate: 'reportTemplates',
  };
  /** Set by the query itself, in every list of its model. */
  const implied = new Set(['decidableBy']);
  /** What the query takes another word for. */
  const asked: Record<string, string> = {
    'ApiKey.state': 'status',
    'AuditEvent.types': 'action',
    // Of what is not in the trash the list is found by statements of its own.
    'Document.search': 'trashed: true, search',
  };
  const cases = readModelsOf(modules).flatMap((model) => {
    const list = 'list' in model ? model.list : undefined;
    const field = listed[model.entity.name];
    if (!list || !field) return [];
    return [
      ...Object.keys(list.orders).map((key) => [field, `orderBy: ${key}_DESC`, `by ${key}`] as const),
      ...[...new Set([...Object.keys(list.filters), 'ids'])]
        .filter((key) => !implied.has(key))
        .map((key) => {
          const value = filterValues[`${model.entity.name}.${key}`] ?? filterValues[key];
          const literal = JSON.stringify(value)
            .replace(/"(\w+)":/g, '$1: ')
            .replace(/"<(\w+)>"/g, '$1');
          return [
            field,
            `filter: { ${asked[`${model.entity.name}.${key}`] ?? key}: ${literal} }`,
            `where ${key}`,
          ] as const;
        }),
    ];
  });

  test('every list of the graph is explained here', () => {
    const inRows = [
      'ApprovalStep',
      'BankImportRow',
      'DocumentHistoryEntry',
      'DocumentNote',
      'DocumentVersion',
      'WebhookDelivery',
      'WebhookReplay',
    ];
    const lists = readModelsOf(modules).filter(({ list }) => list);
    expect(lists.map(({ entity }) => entity.name).toSorted()).toEqual([...Object.keys(listed), ...inRows].toSorted());
  });

  test.each([
    // The index of each month.
    ['history', '_case_id_idx on events_'],
    ['notes', 'document_notes_document_idx'],
    ['approval { history', 'approval_history_approval_idx'],
    // Numbers are unique within a document: the walk sorts nothing but equals.
    ['versions', 'document_versions_document_id_number_key'],
  ])('%s of a document is walked by an index', async (list, index) => {
    const end = list.includes('{') ? '}' : '';
    const [statement] = await statementsOf(server, () =>
      server.graphql(`{ document(id: 1) { ${list}(first: 10) { nodes { id } } ${end} } }`, {}, server.admin.token),
    );
    const plan = await explain(statement?.text as string, statement?.parameters ?? []);
    expect(plan).toContain(index);
    expect(plan).not.toMatch(index.endsWith('_key') ? /Limit .*\n *-> +Sort / : /Limit .*\n *-> +(Incremental )?Sort /);
  });

  test.each(cases)('%s(%s)', async (field, argument) => {
    const statements = await statementsOf(server, async () => {
      const { errors } = await server.graphql(
        `{ ${field}(first: 10, ${argument}) { nodes { __typename } } }`,
        {},
        server.admin.token,
      );
      expect(errors).toBeUndefined();
    });
    const plan = await explain(statements[0]?.text as string, statements[0]?.parameters ?? []);
    expect(plan).toMatch(/Index/);
    expect(plan).not.toMatch(/Seq Scan on (approvals|documents|users|tags|correspondents|invoices|api_keys|events) /);
    // An order is walked up to the limit, and only the page is sorted again; a filter may sort what it found.
    if (argument.startsWith('orderBy')) expect(plan).not.toMatch(/Limit .*\n *-> +(Incremental )?Sort /);
  });
});
