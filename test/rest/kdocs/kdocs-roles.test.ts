import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

/** contracts/kdocs.md, "Rôles": roles held within a scope, an amount and a period. */
let server: TestServer;
let admin: Person;
const call = (method: string, path: string, json?: unknown, token = admin.token): Promise<Answer> =>
  server.request(method, `/kdocs/api/roles${path}`, { token, ...(json !== undefined && { json }) });
const assign = (person: Person, body: object, token?: string): Promise<Answer> =>
  call('POST', `/user/${person.id}/assign`, body, token);
const rolesOf = async (person: Person): Promise<any[]> => (await call('GET', `/user/${person.id}`)).json.roles;
const documented = {
  role_code: 'VALIDATOR_L1',
  scope: '*',
  max_amount: 5000,
  valid_from: '2026-01-01',
  valid_to: '2999-12-31',
};
const today = (): string => new Date().toISOString().slice(0, 10);

beforeAll(async () => {
  server = await startTestServer();
  admin = server.admin;
});
afterAll(() => server?.stop());

test('GET /roles answers the documented four', async () => {
  const { status, json } = await call('GET', '');
  expect([status, json]).toEqual([
    200,
    {
      success: true,
      roles: [
        { code: 'VALIDATOR_L1', label: 'Validateur Niveau 1' },
        { code: 'VALIDATOR_L2', label: 'Validateur Niveau 2' },
        { code: 'APPROVER', label: 'Approbateur' },
        { code: 'ADMIN', label: 'Administrateur' },
      ],
    },
  ]);
});

test('a role is assigned by the documented body, set anew in the same scope, listed and removed', async () => {
  const person = await server.person();
  const made = await assign(person, documented);
  const role = {
    role_code: 'VALIDATOR_L1',
    label: 'Validateur Niveau 1',
    scope: '*',
    max_amount: 5000,
    currency: null,
    valid_from: '2026-01-01',
    valid_to: '2999-12-31',
    is_valid: true,
  };
  expect([made.status, made.json]).toEqual([200, { success: true, message: 'Rôle assigné', role }]);

  const again = await assign(person, { role_code: 'VALIDATOR_L1', max_amount: 99.95, currency: 'CHF' });
  expect(again.json.role).toEqual({ ...role, max_amount: 99.95, currency: 'CHF', valid_from: null, valid_to: null });
  expect((await assign(person, { role_code: 'VALIDATOR_L1', scope: 'FACTURE' })).status).toBe(200);
  expect((await assign(person, { role_code: 'APPROVER', valid_to: '2020-12-31' })).json.role.is_valid).toBe(false);
  expect(await call('GET', `/user/${person.id}`)).toMatchObject({
    status: 200,
    json: {
      success: true,
      user_id: person.id,
      roles: [
        again.json.role,
        { ...role, scope: 'FACTURE', max_amount: null, valid_from: null, valid_to: null },
        { role_code: 'APPROVER', is_valid: false },
      ],
    },
  });

  const removed = await call('DELETE', `/user/${person.id}/VALIDATOR_L1?scope=*`);
  expect([removed.status, removed.json]).toEqual([200, { success: true, message: 'Rôle retiré' }]);
  const absent = await call('DELETE', `/user/${person.id}/VALIDATOR_L1`);
  expect([absent.status, absent.json]).toEqual([404, { error: true, message: "Cet utilisateur n'a pas ce rôle" }]);
  expect((await call('DELETE', `/user/${person.id}/VALIDATOR_L1?scope=CONTRAT`)).status).toBe(404);
  expect((await call('DELETE', `/user/${person.id}/user`)).status).toBe(404);
  expect((await call('DELETE', `/user/${person.id}/VALIDATOR_L1?scope=FACTURE`)).status).toBe(200);
  expect((await rolesOf(person)).map((r) => r.role_code)).toEqual(['APPROVER']);
  const events = await server.sql(
    "select data from events where type = 'user.roles_changed' and subject_id = ? order by id",
    [String(person.id)],
  );
  expect(
    events.map(({ data }) => `${data.change} ${data.role} ${data.scope} ${data.bounds?.maxAmount ?? ''}`.trim()),
  ).toEqual([
    'assigned VALIDATOR_L1 * 5000',
    'assigned VALIDATOR_L1 * 99.95',
    'assigned VALIDATOR_L1 FACTURE',
    'assigned APPROVER *',
    'removed VALIDATOR_L1 *',
    'removed VALIDATOR_L1 FACTURE',
  ]);
});

test('everything wrong with an assignment is told at once, and nothing is kept of it', async () => {
  const person = await server.person();
  const wrong = {
    role_code: 'manager',
    scope: 'NOWHERE',
    max_amount: -1,
    currency: 'euro',
    valid_from: '2026-12-31',
    valid_to: '2026-01-01',
  };
  const answer = await assign(person, wrong);
  expect([answer.status, answer.json.error, Object.keys(answer.json.errors).toSorted()]).toEqual([
    400,
    true,
    ['currency', 'max_amount', 'role_code', 'scope', 'valid_to'],
  ]);
  for (const [field, value] of [
    ['max_amount', 0.001],
    ['max_amount', 1e15],
    ['max_amount', '5000 francs'],
    ['valid_from', '2026-02-30'],
    ['valid_to', '0000-01-01'],
    ['scope', 'facture'],
    ['scope', 'A\0'],
    ['scope', 7],
    ['role_code', 'validator_l1'],
    ['role_code', 'constructor'],
    ['role_code', null],
  ] as const) {
    const refused = await assign(person, { ...documented, [field]: value });
    expect([refused.status, Object.keys(refused.json.errors)], `${field} ${value}`).toEqual([400, [field]]);
  }
  for (const unknown of ['999999', 'x', '99999999999999999999', 'é']) {
    for (const answered of [
      call('POST', `/user/${encodeURIComponent(unknown)}/assign`, documented),
      call('GET', `/user/${encodeURIComponent(unknown)}`),
      call('DELETE', `/user/${encodeURIComponent(unknown)}/APPROVER`),
    ]) {
      expect(await answered).toMatchObject({ status: 404, json: { error: true, message: 'Utilisateur non trouvé' } });
    }
  }
  expect(await rolesOf(person)).toEqual([]);
});

test('an administrator is one for all types or not at all', async () => {
  const person = await server.person();
  const bounded = await assign(person, { role_code: 'ADMIN', scope: 'FACTURE' });
  expect([bounded.status, bounded.json]).toEqual([
    400,
    { error: true, message: expect.stringContaining('la portée doit être *'), errors: { scope: [expect.any(String)] } },
  ]);
  expect((await assign(person, { role_code: 'ADMIN' })).json.role).toMatchObject({
    role_code: 'ADMIN',
    label: 'Administrateur',
    scope: '*',
    is_valid: true,
  });
  expect((await server.request('GET', '/auth/me', { token: person.token })).json.roles).toContain('admin');
  expect((await call('DELETE', `/user/${person.id}/ADMIN`)).status).toBe(200);
});

test('a role allows nothing outside its period, and counts once whatever the number of its scopes', async () => {
  const person = await server.person({ roles: [] });
  const userCount = async (): Promise<number> =>
    (await server.graphql('{ roles(filter: { names: ["APPROVER"] }) { nodes { userCount } } }', {}, admin.token)).data
      .roles.nodes[0].userCount;
  const before = await userCount();
  const me = async (): Promise<any> =>
    (
      await server.graphql(
        '{ viewer { permissions roles { name } roleAssignments { scope isValidToday role { name } } } }',
        {},
        person.token,
      )
    ).data.viewer;

  for (const period of [{ valid_to: '2020-01-01' }, { valid_from: '2999-01-01' }]) {
    await assign(person, { role_code: 'APPROVER', ...period });
    expect(await me()).toEqual({
      permissions: [],
      roles: [],
      roleAssignments: [{ scope: '*', isValidToday: false, role: { name: 'APPROVER' } }],
    });
    expect(
      (await server.graphql('{ documents { totalCount } }', {}, person.token)).data?.documents?.totalCount ?? 0,
    ).toBe(0);
  }
  expect(await userCount()).toBe(before);
  // Both days of a period belong to it.
  for (const scope of ['FACTURE', 'CONTRAT'])
    await assign(person, { role_code: 'APPROVER', scope, valid_from: today(), valid_to: today() });
  expect(await me()).toMatchObject({ permissions: ['documents:own', 'documents:read'], roles: [{ name: 'APPROVER' }] });
  expect(await userCount()).toBe(before + 1);
  const holders = await server.graphql(
    'query ($id: ID!) { users(filter: { roleId: $id }) { totalCount } }',
    { id: (await server.sql("select id from roles where name = 'APPROVER'"))[0].id },
    admin.token,
  );
  expect(holders.data.users.totalCount).toBe(before + 1);
});

test('one reads their own roles, roles:read those of others, and only an administrator assigns', async () => {
  const [person, reader] = [
    await server.person({ roles: ['user', 'VALIDATOR_L2'] }),
    await server.person({ roles: ['lecteur'] }),
  ];
  const stranger = await server.person();
  expect((await call('GET', `/user/${person.id}`, undefined, person.token)).json.roles).toMatchObject([
    { role_code: 'VALIDATOR_L2' },
  ]);
  expect((await call('GET', `/user/${person.id}`, undefined, stranger.token)).status).toBe(404);
  expect((await call('GET', `/user/${person.id}`, undefined, reader.token)).status).toBe(403);
  expect((await call('GET', '', undefined, stranger.token)).status).toBe(403);
  for (const { token } of [person, reader, stranger]) {
    expect((await assign(person, documented, token)).status).toBe(403);
    expect((await call('DELETE', `/user/${person.id}/VALIDATOR_L2`, undefined, token)).status).toBe(403);
  }
  const query = '{ roleAssignments { nodes { id } } }';
  expect((await server.graphql(query, {}, person.token)).errors?.[0].extensions.code).toBe('FORBIDDEN');
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/user/1'],
    ['POST', '/user/1/assign'],
    ['DELETE', '/user/1/ADMIN'],
  ] as const) {
    expect(
      (await server.request(method, `/kdocs/api/roles${path}`, method === 'POST' ? { json: documented } : {})).status,
    ).toBe(401);
  }
  // Who may only assign roles hands out no more than they hold.
  const [{ id }] = await server.sql("insert into roles (name) values ('keeper') returning id");
  await server.sql(
    "insert into role_permissions select ?, id from permissions where name in ('roles:read', 'roles:write')",
    [id],
  );
  const keeper = await server.person({ roles: ['keeper'] });
  for (const role_code of ['ADMIN', 'APPROVER']) {
    const refused = await assign(keeper, { role_code }, keeper.token);
    expect([refused.status, refused.json.message]).toEqual([403, 'Ce rôle permet plus que vous ne pouvez']);
  }
  // Of people whom they do not see they take none either.
  expect((await call('DELETE', `/user/${admin.id}/ADMIN`, undefined, keeper.token)).status).toBe(404);
  await server.sql("insert into role_permissions select ?, id from permissions where name = 'users:read'", [id]);
  await expect
    .poll(async () => (await call('DELETE', `/user/${admin.id}/ADMIN`, undefined, keeper.token)).status)
    .toBe(403);
});

test('the last administrator for good is neither limited nor removed, also when two do it to each other', async () => {
  const isLast = async (answer: Promise<Answer>): Promise<void> =>
    expect(await answer).toMatchObject({
      status: 409,
      json: { error: true, message: "C'est le dernier administrateur actif" },
    });
  const limited = await server.person();
  // Who is an administrator until a day does not count as another.
  await assign(limited, { role_code: 'ADMIN', valid_to: '2999-12-31' });
  await isLast(call('DELETE', `/user/${admin.id}/ADMIN`));
  await isLast(assign(admin, { role_code: 'ADMIN', valid_to: '2999-12-31' }));
  await isLast(assign(admin, { role_code: 'ADMIN', valid_from: '2999-12-31' }));
  expect((await assign(admin, { role_code: 'ADMIN', valid_from: '2020-01-01' })).status).toBe(200);
  expect((await call('DELETE', `/user/${limited.id}/ADMIN`)).status).toBe(200);

  const second = await server.person({ roles: ['admin'] });
  const answers = await Promise.all([
    assign(second, { role_code: 'ADMIN', valid_to: today() }, admin.token),
    call('DELETE', `/user/${admin.id}/ADMIN`, undefined, second.token),
  ]);
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  // The one who comes late may have lost the right already.
  expect([403, 409]).toContain(statuses.find((status) => status !== 200));
  const lasting = await server.sql(
    "select user_id from role_assignments a join roles r on r.id = a.role_id where r.name = 'admin' and a.valid_to is null",
  );
  expect(lasting).toHaveLength(1);
});
