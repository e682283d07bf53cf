import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';
import { statementsOf } from '../support/sql-log.js';

let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer({ env: { TRUST_PROXY: '1' } });
  person = await server.person();
});
afterAll(() => server?.stop());

const login = (username: string, password: string, ip = '203.0.113.7') =>
  server.request('POST', '/graphql', {
    json: {
      query: 'mutation ($input: LoginInput!) { login(input: $input) { user { id } } }',
      variables: { input: { identifier: username, password } },
    },
    headers: { 'x-forwarded-for': ip, 'x-request-id': `login-from-${ip}` },
  });

const facts = 'type name subjectType subjectId actor { username } ip requestId occurredAt data';

/** What the filter finds, once the relay has placed as many events. */
async function audited(filter: object, count: number, token = server.admin.token): Promise<any[]> {
  const query = `query ($filter: AuditEventFilter) { auditEvents(first: 50, filter: $filter) { nodes { position ${facts} } } }`;
  let nodes: any[] = [];
  await expect
    .poll(async () => (nodes = (await server.graphql(query, { filter }, token)).data.auditEvents.nodes).length)
    .toBe(count);
  return nodes;
}

const accessLog = async (token: string, id: number): Promise<any> =>
  (
    await server.graphql(
      `query ($id: ID!) { user(id: $id) { accessLog(first: 20) { totalCount nodes { ${facts} } } } }`,
      { id },
      token,
    )
  ).data.user?.accessLog;

test('the log tells who did what, when, and from where', async () => {
  expect((await login(person.email, person.password, '203.0.113.1')).status).toBe(200);
  const [event] = await audited({ ip: '203.0.113.1' }, 1);
  expect(event).toEqual({
    position: expect.stringMatching(/^\d+$/),
    type: 'USER_LOGIN',
    name: 'user.login',
    subjectType: 'User',
    subjectId: String(person.id),
    actor: { username: person.username },
    ip: '203.0.113.1',
    requestId: 'login-from-203.0.113.1',
    occurredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    data: { kind: 'token' },
  });
});

test('every filter narrows it, and all of them together', async () => {
  const { email, password, id } = await server.person();
  for (const ip of ['203.0.113.20', '203.0.113.21']) await login(email, password, ip);
  const [{ uuid }] = await server.sql('select uuid from users where id = ?', [id]);
  const filters = [
    { type: 'USER_LOGIN', actorId: id },
    { name: 'user.login', actorId: id },
    { actorId: uuid },
    { userId: id },
    { subject: { type: 'User', id } },
    {
      actorId: id,
      subject: { type: 'User' },
      occurredAfter: '2020-01-01T00:00:00Z',
      occurredBefore: '2100-01-01T00:00:00Z',
    },
  ];
  for (const filter of filters)
    expect((await audited(filter, 2)).map((e) => e.ip)).toEqual(['203.0.113.21', '203.0.113.20']);
  await audited({ actorId: id, requestId: 'login-from-203.0.113.21' }, 1);
  for (const narrower of [
    { type: 'USER_ERASED' },
    { ip: '203.0.113.99' },
    { occurredAfter: '2100-01-01T00:00:00Z' },
    { occurredBefore: '2020-01-01T00:00:00Z' },
    { subject: { type: 'Document' } },
  ]) {
    await audited({ actorId: id, ...narrower }, 0);
  }
  for (const nobody of ['0', '999999999', '4b2c1f6e-0000-4000-8000-000000000000', 'x', "1' or '1'='1"])
    await audited({ actorId: nobody }, 0);
});

test('a window of time has what occurred in it, wherever in the log it came to stand', async () => {
  await server.sql(
    `insert into events (position, type, subject_type, subject_id, occurred_at)
     select 1000 + (select max(position) from events) + n, 'client.updated', 'Client', n::text, at::timestamptz
       from unnest(array['2001-01-01T10:00Z', '2001-01-02T10:00Z', '2001-01-01T09:00Z', '2001-01-03T00:00Z'])
            with ordinality t (at, n)`,
  );
  const within = async (occurredBefore: string): Promise<string[]> => {
    const { data } = await server.graphql(
      `{ auditEvents(filter: { occurredAfter: "2001-01-01T00:00:00Z", occurredBefore: "${occurredBefore}" }) {
           totalCount nodes { subjectId } } }`,
      {},
      server.admin.token,
    );
    expect(data.auditEvents.totalCount).toBe(data.auditEvents.nodes.length);
    return data.auditEvents.nodes.map((event: any) => event.subjectId);
  };
  expect(await within('2001-01-02T00:00:00Z')).toEqual(['3', '1']);
  expect(await within('2001-01-03T00:00:00Z')).toEqual(['3', '2', '1']);
  expect(await within('2001-02-01T00:00:00Z')).toEqual(['4', '3', '2', '1']);
  expect(await within('2001-01-01T08:00:00Z')).toEqual([]);
});

test('cursors walk the log once, both ways; a forged one is refused', async () => {
  for (let i = 0; i < 4; i++) await login(person.email, person.password);
  await audited({ userId: person.id }, 5);
  for (const orderBy of ['POSITION_ASC', 'POSITION_DESC']) {
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { data } = await server.graphql(
        `query ($after: String, $filter: AuditEventFilter) { auditEvents(first: 2, after: $after, orderBy: ${orderBy}, filter: $filter) { nodes { position } pageInfo { endCursor hasNextPage } } }`,
        { after, filter: { userId: person.id } },
        server.admin.token,
      );
      seen.push(...data.auditEvents.nodes.map((n: any) => n.position));
      ({ endCursor: after, hasNextPage: more } = data.auditEvents.pageInfo);
    }
    expect(seen).toHaveLength(5);
    expect(seen).toEqual(
      [...new Set(seen)].toSorted((a, b) => (orderBy === 'POSITION_ASC' ? 1 : -1) * (Number(a) - Number(b))),
    );
  }
  for (const parts of [
    ['POSITION_DESC', '1', 'x'],
    ['POSITION_DESC', '9'.repeat(19), '1'],
    ['POSITION_DESC', '1', '4b2c1f6e-0000-4000-8000-000000000000'],
  ]) {
    const after = Buffer.from(JSON.stringify(parts)).toString('base64url');
    const { errors } = await server.graphql(
      `{ auditEvents(after: "${after}") { nodes { position } } }`,
      {},
      server.admin.token,
    );
    expect(errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['after'] }] });
  }
});

test('the whole log needs events:read, under a credential that reads', async () => {
  const query = '{ auditEvents { nodes { position } } }';
  expect((await server.graphql(query)).errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
  for (const roles of [['user'], ['lecteur'], ['moderator', 'manager']]) {
    const { token } = await server.person({ roles });
    expect((await server.graphql(query, {}, token)).errors?.[0].extensions.code).toBe('FORBIDDEN');
  }
});

test('a person reads the log of their own account, nobody else does but who reads the whole log', async () => {
  const [owner, other] = [await server.person(), await server.person({ roles: ['manager'] })];
  await login(owner.email, 'Wrong-password-1', '203.0.113.40');
  await login(owner.email, owner.password, '203.0.113.41');
  const [role] = await server.sql("select id from roles where name = 'VALIDATOR_L1'");
  const { errors } = await server.graphql(
    'mutation ($input: AssignRoleInput!) { assignRole(input: $input) { user { id } } }',
    { input: { userId: owner.id, roleId: role.id } },
    server.admin.token,
  );
  expect(errors).toBeUndefined();
  await expect.poll(async () => (await accessLog(owner.token, owner.id)).totalCount).toBe(3);
  const { nodes } = await accessLog(owner.token, owner.id);
  expect(nodes.map((e: any) => [e.name, e.ip, e.actor?.username ?? null])).toEqual([
    // An administrator's address is not the owner's business.
    ['user.roles_changed', null, server.admin.username],
    ['user.login', '203.0.113.41', owner.username],
    ['user.login_failed', '203.0.113.40', null],
  ]);
  expect((await accessLog(other.token, owner.id)).nodes).toEqual([]);
  expect((await accessLog(server.admin.token, owner.id)).nodes[0]).toMatchObject({
    actor: { username: server.admin.username },
    ip: expect.any(String),
  });
});

test('an event that no module declares any more is still read, by its name', async () => {
  await server.sql(
    "insert into events (type, subject_type, subject_id, request_id, data) values ('gone.happened', 'Gone', '1', 'gone', '{}')",
  );
  // The relay wakes for this one.
  await login(person.email, person.password, '203.0.113.80');
  for (const filter of [{ name: 'gone.happened' }, { requestId: 'gone' }])
    expect(await audited(filter, 1)).toMatchObject([{ type: 'UNKNOWN', name: 'gone.happened' }]);
});

test('a failed login is noted alike for a name that somebody has and one that nobody has, without the name', async () => {
  const { id, email } = await server.person();
  const notes = async (ip: string) =>
    server.sql(
      "select subject_id, actor_id, data, subject_type from events where ip = ? and type = 'user.login_failed'",
      [ip],
    );
  await login(email, 'Wrong-password-1', '203.0.113.50');
  await login('Secret-typed-as-name-1', 'Wrong-password-1', '203.0.113.51');
  const note = { actor_id: null, subject_type: 'User', data: { reason: 'password' } };
  expect(await notes('203.0.113.50')).toEqual([{ ...note, subject_id: String(id) }]);
  expect(await notes('203.0.113.51')).toEqual([{ ...note, subject_id: '' }]);
  const whole = JSON.stringify(await server.sql('select * from events'));
  expect(whole).not.toContain('Secret-typed');
  expect(whole).not.toContain('Wrong-password');
});

test('attempts that the lock refuses unseen are not noted', async () => {
  const { email } = await server.person();
  for (let i = 0; i < 7; i++) await login(email, 'Wrong-password-1', '203.0.113.60');
  expect(await server.sql("select 1 from events where ip = '203.0.113.60'")).toHaveLength(5);
});

test('erasing a person takes the addresses of the attempts on their account along', async () => {
  const { id, email } = await server.person();
  await login(email, 'Wrong-password-1', '203.0.113.70');
  const { errors } = await server.graphql(
    'mutation ($id: ID!) { deleteUser(input: { id: $id }) { kept } }',
    { id },
    server.admin.token,
  );
  expect(errors).toBeUndefined();
  expect(await server.sql("select 1 from events where ip = '203.0.113.70'")).toEqual([]);
});

// Embedded, so many rows take half a minute; reader.test.ts looks at every index there.
if (inject('database').kind === 'server')
  test('with 100,000 events every filter and both orders are answered by an index', async () => {
    await server.sql(`insert into events (position, type, subject_type, subject_id, actor_id, request_id, ip, data, occurred_at)
    select 1000000 + i, 'document.' || (array['created', 'updated', 'trashed', 'shared'])[1 + i % 4], 'Document', (i % 5000)::text, 1 + i % 2, 'req_' || i,
           '198.51.100.' || i % 250, '{"ownerId": 1}', timestamptz '2026-01-01' + i * interval '1 minute' from generate_series(1, 100000) i`);
    await server.sql('analyze events');
    const filters = [
      '{}',
      '{ type: DOCUMENT_SHARED }',
      '{ name: "user.login" }',
      '{ actorId: "1" }',
      '{ userId: "1" }',
      '{ subject: { type: "Document", id: "77" } }',
      '{ subject: { type: "Document" } }',
      '{ subject: { type: "Invoice" } }',
      '{ ip: "198.51.100.7" }',
      '{ requestId: "req_4711" }',
      '{ occurredAfter: "2026-03-01T00:00:00Z", occurredBefore: "2026-03-02T00:00:00Z" }',
    ];
    for (const order of ['DESC', 'ASC']) {
      for (const filter of filters) {
        const [statement] = await statementsOf(server, () =>
          server.graphql(
            `{ auditEvents(first: 100, orderBy: POSITION_${order}, filter: ${filter}) { nodes { position } } }`,
            {},
            server.admin.token,
          ),
        );
        const plan = (await server.db.read(`explain ${statement?.text}`, statement?.parameters ?? [])).join('\n');
        expect(plan, `${filter} ${order}`).toMatch(/Index/);
        // The months without rows, or with a few, are read whole.
        expect(plan, `${filter} ${order}`).not.toMatch(/Seq Scan on events_other/);
      }
    }
    const [own] = await statementsOf(server, () =>
      server.graphql('{ viewer { accessLog(first: 10) { nodes { position } } } }', {}, person.token),
    );
    expect((await server.db.read(`explain ${own?.text}`, own?.parameters ?? [])).join('\n')).toMatch(
      /events_other_account_id_position_idx/,
    );
  }, 120_000);
