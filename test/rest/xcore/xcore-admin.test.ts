import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

/** Contract xcore, « Endpoints d'Administration », each documented example with its exact keys. */
let server: TestServer;
let admin: Person;
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const call = (method: string, path: string, json?: unknown, token = admin.token): Promise<Answer> =>
  server.request(method, path, { token, ...(json !== undefined && { json }) });
const roleId = async (name: string): Promise<number> =>
  (await server.sql('select id from roles where name = ?', [name]))[0].id;
const problemOf = ({ status, json }: Answer): unknown => [status, json.error.code, json.error.message];
const fieldsOf = ({ status, json }: Answer): unknown => [
  status,
  json.error.details.map((d: { field: string }) => d.field).toSorted(),
];

beforeAll(async () => {
  server = await startTestServer();
  admin = server.admin;
});
afterAll(() => server?.stop());

describe('roles', () => {
  test('are listed, made, read, changed and deleted with the documented bodies', async () => {
    const list = await call('GET', '/admin/roles');
    expect(Object.keys(list.json)).toEqual(['total', 'skip', 'limit', 'items', 'has_more']);
    expect(list.json).toMatchObject({ total: 10, skip: 0, limit: 20, has_more: false });
    expect(list.json.items[0]).toEqual({
      id: 1,
      name: 'admin',
      description: 'Administrateur système',
      created_at: expect.stringMatching(moment),
    });

    const made = await call('POST', '/admin/roles', { name: 'chef_equipe', description: "Gestionnaire d'équipe" });
    expect(made.status).toBe(201);
    expect(made.json).toEqual({
      id: expect.any(Number),
      name: 'chef_equipe',
      description: "Gestionnaire d'équipe",
      created_at: expect.stringMatching(moment),
    });
    const { id } = made.json;
    expect(problemOf(await call('POST', '/admin/roles', { name: 'chef_equipe' }))).toEqual([
      409,
      'CONFLICT',
      expect.any(String),
    ]);
    expect(fieldsOf(await call('POST', '/admin/roles', { name: '9 lives', description: 'x'.repeat(501) }))).toEqual([
      422,
      ['description', 'name'],
    ]);

    const detail = await call('GET', '/admin/roles/1');
    expect(Object.keys(detail.json)).toEqual(['id', 'name', 'description', 'permissions', 'users_count']);
    expect(detail.json).toMatchObject({
      permissions: [{ id: expect.any(Number), name: '*:*', description: 'Tout' }],
      users_count: 1,
    });

    const put = await call('PUT', `/admin/roles/${id}`, { name: 'chef', description: 'Super chef' });
    expect([put.status, put.json]).toEqual([200, { ...made.json, name: 'chef', description: 'Super chef' }]);
    expect(
      (await call('PUT', '/admin/roles/1', { name: 'admin', description: 'Super administrateur' })).json,
    ).toMatchObject({ id: 1, description: 'Super administrateur' });
    expect((await call('PUT', '/admin/roles/1', { name: 'root' })).status).toBe(409);

    const gone = await call('DELETE', `/admin/roles/${id}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    for (const unknown of [id, 999_999_999, 'x', '99999999999999999999']) {
      expect(problemOf(await call('GET', `/admin/roles/${unknown}`))).toEqual([404, 'NOT_FOUND', 'Rôle non trouvé']);
      expect(problemOf(await call('DELETE', `/admin/roles/${unknown}`))).toEqual([404, 'NOT_FOUND', 'Rôle non trouvé']);
      expect((await call('GET', `/admin/roles/${unknown}/permissions`)).status).toBe(404);
    }
    expect(problemOf(await call('DELETE', `/admin/roles/${await roleId('user')}`))).toEqual([
      409,
      'CONFLICT',
      expect.stringContaining('système'),
    ]);
  });

  test('get and lose permissions by number or name', async () => {
    const { id } = (await call('POST', '/admin/roles', { name: 'auditeur' })).json;
    const path = `/admin/roles/${id}/permissions`;
    const [{ id: permissionId }] = await server.sql("select id from permissions where name = 'users:read'");
    expect((await call('POST', path, { permission_id: permissionId })).json).toEqual({
      message: 'Permission accordée avec succès',
    });
    expect((await call('POST', path, { name: 'documents:read' })).status).toBe(200);
    expect((await call('POST', path, { name: 'users:read' })).status).toBe(409);
    expect(problemOf(await call('POST', path, { name: 'no:such' }))).toEqual([
      404,
      'NOT_FOUND',
      'Permission non trouvée',
    ]);
    expect(fieldsOf(await call('POST', path, {}))).toEqual([422, ['permission_id']]);

    const list = await call('GET', `${path}?sort_by=name&sort_order=desc&limit=1`);
    expect(list.json).toEqual({
      total: 2,
      skip: 0,
      limit: 1,
      has_more: true,
      items: [
        { id: permissionId, name: 'users:read', description: expect.any(String), resource: 'users', action: 'read' },
      ],
    });
    expect((await call('DELETE', path, { permission_id: permissionId })).status).toBe(204);
    expect((await call('DELETE', path, { name: 'users:read' })).status).toBe(404);
    expect((await call('GET', path)).json.items.map((p: { name: string }) => p.name)).toEqual(['documents:read']);
    expect((await call('DELETE', '/admin/roles/1/permissions', { name: '*:*' })).status).toBe(409);
  });
});

test('permissions are listed and made by name, by resource and action, or by all three when they agree', async () => {
  const list = await call('GET', '/admin/permissions');
  expect(Object.keys(list.json)).toEqual(['total', 'skip', 'limit', 'items', 'has_more']);
  expect(Object.keys(list.json.items[0])).toEqual(['id', 'name', 'description', 'resource', 'action']);

  const body = {
    name: 'reports:generate',
    description: 'Générer des rapports',
    resource: 'reports',
    action: 'generate',
  };
  const made = await call('POST', '/admin/permissions', body);
  expect([made.status, made.json]).toEqual([201, { id: expect.any(Number), ...body }]);
  expect((await call('POST', '/admin/permissions', body)).status).toBe(409);
  expect((await call('POST', '/admin/permissions', { name: 'reports:print' })).json).toMatchObject({
    resource: 'reports',
    action: 'print',
    description: '',
  });
  expect((await call('POST', '/admin/permissions', { resource: 'printers', action: '*' })).json.name).toBe(
    'printers:*',
  );
  for (const [wrong, fields] of [
    [{ ...body, action: 'write' }, ['name']],
    [{ name: 'reports' }, ['name']],
    [{ name: 'a:b:c' }, ['name']],
    [{ resource: 'Reports', action: '' }, ['action', 'resource']],
    [{ resource: 'reports' }, ['action']],
    [{}, ['action', 'resource']],
  ] as const) {
    expect(fieldsOf(await call('POST', '/admin/permissions', wrong))).toEqual([422, fields]);
  }
  const byResource = await call('GET', '/admin/permissions?sort_by=resource&sort_order=desc&limit=100');
  const resources = byResource.json.items.map((p: { resource: string }) => p.resource);
  expect(resources.indexOf('users')).toBeLessThan(resources.indexOf('reports'));
});

describe('users', () => {
  test('are listed with search, filter, order and pages', async () => {
    const person = await server.person({ roles: ['user', 'lecteur'] });
    await server.sql(
      "update users set email = 'jean.dupont@example.org', first_name = 'Jean', last_name = 'Dupont', last_login_at = '2024-01-15T10:30:00Z' where id = ?",
      [person.id],
    );
    const found = await call('GET', '/admin/users?search=dupont&is_active=true&skip=0&limit=20');
    expect(found.json).toEqual({
      total: 1,
      skip: 0,
      limit: 20,
      has_more: false,
      items: [
        {
          id: person.id,
          email: 'jean.dupont@example.org',
          full_name: 'Jean Dupont',
          is_active: true,
          roles: ['user', 'lecteur'],
          last_login: '2024-01-15T10:30:00Z',
          created_at: expect.stringMatching(moment),
        },
      ],
    });
    expect((await call('GET', `/admin/users/${person.id}`)).json).toEqual(found.json.items[0]);
    expect((await call('GET', '/admin/users?search=dupont&is_active=false')).json).toMatchObject({
      total: 0,
      items: [],
    });
    expect((await call('GET', `/admin/users/${admin.id}`)).json.last_login).toBeNull();

    for (const key of ['id', 'email', 'full_name', 'created_at', 'last_login']) {
      const ids = async (order: string): Promise<number[]> =>
        (await call('GET', `/admin/users?sort_by=${key}&sort_order=${order}&limit=100`)).json.items.map(
          (u: { id: number }) => u.id,
        );
      expect(await ids('desc')).toEqual((await ids('asc')).toReversed());
    }
    const page = await call('GET', '/admin/users?sort_by=created_at&sort_order=desc&skip=1&limit=1');
    expect(page.json).toMatchObject({ total: 2, skip: 1, limit: 1, has_more: false, items: [{ id: admin.id }] });
  });

  test.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'skip=-1',
    'skip=99999999999',
    'sort_by=password_hash',
    'sort_order=up',
    'is_active=perhaps',
  ])('%s is a validation error', async (query) => {
    const answer = await call('GET', `/admin/users?${query}`);
    expect(fieldsOf(answer)).toEqual([422, [query.split('=')[0]]]);
    expect(answer.json.error.code).toBe('VALIDATION_ERROR');
  });

  test('get and lose roles, once', async () => {
    const person = await server.person();
    const path = `/admin/users/${person.id}/roles/${await roleId('moderator')}`;
    const given = await call('POST', path);
    expect([given.status, given.json]).toEqual([200, { message: 'Rôle assigné avec succès' }]);
    expect(problemOf(await call('POST', path))).toEqual([409, 'CONFLICT', 'Cet utilisateur porte déjà ce rôle']);
    const taken = await call('DELETE', path);
    expect([taken.status, taken.text]).toEqual([204, '']);
    expect(problemOf(await call('DELETE', path))).toEqual([404, 'NOT_FOUND', 'Cet utilisateur ne porte pas ce rôle']);
    expect(problemOf(await call('POST', `/admin/users/999999/roles/1`))).toEqual([
      404,
      'NOT_FOUND',
      'Utilisateur non trouvé',
    ]);
    expect(problemOf(await call('POST', `/admin/users/${person.id}/roles/999999`))).toEqual([
      404,
      'NOT_FOUND',
      'Rôle non trouvé',
    ]);
    // A role that has ended is not held: it can be given again, for good.
    await call('POST', path);
    await server.sql("update role_assignments set valid_to = '2020-01-01', max_amount = 5 where user_id = ?", [
      person.id,
    ]);
    expect((await call('GET', `/admin/users/${person.id}`)).json.roles).toEqual([]);
    expect((await call('POST', path)).status).toBe(200);
    expect(
      await server.sql('select valid_to, max_amount from role_assignments where user_id = ? and valid_to is null', [
        person.id,
      ]),
    ).toEqual([{ valid_to: null, max_amount: null }]);
  });

  test('are deactivated and activated', async () => {
    const person = await server.person();
    const off = await call('POST', `/admin/users/${person.id}/deactivate`);
    expect([off.status, off.json]).toEqual([200, { id: person.id, is_active: false }]);
    expect((await call('GET', '/auth/me', undefined, person.token)).status).toBe(401);
    const on = await call('POST', `/admin/users/${person.id}/activate`);
    expect([on.status, on.json]).toEqual([200, { id: person.id, is_active: true }]);
    for (const action of ['activate', 'deactivate'])
      expect((await call('POST', `/admin/users/999999/${action}`)).status).toBe(404);
    expect((await call('GET', '/admin/users/x')).status).toBe(404);
  });
});

describe('the routes of its other pages', () => {
  test("PUT /admin/users/{id}/roles replaces a person's roles by a list, by number or name", async () => {
    const person = await server.person();
    const path = `/admin/users/${person.id}/roles`;
    const [moderator, manager] = [await roleId('moderator'), await roleId('manager')];
    await server.sql(
      "insert into role_assignments (user_id, role_id, scope, max_amount) select ?, id, 'FACTURE', 5 from roles where name = 'APPROVER'",
      [person.id],
    );
    for (const [body, roles] of [
      [{ roles: ['moderator', 'APPROVER'] }, ['APPROVER', 'moderator']],
      [{ role_ids: [moderator, String(manager)] }, ['manager', 'moderator']],
      [[manager], ['manager']],
      [
        ['user', 'user', manager],
        ['manager', 'user'],
      ],
      [{ roles: [] }, []],
    ] as const) {
      const { status, json } = await call('PUT', path, body);
      expect([status, json.id, json.roles?.toSorted()]).toEqual([200, person.id, roles]);
    }
    expect(await server.sql('select 1 from role_assignments where user_id = ?', [person.id])).toEqual([]);
    for (const [body, fields] of [
      [{}, ['roles']],
      [{ roles: ['user', 'nobody', 999_999] }, ['roles.1', 'roles.2']],
    ] as const)
      expect(fieldsOf(await call('PUT', path, body))).toEqual([422, fields]);
    for (const body of [{ roles: 'user' }, [null], 'user', { roles: [{}] }])
      expect((await call('PUT', path, body)).status).toBe(422);
    expect((await call('PUT', '/admin/users/999999/roles', { roles: [] })).status).toBe(404);
    // Nobody gives or takes more than they hold, and one administrator stays.
    await server.sql("insert into roles (name) values ('greffier')");
    await server.sql(
      "insert into role_permissions select r.id, p.id from roles r, permissions p where r.name = 'greffier' and p.name in ('roles:read', 'roles:write', 'users:read')",
    );
    const { token } = await server.person({ roles: ['greffier'] });
    expect((await call('PUT', path, { roles: ['admin'] }, token)).status).toBe(403);
    expect((await call('PUT', `/admin/users/${admin.id}/roles`, { roles: ['user'] }, token)).status).toBe(403);
    expect((await call('PUT', path, { roles: ['greffier', 'user'] }, token)).status).toBe(200);
    expect((await call('PUT', `/admin/users/${admin.id}/roles`, { roles: ['user'] })).status).toBe(409);
    expect((await call('GET', '/auth/me')).json.roles).toEqual(['admin']);
  });

  test('two lists at the same moment: one of them holds afterwards, not both', async () => {
    const person = await server.person({ roles: [] });
    const lists = [
      ['manager', 'moderator'],
      ['technicien', 'user'],
    ];
    const put = (roles: string[]) => call('PUT', `/admin/users/${person.id}/roles`, { roles });
    expect((await Promise.all(lists.map(put))).map(({ status }) => status)).toEqual([200, 200]);
    expect(lists).toContainEqual((await call('GET', `/admin/users/${person.id}`)).json.roles.toSorted());
  });

  test('DELETE /admin/users/{id} erases, GET, PUT and DELETE /admin/permissions/{id} manage', async () => {
    const person = await server.person();
    expect((await call('DELETE', `/admin/users/${person.id}`)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await call(method, `/admin/users/${person.id}`)).status).toBe(404);
    expect((await call('DELETE', `/admin/users/${admin.id}`)).status).toBe(409);

    const { id } = (await call('POST', '/admin/permissions', { name: 'bilans:lire' })).json;
    const path = `/admin/permissions/${id}`;
    const role = (await call('POST', '/admin/roles', { name: 'bilan' })).json;
    await call('POST', `/admin/roles/${role.id}/permissions`, { permission_id: id });
    const changed = { id, name: 'bilans:voir', description: 'Voir', resource: 'bilans', action: 'voir' };
    expect((await call('PUT', path, { action: 'voir', description: 'Voir' })).json).toEqual(changed);
    expect((await call('GET', path)).json).toEqual(changed);
    // Sent back whole nothing changes.
    expect((await call('PUT', path, changed)).json).toEqual(changed);
    expect(fieldsOf(await call('PUT', path, { name: 'a:b', resource: 'c' }))).toEqual([422, ['name']]);
    expect((await call('PUT', path, { name: 'users:read' })).status).toBe(409);
    expect((await call('GET', `/admin/roles/${role.id}`)).json.permissions).toMatchObject([{ name: 'bilans:voir' }]);
    // What the server asks for keeps its name; its description may change.
    const [{ id: own }] = await server.sql("select id from permissions where name = 'users:read'");
    expect(problemOf(await call('PUT', `/admin/permissions/${own}`, { name: 'users:lire' }))).toEqual([
      409,
      'CONFLICT',
      'Cette permission du serveur ne peut être ni supprimée, ni renommée',
    ]);
    expect((await call('PUT', `/admin/permissions/${own}`, { description: 'Tous' })).json.description).toBe('Tous');
    expect((await call('DELETE', `/admin/permissions/${own}`)).status).toBe(409);
    // A role cannot come by more than its changer holds, by a new name for what it has.
    const holder = await server.person({ roles: ['greffier', 'bilan'] });
    expect((await call('PUT', path, { name: 'users:*' }, holder.token)).status).toBe(403);

    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', `/admin/roles/${role.id}`)).json.permissions).toEqual([]);
    for (const unknown of [id, 'x', '99999999999999999999'])
      for (const method of ['GET', 'PUT', 'DELETE'])
        expect(
          problemOf(await call(method, `/admin/permissions/${unknown}`, method === 'PUT' ? {} : undefined)),
        ).toEqual([404, 'NOT_FOUND', 'Permission non trouvée']);
  });

  test('PUT /auth/me, PUT /auth/password/change and POST /auth/logout are for oneself', async () => {
    const { email, password, ...person } = await server.person();
    const signIn = (secret: string) =>
      server.request('POST', '/auth/login', { form: { username: email, password: secret } });
    const { access_token: token } = (await signIn(password)).json;
    const me = await call('PUT', '/auth/me', { full_name: 'Jean de la Fontaine' }, token);
    expect([me.status, me.json]).toEqual([
      200,
      { id: person.id, email, full_name: 'Jean de la Fontaine', roles: ['user'], permissions: ['documents:own'] },
    ]);
    // A whole object comes back.
    expect((await call('PUT', '/auth/me', { ...me.json, email: `neu-${email}` }, token)).json.email).toBe(
      `neu-${email}`,
    );
    expect((await call('PUT', '/auth/me', { email: admin.email }, token)).status).toBe(409);
    expect(fieldsOf(await call('PUT', '/auth/me', { email: 'x', full_name: '' }, token))).toEqual([
      422,
      ['email', 'full_name'],
    ]);
    await call('PUT', '/auth/me', { email }, token);

    const change = (json: object) => call('PUT', '/auth/password/change', json, token);
    const new_password = 'BetterPassword456!';
    expect(fieldsOf(await change({ new_password }))).toEqual([422, ['current_password']]);
    expect(fieldsOf(await change({ current_password: 'Wrong-pass1', new_password }))).toEqual([
      422,
      ['current_password'],
    ]);
    expect(fieldsOf(await change({ current_password: password, new_password: 'Short-1' }))).toEqual([
      422,
      ['new_password'],
    ]);
    expect((await change({ old_password: password, new_password })).json).toEqual({
      message: 'Mot de passe changé avec succès',
    });
    expect([(await signIn(password)).status, (await signIn(new_password)).status]).toEqual([401, 200]);
    expect((await call('GET', '/auth/me', undefined, person.token)).status).toBe(401);

    const out = await call('POST', '/auth/logout', undefined, token);
    expect([out.status, out.json]).toEqual([200, { message: 'Déconnexion réussie' }]);
    for (const path of ['/auth/logout', '/auth/refresh'])
      expect((await call('POST', path, undefined, token)).status).toBe(401);
  });
});

describe('access', () => {
  const routes: [string, string, unknown?][] = [
    ['GET', '/admin/roles'],
    ['POST', '/admin/roles', { name: 'mine' }],
    ['GET', '/admin/roles/1'],
    ['PUT', '/admin/roles/1', { description: 'x' }],
    ['DELETE', '/admin/roles/3'],
    ['GET', '/admin/roles/1/permissions'],
    ['POST', '/admin/roles/2/permissions', { name: '*:*' }],
    ['DELETE', '/admin/roles/2/permissions', { name: 'documents:own' }],
    ['GET', '/admin/permissions'],
    ['POST', '/admin/permissions', { name: 'a:b' }],
    ['GET', '/admin/users'],
    ['GET', '/admin/users/1'],
    ['GET', '/admin/users/ME'],
    ['POST', '/admin/users/ME/roles/1'],
    ['DELETE', '/admin/users/1/roles/1'],
    ['PUT', '/admin/users/ME/roles', { roles: ['admin'] }],
    ['DELETE', '/admin/users/1'],
    ['GET', '/admin/permissions/1'],
    ['PUT', '/admin/permissions/1', { description: 'x' }],
    ['DELETE', '/admin/permissions/1'],
    ['POST', '/admin/users/1/activate'],
    ['POST', '/admin/users/1/deactivate'],
  ];
  test.each(routes)('%s %s gives an ordinary person and a reader nothing', async (method, path, json) => {
    for (const roles of [['user'], ['lecteur']]) {
      const person = await server.person({ roles });
      const { status, json: answer } = await call(method, path.replace('ME', String(person.id)), json, person.token);
      expect([status, answer.error.code]).toEqual([403, 'AUTHORIZATION_ERROR']);
    }
    expect((await server.request(method, path, json === undefined ? {} : { json })).status).toBe(401);
  });

  test('without the scope admin even an administrator changes no rights', async () => {
    const create = 'mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { token } }';
    const { token } = (await server.graphql(create, { input: { name: 'x', scopes: ['READ', 'WRITE'] } }, admin.token))
      .data.createApiToken;
    expect((await call('GET', '/admin/roles', undefined, token)).status).toBe(200);
    expect((await call('POST', '/admin/roles', { name: 'mine' }, token)).status).toBe(403);
    expect((await call('POST', `/admin/users/${admin.id}/roles/2`, undefined, token)).status).toBe(403);
  });

  test("whoever reads the accounts sees everybody's roles; a colleague sees none, not even shared ones", async () => {
    const [one, other] = [
      await server.person({ roles: ['lecteur'] }),
      await server.person({ roles: ['lecteur', 'user'] }),
    ];
    const moderator = await server.person({ roles: ['moderator'] });
    const query = 'query ($id: ID!) { user(id: $id) { roles { name } roleAssignments { scope } } }';
    const seenBy = async ({ token }: Person) => (await server.graphql(query, { id: other.id }, token)).data.user;
    expect(await seenBy(one)).toEqual({ roles: [], roleAssignments: [] });
    expect(await seenBy(other)).toEqual({
      roles: [{ name: 'user' }, { name: 'lecteur' }],
      roleAssignments: [{ scope: '*' }, { scope: '*' }],
    });
    expect(await seenBy(moderator)).toEqual({ roles: [{ name: 'user' }, { name: 'lecteur' }], roleAssignments: [] });
  });
});

test('the last administrator stays; of two who demote or deactivate each other exactly one wins', async () => {
  const role = await roleId('admin');
  for (const [method, path] of [
    ['DELETE', `roles/${role}`],
    ['POST', 'deactivate'],
  ] as const) {
    expect(problemOf(await call(method, `/admin/users/${admin.id}/${path}`))).toEqual([
      409,
      'CONFLICT',
      "C'est le dernier administrateur actif",
    ]);
    const second = await server.person({ roles: ['admin'] });
    const answers = await Promise.all([
      call(method, `/admin/users/${second.id}/${path}`, undefined, admin.token),
      call(method, `/admin/users/${admin.id}/${path}`, undefined, second.token),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status < 300)).toHaveLength(1);
    // The loser may come late enough to have lost the right, or the session.
    expect([401, 403, 409]).toContain(statuses.find((status) => status >= 300));
    const left = await server.sql(
      "select u.id from users u join user_roles ur on ur.user_id = u.id join roles r on r.id = ur.role_id where r.name = 'admin' and u.is_active",
    );
    expect(left).toHaveLength(1);
    if (left[0].id === second.id) admin = second;
  }
});
