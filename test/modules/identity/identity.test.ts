import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SqlClient } from '../../../src/db/sql-client.js';
import { sql } from '../../../src/db/sql.js';
import { bootstrapAdmin } from '../../../src/modules/identity/people/bootstrap-admin.js';
import { passwordProblems } from '../../../src/modules/identity/sessions/passwords.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const password = 'SecurePassword123!';
const register =
  'mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id username email fullName roles { name } permissions } token } }';
const login =
  'mutation ($input: LoginInput!) { login(input: $input) { tokens { accessToken refreshToken expiresIn } user { id email lastLoginAt } } }';
const refresh =
  'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { tokens { accessToken refreshToken } user { id } } }';
const createToken =
  'mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { token apiToken { id name prefix scopes } } }';
const deleteUser = 'mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { deletedId } }';
const deleteOwnAccount =
  'mutation ($input: DeleteOwnAccountInput!) { deleteOwnAccount(input: $input) { deletedId kept } }';
const updateUser = 'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id firstName } } }';
const me = '{ viewer { id } }';

const run = (query: string, input: object, token?: string) => server.graphql(query, { input }, token);
const codeOf = (answer: { errors?: any[] }): string | undefined => answer.errors?.[0]?.extensions.code;
const fieldsOf = (answer: { errors?: any[] }): string[] =>
  (answer.errors?.[0]?.extensions.fields ?? []).map(
    (f: any) => `${f.path.join('.').replace(/^input\./, '')} ${f.code}`,
  );
const tokenOf = async (person: Person, input: object = {}) =>
  (await run(createToken, { name: 'script', ...input }, person.token)).data.createApiToken;
const roleId = async (name: string): Promise<string> =>
  String((await server.sql('select id from roles where name = ?', [name]))[0].id);

describe('registration', () => {
  test('names every problem at once', async () => {
    const { username } = await server.person();
    const answer = await run(register, {
      username: username.toUpperCase(),
      email: 'not an address',
      password: 'abc',
      phone: 'call me',
      firstName: 'x\0',
    });
    expect(fieldsOf(answer).toSorted()).toEqual([
      'email invalid_format',
      'firstName invalid',
      'password too_short',
      'password weak_password',
      'phone invalid_format',
      'username duplicate',
    ]);
  });

  test('derives a free user name, gives the role user, and a token when asked', async () => {
    const first = (
      await run(register, {
        email: 'Zoé.Dupont@one.example'.replace('é', 'e'),
        password,
        firstName: 'Zoé',
        withToken: true,
      })
    ).data.registerUser;
    const second = (await run(register, { email: 'zoe.dupont@two.example', password })).data.registerUser;
    expect([first.user.username, second.user.username]).toEqual(['zoe.dupont', 'zoe.dupont-2']);
    expect(first.user).toMatchObject({
      email: 'Zoe.Dupont@one.example',
      fullName: 'Zoé',
      roles: [{ name: 'user' }],
      permissions: ['documents:own'],
    });
    expect((await server.graphql(me, {}, first.token)).data.viewer.id).toBe(first.user.id);
    expect(second.token).toBeNull();
  });

  test('of one address by several at once: one wins, the others get the field', async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, i) =>
        run(register, { email: 'race@example.org', username: `racer${i}`, password }),
      ),
    );
    expect(answers.filter((a) => a.data?.registerUser)).toHaveLength(1);
    expect(answers.filter((a) => !a.data?.registerUser).map(fieldsOf)).toEqual([
      ['email duplicate'],
      ['email duplicate'],
      ['email duplicate'],
    ]);
    expect(await server.sql("select 1 from users where email = 'race@example.org'")).toHaveLength(1);
  });
});

describe('sessions', () => {
  test('open with either name, and tell nothing about who exists', async () => {
    const person = await server.person();
    for (const identifier of [person.username.toUpperCase(), person.email]) {
      const { data } = await run(login, { identifier, password: person.password });
      expect(data.login).toMatchObject({
        tokens: { expiresIn: 1800 },
        user: { id: String(person.id), email: person.email },
      });
      expect((await server.graphql(me, {}, data.login.tokens.accessToken)).data.viewer.id).toBe(String(person.id));
    }
    await server.sql('update users set is_active = false where id = ?', [person.id]);
    const refusals = await Promise.all([
      run(login, { identifier: person.email, password: person.password }),
      run(login, { identifier: 'nobody@example.org', password }),
      run(login, { identifier: 'no\0body', password }),
      run(login, { identifier: server.admin.username, password }),
    ]);
    for (const { errors } of refusals)
      expect(errors?.[0]).toMatchObject({
        message: 'Wrong user name or password',
        extensions: { code: 'UNAUTHENTICATED', reason: 'bad_credentials' },
      });
  });

  test('of a browser are opened by their secret and ended by their owner', async () => {
    const person = await server.person();
    const open =
      'mutation ($input: LoginInput!) { login(input: $input) { tokens { expiresIn } cookie { value expiresAt } user { id sessions { id kind revokedAt } } } }';
    const { tokens, cookie, user } = (
      await run(open, { identifier: person.username, password: person.password, kind: 'COOKIE' })
    ).data.login;
    expect(tokens).toBeNull();
    const session = user.sessions.find((s: any) => s.kind === 'COOKIE');
    const ask = () => server.request('GET', '/auth/me', { headers: { cookie: `kdocs_session=${cookie.value}` } });
    expect((await ask()).json.id).toBe(person.id);
    const revoke = 'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { session { revokedAt } } }';
    expect((await run(revoke, { id: session.id }, person.token)).data.revokeSession.session.revokedAt).toBeTruthy();
    expect((await ask()).status).toBe(401);
  });

  test('rotate; a refresh token that comes again later ends the session', async () => {
    const person = await server.person();
    const first = (await run(login, { identifier: person.email, password: person.password })).data.login;
    const { tokens: second, user } = (await run(refresh, { refreshToken: first.tokens.refreshToken })).data
      .refreshSession;
    expect(user.id).toBe(String(person.id));
    await server.sql("update refresh_tokens set used_at = used_at - interval '10 seconds' where used_at is not null");
    expect(codeOf(await run(refresh, { refreshToken: first.tokens.refreshToken }))).toBe('UNAUTHENTICATED');
    expect(codeOf(await run(refresh, { refreshToken: second.refreshToken }))).toBe('UNAUTHENTICATED');
    expect(codeOf(await server.graphql(me, {}, second.accessToken))).toBe('UNAUTHENTICATED');
    const events = await server.sql(
      "select data->>'reason' as reason from events where type = 'session.revoked' and (data->>'userId')::int = ?",
      [person.id],
    );
    expect(events).toEqual([{ reason: 'reuse' }]);
    // The other session of the same person goes on.
    expect((await server.graphql(me, {}, person.token)).data.viewer.id).toBe(String(person.id));
  });

  test('end at logout, and the others at a change of the password', async () => {
    const person = await server.person();
    const other = (await run(login, { identifier: person.email, password: person.password })).data.login;
    const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } } }';
    const wrong = await run(
      change,
      { id: person.id, currentPassword: 'Wrong-1-pass', newPassword: 'short' },
      person.token,
    );
    expect(fieldsOf(wrong).toSorted()).toEqual([
      'currentPassword invalid',
      'newPassword too_short',
      'newPassword weak_password',
    ]);
    expect(
      (await run(change, { id: person.id, currentPassword: person.password, newPassword: password }, person.token))
        .errors,
    ).toBeUndefined();
    expect(codeOf(await server.graphql(me, {}, other.tokens.accessToken))).toBe('UNAUTHENTICATED');
    expect(
      (await server.graphql('mutation { logout { session { id revokedAt } } }', {}, person.token)).data.logout.session
        .revokedAt,
    ).toBeTruthy();
    expect(codeOf(await server.graphql(me, {}, person.token))).toBe('UNAUTHENTICATED');
  });

  test('expired and forged tokens are refused, alg none as well', async () => {
    const { id, token } = await server.person();
    const { sid } = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString());
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const claims = part({ sub: String(id), sid, iss: 'passerelle', iat: now, exp: now + 600 });
    const signed = (secret: string): string => {
      const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${claims}`;
      return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
    };
    // The same construction with the right secret holds: the refusals below are about the signature and the time.
    expect((await server.graphql(me, {}, signed('test-secret-'.repeat(4)))).data.viewer.id).toBe(String(id));
    const old = server.services.accessTokens.sign(id, sid, new Date(Date.now() - 1801_000));
    for (const forged of [
      signed('another secret'),
      `${part({ alg: 'none', typ: 'JWT' })}.${claims}.`,
      `${token.slice(0, -4)}AAAA`,
      old,
      'apt_nothing',
      '',
    ]) {
      expect((await server.request('GET', '/auth/me', { headers: { authorization: `Bearer ${forged}` } })).status).toBe(
        401,
      );
    }
  });
});

describe('API tokens', () => {
  test('are shown once, kept as a hash, refused when revoked', async () => {
    const person = await server.person();
    const { token, apiToken } = await tokenOf(person);
    expect(apiToken).toMatchObject({ name: 'script', prefix: token.slice(0, 10), scopes: ['READ', 'WRITE'] });
    expect(
      JSON.stringify(await server.sql('select t::text from api_tokens t where id = ?', [apiToken.id])),
    ).not.toContain(token);
    expect((await server.graphql('{ viewer { id apiTokens { id } } }', {}, token)).data.viewer).toEqual({
      id: String(person.id),
      apiTokens: [],
    });
    expect(codeOf(await run(createToken, { name: 'more' }, token))).toBe('FORBIDDEN');
    const writeOnly = await tokenOf(person, { scopes: ['WRITE'] });
    expect((await server.graphql(me, {}, writeOnly.token)).data).toEqual({ viewer: null });
    const revoke =
      'mutation ($input: RevokeApiTokenInput!) { revokeApiToken(input: $input) { apiToken { id revokedAt } } }';
    expect((await run(revoke, { id: apiToken.id }, person.token)).data.revokeApiToken.apiToken.revokedAt).toBeTruthy();
    expect(codeOf(await server.graphql(me, {}, token))).toBe('UNAUTHENTICATED');
    expect(
      fieldsOf(
        await run(createToken, { name: ' ', scopes: [], expiresAt: '2020-01-01T00:00:00Z' }, person.token),
      ).toSorted(),
    ).toEqual(['expiresAt too_small', 'name required', 'scopes too_short']);
  });

  test('are a hundred at most that hold, also when several are made at once; the last hundred that ended stay', async () => {
    const person = await server.person();
    const tokens = async (): Promise<any[]> =>
      (await server.graphql('{ apiTokens { name isActive } }', {}, person.token)).data.apiTokens;
    const insert = (name: string, count: number, ends: string): Promise<any> =>
      server.sql(
        `insert into api_tokens (user_id, name, prefix, token_hash, scopes, ${ends.split(' ')[0]})
         select ?, ?, 'apt_', md5(random()::text), '{read}', ${ends.slice(ends.indexOf(' '))} from generate_series(1, ${count})`,
        [person.id, name],
      );
    await insert('live', 98, `expires_at now() + interval '1 day'`);
    await insert('expired', 70, `expires_at now() - interval '2 days'`);
    await insert('revoked', 70, `revoked_at now() - interval '1 day'`);
    const made = await Promise.all(Array.from({ length: 5 }, () => run(createToken, { name: 'made' }, person.token)));
    const refused = made.filter(({ errors }) => errors).map(({ errors }) => errors?.[0].extensions);
    expect(refused).toEqual(
      Array(3).fill(
        expect.objectContaining({
          code: 'CONFLICT',
          reason: 'too_many',
          subject: 'ApiToken',
          details: { limit: 100 },
        }),
      ),
    );
    const named = Map.groupBy(await tokens(), ({ name }) => name);
    expect([...named].map(([name, all]) => [name, all.length])).toEqual([
      ['live', 98],
      ['expired', 30],
      ['revoked', 70],
      ['made', 2],
    ]);
    // What stands above the bound since before is read whole.
    await insert('live', 50, `expires_at now() + interval '1 day'`);
    expect(await tokens()).toHaveLength(250);
    expect(codeOf(await run(createToken, { name: 'made' }, person.token))).toBe('CONFLICT');
  });

  test('and so are API keys, whatever their state', async () => {
    await server.sql(
      `insert into api_keys (user_id, name, prefix, key_hash, scopes, status)
       select ?, 'key', 'sk_', md5(random()::text), '{read}', 'inactive' from generate_series(1, 99)`,
      [server.admin.id],
    );
    const create = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } } }';
    const made = await Promise.all(Array.from({ length: 3 }, () => run(create, { name: 'more' }, server.admin.token)));
    expect(made.map((one) => one.errors?.[0].extensions.reason ?? 'made').toSorted()).toEqual([
      'made',
      'too_many',
      'too_many',
    ]);
    await server.sql('delete from api_keys where user_id = ?', [server.admin.id]);
  });

  test('that only read change nothing, and without the scope admin make nobody', async () => {
    const person = await server.person();
    const { token } = await tokenOf(person, { scopes: ['READ'] });
    expect(codeOf(await run(updateUser, { id: person.id, firstName: 'X' }, token))).toBe('FORBIDDEN');
    expect(codeOf(await run(deleteUser, { id: person.id }, token))).toBe('FORBIDDEN');
    const writes = await tokenOf(server.admin);
    const create = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }';
    expect(codeOf(await run(create, { email: 'made@example.org', password }, writes.token))).toBe('FORBIDDEN');
  });
});

test("another person's account, token and session look as if they did not exist", async () => {
  const [one, other] = [await server.person(), await server.person()];
  const { apiToken } = await tokenOf(other);
  const [session] = await server.sql('select id from sessions where user_id = ?', [other.id]);
  expect(
    (await server.graphql('query ($id: ID!) { user(id: $id) { id } }', { id: other.id }, one.token)).data.user,
  ).toBeNull();
  const attempts = [
    run(updateUser, { id: other.id, firstName: 'X' }, one.token),
    run(updateUser, { id: '999999999', firstName: 'X' }, one.token),
    run(updateUser, { id: "1'--", firstName: 'X' }, one.token),
    run(deleteUser, { id: other.id }, one.token),
    run(
      'mutation ($input: RevokeApiTokenInput!) { revokeApiToken(input: $input) { apiToken { id } } }',
      { id: apiToken.id },
      one.token,
    ),
    run(
      'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { session { id } } }',
      { id: session.id },
      one.token,
    ),
    run(
      'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { session { id } } }',
      { id: 'x' },
      one.token,
    ),
  ];
  expect((await Promise.all(attempts)).map(codeOf)).toEqual(attempts.map(() => 'NOT_FOUND'));
  expect(codeOf(await server.graphql('{ users { totalCount } }', {}, one.token))).toBe('FORBIDDEN');
  // A colleague's name is shown to whoever reads all documents; what is private is not.
  const reader = await server.person({ roles: ['lecteur'] });
  const seen = await server.graphql(
    'query ($id: ID!) { user(id: $id) { fullName email permissions apiTokens { id } sessions { id } } }',
    { id: other.id },
    reader.token,
  );
  expect(seen.data.user).toEqual({
    fullName: expect.any(String),
    email: null,
    permissions: [],
    apiTokens: [],
    sessions: [],
  });
});

test('sessions that are long over are swept by the next login', async () => {
  const person = await server.person();
  await server.sql("update sessions set expires_at = now() - interval '31 days' where user_id = ?", [person.id]);
  await server.sql(
    "insert into sessions (user_id, kind, token_hash, expires_at) values (?, 'ceremony', 'swept', now() - interval '31 days')",
    [person.id],
  );
  await server.request('POST', '/auth/login', { form: { username: person.email, password: person.password } });
  expect(
    await server.sql('select kind, expires_at > now() as live from sessions where user_id = ?', [person.id]),
  ).toEqual([{ kind: 'token', live: true }]);
});

test('of more sessions than a hundred the one unused for the longest time ends; the last hundred that ended stay', async () => {
  const person = await server.person();
  const insert = (count: number, columns: string, values: string): Promise<any> =>
    server.sql(
      `insert into sessions (user_id, kind, token_hash, last_used_at, ${columns})
       select ?, 'cookie', md5(random()::text), now() - interval '1 day' * i, ${values} from generate_series(1, ${count}) i`,
      [person.id],
    );
  await insert(120, 'user_agent, expires_at', `'live ' || i, now() + interval '1 day'`);
  await insert(80, 'user_agent, expires_at', `'expired', now() - interval '2 days'`);
  await insert(
    80,
    'user_agent, expires_at, revoked_at',
    `'revoked', now() + interval '1 day', now() - interval '1 day'`,
  );
  const logIn = () => run(login, { identifier: person.email, password: person.password });
  expect((await Promise.all([logIn(), logIn(), logIn()])).flatMap(({ errors }) => errors ?? [])).toEqual([]);
  const rows: { userAgent: string | null; revokedAt: string | null; expiresAt: string }[] = (
    await server.graphql('{ viewer { sessions { userAgent revokedAt expiresAt } } }', {}, person.token)
  ).data.viewer.sessions;
  const isLive = ({ revokedAt, expiresAt }: (typeof rows)[number]): boolean =>
    !revokedAt && new Date(expiresAt) > new Date();
  const live = rows.filter(isLive).map(({ userAgent }) => userAgent);
  expect(live).toHaveLength(100);
  // The session of the person's token, the three new ones, and those used last.
  expect(live.filter((name) => name?.startsWith('live '))).toHaveLength(96);
  expect(live).toEqual(expect.arrayContaining(['live 1', 'live 96']));
  // A hundred beside those that the last login ended.
  expect(rows.filter((row) => !isLive(row))).toHaveLength(101);
  const revoked = await server.sql(
    `select count(*)::int as n from events where type = 'session.revoked' and account_id = ?`,
    [person.id],
  );
  expect(revoked).toEqual([{ n: 24 }]);
});

describe('roles', () => {
  const assign =
    'mutation ($input: AssignRoleInput!) { assignRole(input: $input) { user { roles { name } permissions } } }';
  const remove = 'mutation ($input: RemoveRoleInput!) { removeRole(input: $input) { user { id } } }';

  test('are two hundred assignments at most, by whichever way and also when two give one at once', async () => {
    const person = await server.person({ roles: [] });
    await server.sql(
      `insert into document_types (code, label) select 'LOT' || i, 'Lot ' || i from generate_series(1, 200) i`,
    );
    const held = Number(
      (await server.sql('select count(*)::int as n from role_assignments where user_id = ?', [person.id]))[0].n,
    );
    await server.sql(
      `insert into role_assignments (user_id, role_id, scope)
       select ?, r.id, 'LOT' || i from roles r, generate_series(1, ?::int) i where r.name = 'APPROVER'`,
      [person.id, 199 - held],
    );
    const give = (name: string, scope: string) =>
      run(assign, { userId: person.id, roleId: name, scope }, server.admin.token);
    const reasonOf = (answer: { errors?: any[] }): string => answer.errors?.[0].extensions.reason ?? 'given';
    const both = await Promise.all([give('VALIDATOR_L1', 'LOT1'), give('VALIDATOR_L1', 'LOT2')]);
    expect(both.map(reasonOf).toSorted()).toEqual(['given', 'too_many']);
    const set = 'mutation ($input: SetUserRolesInput!) { setUserRoles(input: $input) { user { id } } }';
    const others = [
      await run(updateUser, { id: person.id, role: 'MANAGER' }, server.admin.token),
      await run(set, { userId: person.id, roleIds: ['APPROVER', 'VALIDATOR_L1', 'consultant'] }, server.admin.token),
    ];
    expect(others.map((answer) => [codeOf(answer), reasonOf(answer)])).toEqual(Array(2).fill(['CONFLICT', 'too_many']));
    // What the person holds is bounded anew all the same.
    expect(reasonOf(await give('APPROVER', 'LOT1'))).toBe('given');
    const { data } = await server.graphql(
      'query ($id: ID!) { user(id: $id) { roleAssignments { id } } }',
      { id: person.id },
      server.admin.token,
    );
    expect(data.user.roleAssignments).toHaveLength(200);
    await server.sql(`delete from document_types where code like 'LOT%'`);
  });

  test('are assigned once, guarded when they are of the system, and hand out no more than their giver holds', async () => {
    const person = await server.person();
    const input = { userId: person.id, roleId: await roleId('moderator') };
    const { data } = await run(assign, input, server.admin.token);
    expect(data.assignRole.user.roles.map((r: any) => r.name).toSorted()).toEqual(['moderator', 'user']);
    expect(data.assignRole.user.permissions).toContain('users:read');
    expect(codeOf(await run(assign, { ...input, replace: false }, server.admin.token))).toBe('CONFLICT');
    expect(codeOf(await run(assign, { ...input, roleId: await roleId('admin') }, person.token))).toBe('FORBIDDEN');

    const create = 'mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id userCount } } }';
    const grant =
      'mutation ($input: GrantPermissionInput!) { grantPermission(input: $input) { role { permissions { name } } } }';
    const { role } = (await run(create, { name: 'keeper' }, server.admin.token)).data.createRole;
    expect(role.userCount).toBe(0);
    expect(fieldsOf(await run(create, { name: 'keeper' }, server.admin.token))).toEqual(['name duplicate']);
    expect(
      (await run(grant, { roleId: role.id, permissionId: 'roles:write' }, server.admin.token)).data.grantPermission.role
        .permissions,
    ).toEqual([{ name: 'roles:write' }]);
    const keeper = await server.person({ roles: ['keeper'] });
    expect(codeOf(await run(assign, { userId: keeper.id, roleId: await roleId('admin') }, keeper.token))).toBe(
      'FORBIDDEN',
    );
    expect(codeOf(await run(grant, { roleId: role.id, permissionId: '*:*' }, keeper.token))).toBe('FORBIDDEN');

    const above = (await run(create, { name: 'above' }, server.admin.token)).data.createRole.role;
    await run(grant, { roleId: above.id, permissionId: 'users:write' }, server.admin.token);
    const revoke = 'mutation ($input: RevokePermissionInput!) { revokePermission(input: $input) { role { id } } }';
    expect(codeOf(await run(revoke, { roleId: above.id, permissionId: 'users:write' }, keeper.token))).toBe(
      'FORBIDDEN',
    );
    expect(
      codeOf(
        await run(
          'mutation ($input: DeleteRoleInput!) { deleteRole(input: $input) { deletedId } }',
          { id: above.id },
          keeper.token,
        ),
      ),
    ).toBe('FORBIDDEN');

    const rename = 'mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { role { name description } } }';
    const drop = 'mutation ($input: DeleteRoleInput!) { deleteRole(input: $input) { deletedId } }';
    expect(codeOf(await run(rename, { id: input.roleId, name: 'other' }, server.admin.token))).toBe('CONFLICT');
    expect(
      (await run(rename, { id: input.roleId, name: 'moderator', description: 'Neu' }, server.admin.token)).data
        .updateRole.role.description,
    ).toBe('Neu');
    expect(codeOf(await run(drop, { id: input.roleId }, server.admin.token))).toBe('CONFLICT');
    expect((await run(drop, { id: role.id }, server.admin.token)).data.deleteRole.deletedId).toBe(role.id);
  });

  test('the last active administrator stays, whichever way and also when two remove each other', async () => {
    const admin = await roleId('admin');
    const deactivate =
      'mutation ($input: DeactivateUserInput!) { deactivateUser(input: $input) { user { isActive } } }';
    for (const attempt of [
      run(remove, { userId: server.admin.id, roleId: admin }, server.admin.token),
      run(deactivate, { id: server.admin.id }, server.admin.token),
      run(deleteOwnAccount, { password: server.admin.password }, server.admin.token),
    ]) {
      expect((await attempt).errors?.[0].extensions).toMatchObject({ code: 'CONFLICT', reason: 'user.last_admin' });
    }
    const second = await server.person({ roles: ['admin'] });
    const both = await Promise.all([
      run(deactivate, { id: second.id }, server.admin.token),
      run(deactivate, { id: server.admin.id }, second.token),
    ]);
    expect(both.filter((a) => a.data?.deactivateUser)).toHaveLength(1);
    await server.sql('update users set is_active = id = ? where id in (?, ?)', [
      server.admin.id,
      server.admin.id,
      second.id,
    ]);
    const [session] = await server.sql(
      "insert into sessions (user_id, kind, expires_at) values (?, 'token', now() + interval '1 day') returning id",
      [server.admin.id],
    );
    server.admin.token = server.services.accessTokens.sign(server.admin.id, session.id, new Date());
  });
});

test('erasure leaves a pseudonym, purges what only the person had, and says what was kept', async () => {
  const [person, friend] = [await server.person(), await server.person()];
  const keyOf = (n: number): string => `documents/${`${person.id}${n}`.padStart(64, '0')}`;
  const document = async (n: number): Promise<number> => {
    const key = keyOf(n);
    await server.services.store.putBytes(Buffer.from(key), key);
    const hash = key.slice('documents/'.length);
    const [row] = await server.sql(
      `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, owner_id) values ('t', 'f', 'f', ?, ?, 1, 'text/plain', ?) returning id`,
      [key, hash, person.id],
    );
    return row.id;
  };
  const [own, shared] = [await document(1), await document(2)];
  await server.sql('insert into document_shares (document_id, user_id) values (?, ?)', [shared, friend.id]);
  const invoice = (status: string, number: string | null) =>
    server.sql(
      `insert into invoices (customer_id, created_by_id, status, number, issued_at, currency, total_excluding_tax, total_tax, total) values (?, ?, ?, ?, ?, 'EUR', 1, 0, 1)`,
      [friend.id, person.id, status, number, number && '2026-01-01T00:00:00Z'],
    );
  await invoice('draft', null);
  await invoice('issued', `F-${person.id}`);
  const { token } = await tokenOf(person);

  const { kept } = (await run(deleteOwnAccount, { password: person.password }, person.token)).data.deleteOwnAccount;
  expect(kept).toEqual([
    expect.stringMatching(/pseudonym/),
    expect.stringMatching(/^1 issued invoice.*ten years/),
    expect.stringMatching(/^1 document, .*shared/),
  ]);
  const [row] = await server.sql(
    'select username, email, full_name, password_hash, is_active from users where id = ?',
    [person.id],
  );
  expect(row).toEqual({
    username: `erased-${person.id}`,
    email: `erased-${person.id}@invalid.invalid`,
    full_name: '',
    password_hash: null,
    is_active: false,
  });
  expect(await server.sql('select id from documents where owner_id = ?', [person.id])).toEqual([{ id: shared }]);
  expect([await server.services.store.exists(keyOf(1)), await server.services.store.exists(keyOf(2))]).toEqual([
    false,
    true,
  ]);
  expect(await server.sql('select status from invoices where created_by_id = ?', [person.id])).toEqual([
    { status: 'issued' },
  ]);
  expect(await server.sql("select subject_id from events where type = 'document.purged'")).toEqual([
    { subject_id: String(own) },
  ]);
  for (const credential of [token, person.token])
    expect(codeOf(await server.graphql(me, {}, credential))).toBe('UNAUTHENTICATED');
  expect(codeOf(await run(login, { identifier: person.email, password: person.password }))).toBe('UNAUTHENTICATED');
});

test('oneself is erased only by a mutation of its own, in person and against a proof', async () => {
  const person = await server.person();
  const erase = (input: object, token = person.token) => run(deleteOwnAccount, input, token);
  // Nothing is left out by mistake: the id of whom to erase is required.
  const [{ message }] = (await server.graphql('mutation { deleteUser(input: {}) { deletedId } }', {}, person.token))
    .errors as [{ message: string }];
  expect(message).toMatch(/"DeleteUserInput.id" of required type "ID!"/);
  for (const { id, token } of [person, server.admin]) {
    const { errors } = await run(deleteUser, { id }, token);
    expect(errors?.[0].extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'user.self' });
  }
  expect(fieldsOf(await erase({}))).toEqual(['password required']);
  expect(fieldsOf(await erase({ password: 'Wrong-1-pass' }))).toEqual(['password invalid']);
  expect(fieldsOf(await erase({ password: person.password, code: '123456' }))).toEqual(['code invalid']);
  const { token } = await tokenOf(person, { scopes: ['READ', 'WRITE', 'ADMIN'] });
  const byToken = await erase({ password: person.password }, token);
  expect(byToken.errors?.[0].extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'session_needed' });
  expect(codeOf(await server.graphql(me, {}, token))).toBeUndefined();
  // ArchiDrive's contract has no place for a proof, so its request is one; but only for oneself.
  const other = await server.person();
  expect((await server.request('DELETE', `/v1/users/${other.id}`, { token })).status).toBe(404);
  expect((await server.request('DELETE', `/v1/users/${person.id}`, { token })).status).toBe(200);
  expect((await erase({ password: other.password }, other.token)).data.deleteOwnAccount.deletedId).toBe(
    String(other.id),
  );
  expect(
    await server.sql('select 1 from users where id in (?, ?) and erased_at is null', [person.id, other.id]),
  ).toEqual([]);
});

test('the first administrator is made only when there is nobody', async () => {
  const admin = { username: 'admin', email: 'admin@example.com', password: undefined };
  const { client } = server.db;
  expect(await bootstrapAdmin(client, { admin })).toBeUndefined();
  const undone = client.transaction(async (tx) => {
    await tx.run(sql`truncate users cascade`);
    const inner: SqlClient = { ...tx, transaction: (work) => work(tx), onSignal: client.onSignal };
    const made = await bootstrapAdmin(inner, { admin });
    expect(made).toMatchObject({ username: 'admin', email: 'admin@example.com' });
    expect(passwordProblems(made?.password ?? '', 'password')).toEqual([]);
    expect(await inner.all(sql`select r.name from user_roles ur join roles r on r.id = ur.role_id`)).toEqual([
      { name: 'admin' },
    ]);
    expect(await bootstrapAdmin(inner, { admin })).toBeUndefined();
    throw new Error('undo');
  });
  await expect(undone).rejects.toThrow('undo');
});

test('whoever manages people cannot act as somebody who may do more, nor end their credentials', async () => {
  const [role] = await server.sql("insert into roles (name) values ('hr') returning id");
  await server.sql(
    "insert into role_permissions select ?, id from permissions where name in ('users:read', 'users:write')",
    [role.id],
  );
  const hr = await server.person({ roles: ['hr'] });
  const manager = await server.person({ roles: ['manager'] });
  const ordinary = await server.person({ roles: [] });
  const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } } }';
  expect(codeOf(await run(change, { id: manager.id, newPassword: 'Hijack-123' }, hr.token))).toBe('FORBIDDEN');
  // A session that was left open is not enough: the viewer proves that they sit there.
  const [fresh, proof] = [{ id: ordinary.id, newPassword: 'Nouveau-123' }, { password: hr.password }];
  expect(codeOf(await run(change, fresh, hr.token))).toBe('BAD_USER_INPUT');
  expect(codeOf(await run(change, { ...fresh, password: 'Fausse-123' }, hr.token))).toBe('BAD_USER_INPUT');
  const update = 'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }';
  expect((await run(update, { ...fresh, firstName: 'Zoé' }, hr.token)).errors?.[0].extensions.reason).toBe(
    'user.another_password',
  );
  expect(codeOf(await run(change, { ...fresh, ...proof }, hr.token))).toBeUndefined();
  const next = await server.person({ roles: [] });
  await server.sql(
    "insert into role_assignments (user_id, role_id, valid_from) select ?, id, current_date + 1 from roles where name = 'admin'",
    [next.id],
  );
  expect(codeOf(await run(change, { id: next.id, newPassword: 'Hijack-123' }, hr.token))).toBe('FORBIDDEN');
  const former = await server.person({ roles: [] });
  await server.sql(
    "insert into role_assignments (user_id, role_id, valid_to) select ?, id, current_date - 1 from roles where name = 'admin'",
    [former.id],
  );
  expect(codeOf(await run(change, { id: former.id, newPassword: 'Nouveau-123', ...proof }, hr.token))).toBeUndefined();
  const [session] = await server.sql('select id from sessions where user_id = ?', [server.admin.id]);
  const revoke = 'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { session { id } } }';
  expect(codeOf(await run(revoke, { id: session.id }, hr.token))).toBe('NOT_FOUND');
  const seen = await server.graphql(
    `{ user(id: ${server.admin.id}) { sessions { id } apiTokens { id } } }`,
    {},
    hr.token,
  );
  expect(seen.data.user).toEqual({ sessions: [], apiTokens: [] });
});

test('an API token without the scope admin changes only its own person; without read, /auth/me is 403', async () => {
  const { token } = await tokenOf(server.admin, { scopes: ['READ', 'WRITE'] });
  const other = await server.person();
  expect(codeOf(await run(updateUser, { id: other.id, firstName: 'X' }, token))).toBe('FORBIDDEN');
  expect(codeOf(await run(deleteUser, { id: other.id }, token))).toBe('FORBIDDEN');
  const blind = await tokenOf(server.admin, { scopes: ['WRITE'] });
  expect((await server.request('GET', '/auth/me', { token: blind.token })).status).toBe(403);
});

test('a change that could not be shown to who makes it is refused before it is done', async () => {
  const holder = async (...permissions: string[]): Promise<Person> => {
    const name = `holds-${permissions.join('-').replaceAll(':', '_')}`;
    const [{ id }] = await server.sql('insert into roles (name) values (?) returning id', [name]);
    for (const permission of permissions)
      await server.sql('insert into role_permissions select ?, id from permissions where name = ?', [id, permission]);
    return server.person({ roles: ['user', name] });
  };
  const target = await server.person();
  const [id, roles] = [target.id, [await roleId('user')]];
  const roleWriter = await holder('roles:write');
  const roleKeeper = await holder('roles:read', 'roles:write');
  const clerk = await holder('users:write');
  const keyWriter = await holder('api_keys:write');
  const { token: writeOnly } = await tokenOf(server.admin, { scopes: ['WRITE', 'ADMIN'] });
  const { token: ownWriteOnly } = await tokenOf(target, { scopes: ['WRITE'] });
  const account = { username: 'unseen', email: 'unseen@example.org', password };
  const unseen: [string, string, string, object, string][] = [
    [roleWriter.token, 'createRole', 'role { id }', { name: 'unseen' }, 'FORBIDDEN'],
    [roleWriter.token, 'updateRole', 'role { id }', { id: roles[0], description: 'unseen' }, 'FORBIDDEN'],
    [roleWriter.token, 'createPermission', 'permission { id }', { resource: 'un', action: 'seen' }, 'FORBIDDEN'],
    [roleWriter.token, 'assignRole', 'user { id }', { userId: id, roleId: roles[0] }, 'FORBIDDEN'],
    [roleKeeper.token, 'assignRole', 'roleAssignment { id }', { userId: id, roleId: roles[0] }, 'NOT_FOUND'],
    [roleKeeper.token, 'setUserRoles', 'user { id }', { userId: id, roleIds: [] }, 'NOT_FOUND'],
    [roleKeeper.token, 'removeRole', 'deletedIds', { userId: id, roleId: roles[0] }, 'NOT_FOUND'],
    [clerk.token, 'createUser', 'user { id }', account, 'FORBIDDEN'],
    [clerk.token, 'updateUser', 'user { id }', { id, firstName: 'Unseen' }, 'NOT_FOUND'],
    [clerk.token, 'changePassword', 'user { id }', { id, newPassword: password }, 'NOT_FOUND'],
    [clerk.token, 'deactivateUser', 'user { id }', { id }, 'NOT_FOUND'],
    [clerk.token, 'activateUser', 'user { id }', { id }, 'NOT_FOUND'],
    [clerk.token, 'unlockUser', 'user { id }', { id }, 'NOT_FOUND'],
    [clerk.token, 'deleteUser', 'deletedId', { id }, 'NOT_FOUND'],
    [keyWriter.token, 'createApiKey', 'secret', { name: 'unseen' }, 'FORBIDDEN'],
    [writeOnly, 'createTag', 'tag { id }', { name: 'unseen' }, 'FORBIDDEN'],
    [writeOnly, 'createTag', '__typename', { name: 'unseen' }, 'FORBIDDEN'],
    [writeOnly, 'createRole', 'role { id }', { name: 'unseen' }, 'FORBIDDEN'],
    [writeOnly, 'createUser', 'user { id }', account, 'FORBIDDEN'],
    [ownWriteOnly, 'updateUser', 'user { id }', { id, firstName: 'Unseen' }, 'FORBIDDEN'],
    [ownWriteOnly, 'createSavedView', 'savedView { id }', { name: 'unseen' }, 'FORBIDDEN'],
  ];
  const written = (): Promise<any[]> => server.sql('select id, type from events order by id');
  const before = await written();
  for (const [token, mutation, selection, input, code] of unseen) {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { ${mutation}(input: $input) { ${selection} } }`;
    expect([mutation, codeOf(await run(query, input, token))]).toEqual([mutation, code]);
  }
  expect(await written()).toEqual(before);
  // What shows nothing needs nothing to be read, and who signs in is shown as themselves.
  expect(codeOf(await server.graphql('mutation { markAllNotificationsRead { changedCount } }', {}, ownWriteOnly))).toBe(
    undefined,
  );
  const credentials = { identifier: target.email, password: target.password };
  expect((await run(login, credentials, ownWriteOnly)).data.login.user.id).toBe(String(id));
  const seer = await holder('users:read', 'users:write');
  expect((await run(updateUser, { id, firstName: 'Seen' }, seer.token)).data.updateUser.user.firstName).toBe('Seen');
});
