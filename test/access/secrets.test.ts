import { generate } from 'otplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    env: { JWT_SECRET: 'a-signing-secret-'.repeat(3), ENCRYPTION_KEY: 'a-sealing-key-'.repeat(3) },
  });
});
/** Throws when the log or a table holds a secret that came by: so in every test file, and here with all kinds of them. */
afterAll(() => server?.stop());

const fresh = 'Tres-secret-2026!';
const login = (username: string, password: string) =>
  server.request('POST', '/auth/login', { json: { username, password } });
const graphql = (query: string, variables: object, token?: string) => server.graphql(query, variables, token);

/** Signs in and up through every door that takes or shows a secret. */
async function useEveryDoor(email: string, password: string): Promise<void> {
  const names = { email: `new-${email}`, password: fresh, firstName: 'Claire', lastName: 'Moreau' };
  await server.request('POST', '/v1/users', { json: names });
  await server.request('POST', '/auth/register', {
    json: { ...names, email: `x-${email}`, full_name: 'Claire Moreau' },
  });
  await login(email, password);
  for (const body of [{ json: { username: email, password } }, { form: { username: email, password } }]) {
    const { headers } = await server.request('POST', '/kdocs/login', body);
    const cookie = headers.get('set-cookie')?.split(';')[0];
    if (cookie) await server.request('GET', '/kdocs/api/documents', { headers: { cookie } });
  }
  const input = { identifier: email, password };
  await graphql('mutation ($input: LoginInput!) { login(input: $input) { cookie { value } } }', {
    input: { ...input, kind: 'COOKIE' },
  });
  await graphql(
    `mutation { login(input: { identifier: "${email}", password: "${password}" }) { tokens { accessToken } } }`,
    {},
  );
  const { data } = await graphql(
    'mutation ($input: LoginInput!) { login(input: $input) { tokens { accessToken refreshToken } } }',
    { input },
  );
  const { accessToken, refreshToken } = data?.login?.tokens ?? {};
  await graphql(
    'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { tokens { accessToken refreshToken } } }',
    { input: { refreshToken: refreshToken ?? 'rft_unknown' } },
  );
  await server.request('POST', '/auth/refresh', { token: accessToken, json: {} });
  const { data: made } = await graphql(
    'mutation { createApiToken(input: { name: "cli" }) { token apiToken { id prefix } } }',
    {},
    accessToken,
  );
  await server.request('GET', '/v1/users/me', { token: made?.createApiToken?.token ?? 'apt_unknown' });
  await graphql('{ viewer { id email sessions { id } apiTokens { id name prefix } } }', {}, accessToken);
}

/** Makes and uses what a person may sign in with beside the password, and what lives on after it. Answers what was shown. */
async function useEveryCredential({ username, password, token }: Person): Promise<string[]> {
  const deviceOf = (cookies: string[]): string =>
    cookies.find((cookie) => cookie.startsWith('passerelle_device='))?.split(';')[0] ?? '';
  const slp = (more: object, headers: Record<string, string> = {}) =>
    server.request('POST', '/api/auth/login', {
      json: { nom_utilisateur: username, mot_de_passe: password, ...more },
      headers,
    });
  const signedIn = await slp({});
  const device = deviceOf(signedIn.headers.getSetCookie());
  await slp({}, { cookie: device });
  const refreshed = await server.request('POST', '/api/auth/refresh', {
    json: { refresh_token: signedIn.json?.refresh_token ?? 'rft_unknown' },
  });
  const budget = await server.request('POST', '/api/v1/auth/token/refresh', {
    json: { refresh: refreshed.json?.refresh_token ?? 'rft_unknown' },
  });

  const name = `new${(newcomers += 1)}`;
  const registered = await server.request('POST', '/api/v1/auth/register', {
    json: { email: `${name}@example.com`, username: name },
  });
  const registration = registered.headers.get('set-cookie')?.split(';')[0] ?? '';
  await server.request('POST', '/api/v1/auth/webauthn/register/begin', {
    json: { user_id: registered.json?.id ?? 1 },
    headers: { cookie: registration },
  });

  const key = await server.request('POST', '/api/api-keys', { json: { nom: 'cli' }, token });
  await server.request('GET', '/auth/me', { headers: { 'x-api-key': key.json?.cle_api ?? 'sk_unknown' } });
  await server.request('POST', `/api/api-keys/${key.json?.id}/regenerate`, { json: {}, token });

  const setUp = await server.request('POST', '/api/auth/2fa/setup', { json: {}, token });
  const secret: string = setUp.json?.secret ?? '';
  const code = secret ? await generate({ secret }) : '000000';
  const confirmed = await server.request('POST', '/api/auth/2fa/verify', { json: { code }, token });
  const recoveryCodes: string[] = confirmed.json?.codes_recuperation ?? [];
  await slp({ code_2fa: recoveryCodes[0] ?? 'none' });
  await slp({ code_2fa: 'wrong' });
  await server.request('POST', '/api/auth/2fa/disable', { json: { mot_de_passe: password }, token });
  return [
    device,
    signedIn.json?.refresh_token,
    refreshed.json?.refresh_token,
    budget.json?.refresh,
    registration,
    key.json?.cle_api,
    secret,
    recoveryCodes[0],
  ];
}
let newcomers = 0;

/** Where a statement fails its parameters go along with the error, and the error goes to the log. */
async function without(table: string, use: () => Promise<unknown>): Promise<void> {
  await server.sql(`alter table ${table} rename to ${table}_away`);
  await use();
  await server.sql(`alter table ${table}_away rename to ${table}`);
}

test('what is used rightly, wrongly, or while the database fails is neither logged nor kept in the open', async () => {
  const { email, password, id, token } = await server.person();
  await useEveryDoor(email, password);
  await login(email, `${password}-wrong-2`);
  // People type their password where the name belongs.
  await login(`${fresh}name`, password);
  await server.request('GET', `/v1/users/me?token=${token}&password=${encodeURIComponent(fresh)}`, { token });
  await server.request('POST', '/auth/login', {
    body: `{"username": "${email}", "password": "${password}"`,
    headers: { 'content-type': 'application/json' },
  });
  const changed = await graphql(
    'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } } }',
    { input: { id: String(id), currentPassword: password, newPassword: fresh } },
    token,
  );
  expect(changed.errors).toBeUndefined();

  for (const table of ['sessions', 'refresh_tokens', 'api_tokens', 'login_attempts', 'events', 'users']) {
    await without(table, async () => {
      await useEveryDoor(`${table}-${email}`, password);
      await useEveryDoor(email, fresh);
    });
  }
  const failed = server.log.filter((line) => JSON.parse(line).level >= 50);
  expect(failed.length).toBeGreaterThan(10);
  for (const secret of ['a-signing-secret-', 'a-sealing-key-'])
    expect(server.log.filter((line) => line.includes(secret))).toEqual([]);
});

test('so it is with keys, devices, second factors and passkeys', async () => {
  const rich = await server.person({ roles: ['admin'] });
  const shown = await useEveryCredential(rich);
  expect(shown).toEqual(
    [/dev_/, /^rft_/, /^rft_/, /^rft_/, /=reg_/, /^sk_/, /^[A-Z2-7]{32}$/, /^(\w{4}-){3}\w{4}$/].map((look) =>
      expect.stringMatching(look),
    ),
  );
  for (const secret of shown) expect(server.secrets.leaksIn(`x ${secret.split('=').at(-1)} x`)).toHaveLength(1);
  for (const table of ['api_keys', 'known_devices', 'second_factors', 'recovery_codes', 'passkey_challenges'])
    await without(table, () => useEveryCredential(rich));
});

test('a token is shown once: neither the list of tokens nor a later answer holds it', async () => {
  const { token } = await server.person();
  const { data } = await graphql(
    'mutation { createApiToken(input: { name: "cli" }) { token apiToken { id prefix } } }',
    {},
    token,
  );
  const secret: string = data.createApiToken.token;
  const list = await server.request('POST', '/graphql', {
    json: { query: '{ viewer { apiTokens { id name prefix } } }' },
    token,
  });
  expect(list.text).toContain(secret.slice(0, 10));
  expect(list.text).not.toContain(secret);
});

test('the watch fails for a secret in the log, in a table, and in a second answer', async () => {
  const other = await startTestServer();
  const { data } = await other.graphql(
    'mutation { createApiToken(input: { name: "cli" }) { token } }',
    {},
    other.admin.token,
  );
  const { token } = data.createApiToken;
  expect(await other.leaks()).toEqual([]);
  other.log.push(
    `{"msg":"hello","authorization":"Bearer ${token}"}`,
    `{"body":{"password":"${other.admin.password}"}}`,
  );
  await other.sql(
    `insert into events (type, subject_type, subject_id, data) values ('user.login', 'User', '1', jsonb_build_object('token', ?::text))`,
    [token],
  );
  await other.sql('update users set city = ?', [`x ${other.admin.password}`]);
  expect((await other.leaks()).map((leak) => leak.split(' ')[0]).toSorted()).toEqual([
    'events:',
    'log:',
    'log:',
    'users:',
  ]);
  await expect(other.stop()).rejects.toThrow('Secrets stand in the open');

  const seen = `apt_${'A'.repeat(43)}`;
  const exchange = { name: 'GET /x', credentials: [], body: undefined, answer: seen, isReplayable: false };
  server.secrets.noteExchange(exchange);
  expect(() => server.secrets.noteExchange(exchange)).toThrow('shows apt_AAAAAA… again');
  expect(() =>
    server.secrets.noteExchange({ ...exchange, body: { password: 'Abcdefg-1' }, answer: 'Abcdefg-1' }),
  ).toThrow('answers with the password');
});
