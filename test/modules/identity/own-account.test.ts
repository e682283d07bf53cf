import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

interface SignedIn {
  token: string;
  sessionId: string;
  deviceToken: string;
}

async function signIn({ email, password }: Person, userAgent: string): Promise<SignedIn> {
  const { json } = await server.request('POST', '/graphql', {
    headers: { 'user-agent': userAgent },
    json: {
      query: 'mutation ($input: LoginInput!) { login(input: $input) { tokens { accessToken } deviceToken } }',
      variables: { input: { identifier: email, password, rememberDevice: true } },
    },
  });
  const { tokens, deviceToken } = json.data.login;
  const token = tokens.accessToken;
  const sessions = await sessionsOf(token);
  return { token, deviceToken, sessionId: sessions.find((s) => s.isCurrent)?.id as string };
}
const sessionsOf = async (
  token: string,
): Promise<{ id: string; userAgent: string | null; isCurrent: boolean; revokedAt: string | null }[]> =>
  (await server.graphql('{ viewer { sessions { id userAgent isCurrent revokedAt } } }', {}, token)).data.viewer
    .sessions;
const statusOf = async (token: string): Promise<number> => (await server.request('GET', '/auth/me', { token })).status;
const run = (mutation: string, selection: string, input: object | undefined, token: string) =>
  server.graphql(
    `mutation { ${mutation}${
      input
        ? `(input: { ${Object.entries(input)
            .map(([k, v]) => `${k}: ${JSON.stringify(v)}`)
            .join(', ')} })`
        : ''
    } { ${selection} } }`,
    {},
    token,
  );
const codeOf = ({ errors }: { errors?: any[] }): string | undefined => errors?.[0].extensions.code;
const tokenOf = async ({ token }: Person): Promise<string> =>
  (
    await server.graphql(
      'mutation { createApiToken(input: { name: "robot", scopes: [READ, WRITE, ADMIN] }) { token } }',
      {},
      token,
    )
  ).data.createApiToken.token;
const eventsOf = async (userId: number): Promise<string[]> =>
  (await server.sql('select type from events where account_id = ? order by id', [userId])).map((e) => e.type);

describe('sessions', () => {
  test('a person sees where they are signed in, which one they are using, and ends one or all others at once', async () => {
    const person = await server.person();
    const [phone, laptop, tablet] = [
      await signIn(person, 'Phone/1'),
      await signIn(person, 'Laptop/1'),
      await signIn(person, 'Tablet/1'),
    ];
    await server.sql(
      "insert into sessions (user_id, kind, token_hash, expires_at) values (?, 'ceremony', ?, now() + interval '5 minutes')",
      [person.id, randomUUID()],
    );
    const sessions = await sessionsOf(phone.token);
    expect(sessions.map((s) => [s.userAgent, s.isCurrent])).toEqual([
      ['Tablet/1', false],
      ['Laptop/1', false],
      ['Phone/1', true],
      [null, false],
    ]);

    expect(
      (await run('revokeSession', 'session { id isCurrent revokedAt }', { id: laptop.sessionId }, phone.token)).data
        .revokeSession.session,
    ).toEqual({ id: laptop.sessionId, isCurrent: false, revokedAt: expect.any(String) });
    expect([await statusOf(laptop.token), await statusOf(tablet.token), await statusOf(phone.token)]).toEqual([
      401, 200, 200,
    ]);

    const others = await run(
      'revokeOtherSessions',
      'user { sessions { isCurrent revokedAt } }',
      undefined,
      phone.token,
    );
    expect(others.data.revokeOtherSessions.user.sessions.filter((s: any) => !s.revokedAt)).toEqual([
      { isCurrent: true, revokedAt: null },
    ]);
    expect([await statusOf(tablet.token), await statusOf(person.token), await statusOf(phone.token)]).toEqual([
      401, 401, 200,
    ]);
  });

  test('others neither see nor end them, an administrator does both; a token does not end any', async () => {
    const [person, other] = [await server.person(), await server.person({ roles: ['manager'] })];
    const { sessionId, token } = await signIn(person, 'Phone/1');
    const seen = (viewer: Person) =>
      server.graphql(`{ user(id: ${person.id}) { sessions { id } devices { id } } }`, {}, viewer.token);
    expect((await seen(other)).data.user).toEqual({ sessions: [], devices: [] });
    const { sessions, devices } = (await seen(server.admin)).data.user;
    expect([sessions.length, devices.length]).toEqual([2, 1]);
    for (const [mutation, id, selection] of [
      ['revokeSession', sessionId, 'session { id }'],
      ['revokeDevice', devices[0].id, 'device { id }'],
    ] as const) {
      expect(codeOf(await run(mutation, selection, { id }, other.token))).toBe('NOT_FOUND');
      expect(codeOf(await run(mutation, selection, { id }, await tokenOf(person)))).toBe('FORBIDDEN');
    }
    expect(codeOf(await run('revokeOtherSessions', 'user { id }', undefined, await tokenOf(person)))).toBe('FORBIDDEN');
    expect(await statusOf(token)).toBe(200);
    expect(
      (await run('revokeDevice', 'device { id revokedAt }', { id: devices[0].id }, server.admin.token)).data
        .revokeDevice.device.revokedAt,
    ).toEqual(expect.any(String));
    expect(codeOf(await run('revokeSession', 'session { id }', { id: sessionId }, server.admin.token))).toBeUndefined();
    expect(await statusOf(token)).toBe(401);
  });
});

describe('a changed password', () => {
  const change = (input: object, token: string) =>
    run('changePassword', 'user { devices { revokedAt } }', { newPassword: 'Nouveau-123', ...input }, token);

  test("ends the other sessions and forgets the devices; programs' tokens go on", async () => {
    const person = await server.person();
    const [phone, laptop] = [await signIn(person, 'Phone/1'), await signIn(person, 'Laptop/1')];
    const robot = await tokenOf(person);
    const { data } = await change({ id: person.id, currentPassword: person.password }, phone.token);
    expect(data.changePassword.user.devices).toEqual([
      { revokedAt: expect.any(String) },
      { revokedAt: expect.any(String) },
    ]);
    expect([await statusOf(phone.token), await statusOf(laptop.token), await statusOf(robot)]).toEqual([200, 401, 200]);
    expect((await eventsOf(person.id)).filter((type) => type === 'device.revoked')).toHaveLength(2);
  });

  test('cannot be reached by guessing the old one in a session that was left open', async () => {
    const person = await server.person();
    const guesses = [];
    for (let i = 0; i < 6; i++)
      guesses.push(codeOf(await change({ id: person.id, currentPassword: `Wrong-${i}` }, person.token)));
    expect(guesses).toEqual([...Array.from({ length: 5 }, () => 'BAD_USER_INPUT'), 'RATE_LIMITED']);
    expect(codeOf(await change({ id: person.id, currentPassword: person.password }, person.token))).toBe(
      'RATE_LIMITED',
    );
  });

  test('set by an administrator it ends all sessions; with revokeTokens tokens and keys as well, each with its event', async () => {
    const person = await server.person();
    const phone = await signIn(person, 'Phone/1');
    const robot = await tokenOf(person);
    await server.sql(
      "insert into api_keys (user_id, name, prefix, key_hash, scopes) values (?, 'k', 'sk_', encode(sha256('sk_test'), 'hex'), '{read}')",
      [person.id],
    );
    expect([await statusOf(robot), await statusOf('sk_test')]).toEqual([200, 200]);
    expect(
      codeOf(
        await run(
          'changePassword',
          'user { id }',
          { id: person.id, newPassword: 'Nouveau-123', revokeTokens: true, password: server.admin.password },
          server.admin.token,
        ),
      ),
    ).toBeUndefined();
    for (const credential of [phone.token, robot, 'sk_test']) expect(await statusOf(credential)).toBe(401);
    expect(await eventsOf(person.id)).toEqual(
      expect.arrayContaining([
        'session.revoked',
        'device.revoked',
        'api_token.revoked',
        'api_key.revoked',
        'user.password_changed',
      ]),
    );
  });
});
