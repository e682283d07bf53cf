import { generate } from 'otplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let clock = Date.now();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ env: { TRUST_PROXY: '1' }, now: () => new Date(clock) });
});
afterAll(() => server?.stop());

const post = (path: string, json?: object, token?: string) =>
  server.request('POST', `/api/auth${path}`, { ...(json && { json }), token });
const login = ({ username, password }: Person, code_2fa?: string) =>
  post('/login', { nom_utilisateur: username, mot_de_passe: password, ...(code_2fa !== undefined && { code_2fa }) });
const codeOf = (secret: string) => generate({ secret, epoch: Math.floor(clock / 1000) });
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const tokens = {
  access_token: expect.stringMatching(/^eyJ/),
  refresh_token: expect.stringMatching(/^rft_/),
  token_type: 'bearer',
  expires_in: 1800,
};

test('POST /auth/login answers exactly the documented keys, for the user name and the e-mail', async () => {
  const person = await server.person({ roles: ['technicien'] });
  for (const nom_utilisateur of [person.username, person.email]) {
    const { status, json } = await post('/login', { nom_utilisateur, mot_de_passe: person.password });
    expect(status).toBe(200);
    const utilisateur = {
      id: expect.stringMatching(uuid),
      nom_utilisateur: person.username,
      email: person.email,
      role: 'technicien',
    };
    expect(json).toEqual({ ...tokens, utilisateur });
    const refreshed = await post('/refresh', { refresh_token: json.refresh_token });
    expect([refreshed.status, refreshed.json]).toEqual([200, { ...tokens, utilisateur }]);
    expect((await server.request('GET', '/auth/me', { token: json.access_token })).json.id).toBe(person.id);
  }
});

test('POST /auth/login also takes the form of OAuth, and its names in JSON', async () => {
  const { username, password } = await server.person();
  const form = { grant_type: 'password', username, password, scope: '', client_id: '' };
  for (const sent of [{ form }, { json: form }, { form: { nom_utilisateur: username, mot_de_passe: password } }]) {
    const { status, json } = await server.request('POST', '/api/auth/login/', sent);
    expect([status, json.utilisateur?.nom_utilisateur]).toEqual([200, username]);
  }
  const wrong = await server.request('POST', '/api/auth/login', { form: { username, password: 'Faux-motdepasse1' } });
  expect(wrong).toMatchObject({ status: 401, json: { detail: 'Identifiants invalides' } });
  const empty = await server.request('POST', '/api/auth/login', { form: { username, password: '' } });
  expect([empty.status, Object.keys(empty.json.field_errors)]).toEqual([422, ['mot_de_passe']]);
});

test('POST /auth/test-login is not there without a made-up firm', async () => {
  const { username, password } = await server.person();
  expect(await post('/test-login', { username, password })).toMatchObject({ status: 404 });
});

test.each([
  [['lecteur', 'manager', 'user'], 'manager'],
  [['consultant', 'admin'], 'admin'],
  [['user', 'moderator'], 'lecteur'],
  [[], 'lecteur'],
])('who holds %j is shown as %s', async (roles, role) => {
  expect((await login(await server.person({ roles }))).json.utilisateur.role).toBe(role);
});

test('a refusal speaks in the documented envelope', async () => {
  const { username, password } = await server.person();
  const wrong = await post('/login', { nom_utilisateur: username, mot_de_passe: 'Faux-motdepasse1' });
  expect(wrong).toMatchObject({
    status: 401,
    json: {
      detail: 'Identifiants invalides',
      error_code: 'AUTHENTICATION_ERROR',
      field_errors: {},
    },
  });
  expect(wrong.headers.get('x-2fa-required')).toBeNull();
  const unknown = await post('/login', { nom_utilisateur: 'personne', mot_de_passe: password });
  expect([unknown.status, unknown.json]).toEqual([401, wrong.json]);
  const empty = await post('/login', {});
  expect([empty.status, empty.json.error_code, Object.keys(empty.json.field_errors).toSorted()]).toEqual([
    422,
    'VALIDATION_ERROR',
    ['mot_de_passe', 'nom_utilisateur'],
  ]);
  for (const code_2fa of [123456, {}, 'x'.repeat(51)]) {
    expect(await post('/login', { nom_utilisateur: username, mot_de_passe: password, code_2fa })).toMatchObject({
      status: 422,
      json: { field_errors: { code_2fa: [expect.any(String)] } },
    });
  }
  expect(
    (
      await server.request('POST', '/api/auth/login', {
        body: '{"nom',
        headers: { 'content-type': 'application/json' },
      })
    ).status,
  ).toBe(400);
});

describe('POST /auth/refresh', () => {
  const refresh = (refresh_token: string, headers: Record<string, string> = {}) =>
    server.request('POST', '/api/auth/refresh', { json: { refresh_token }, headers });
  const isOpen = async (token: string): Promise<boolean> =>
    (await server.request('GET', '/auth/me', { token })).status === 200;

  test('gives new tokens; the used one is good for ten seconds more, then its return ends the session', async () => {
    const { json: first } = await login(await server.person());
    const second = await refresh(first.refresh_token);
    expect([second.status, second.json]).toMatchObject([200, tokens]);
    clock += 9_000;
    const other = await refresh(first.refresh_token);
    expect(other.status).toBe(200);
    expect(new Set([first, second.json, other.json].map((json) => json.refresh_token)).size).toBe(3);
    // Both tabs go on.
    const [third, fourth] = [await refresh(second.json.refresh_token), await refresh(other.json.refresh_token)];
    expect([third.status, fourth.status]).toEqual([200, 200]);

    clock += 1_000;
    expect(await refresh(first.refresh_token)).toMatchObject({
      status: 401,
      json: { detail: 'Token de rafraîchissement invalide ou expiré', error_code: 'AUTHENTICATION_ERROR' },
    });
    for (const { json } of [third, fourth])
      expect([await isOpen(json.access_token), (await refresh(json.refresh_token)).status]).toEqual([false, 401]);
    expect((await post('/refresh', {})).json.field_errors).toHaveProperty('refresh_token');
  });

  test('of several tabs at the same moment each gets tokens of its own, and all of them work', async () => {
    const { json: first } = await login(await server.person());
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(first.refresh_token)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map(({ json }) => json.refresh_token)).size).toBe(5);
    for (const { json } of answers)
      expect([await isOpen(json.access_token), (await refresh(json.refresh_token)).status]).toEqual([true, 200]);
  });

  test('of two tabs one may come over IPv4 and the other over IPv6, and both go on', async () => {
    const { json: first } = await login(await server.person());
    const answers = [
      await refresh(first.refresh_token),
      await refresh(first.refresh_token, { 'x-forwarded-for': '2001:db8::9' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    for (const { json } of answers) expect(await isOpen(json.access_token)).toBe(true);
  });

  test.each([
    ['another program', { 'user-agent': 'curl/8.5.0' }],
    ['another address', { 'x-forwarded-for': '203.0.113.9' }],
    ['another program over IPv6', { 'x-forwarded-for': '2001:db8::9', 'user-agent': 'curl/8.5.0' }],
  ])('from %s the used one ends the session at once', async (_name, headers) => {
    const { json: first } = await login(await server.person());
    const second = await refresh(first.refresh_token);
    expect((await refresh(first.refresh_token, headers)).status).toBe(401);
    expect(await isOpen(second.json.access_token)).toBe(false);
  });

  test("the bearer's renewal at the same moment takes nothing from the other tab", async () => {
    const { json: first } = await login(await server.person());
    const renew = () => server.request('POST', '/auth/refresh', { token: first.access_token });
    const [one, other] = await Promise.all([renew(), renew()]);
    for (const { json } of [one, other]) expect((await refresh(json.refresh_token)).status).toBe(200);
    clock += 10_000;
    const later = await renew();
    await renew();
    expect((await refresh(first.refresh_token)).status).toBe(401);
    expect((await refresh(later.json.refresh_token)).status).toBe(200);
  });
});

test('POST /auth/logout ends the session, whatever its body says', async () => {
  for (const body of [undefined, {}, { refresh_token: 'rft_other' }]) {
    const { json } = await login(await server.person());
    const out = await post('/logout', body, json.access_token);
    expect([out.status, out.json]).toEqual([200, { message: 'Déconnexion réussie' }]);
    expect((await post('/logout', body, json.access_token)).status).toBe(401);
    expect((await post('/refresh', { refresh_token: json.refresh_token })).status).toBe(401);
  }
  expect((await post('/logout')).status).toBe(401);
});

test('2FA is set up, verified, asked for at the login and disabled', async () => {
  const person = await server.person();
  const { token } = person;
  const setUp = await post('/2fa/setup', undefined, token);
  expect(setUp.status).toBe(200);
  expect(Object.keys(setUp.json)).toEqual(['secret', 'otpauth_url', 'qr_code']);
  const url = new URL(setUp.json.otpauth_url);
  expect([
    url.protocol,
    decodeURIComponent(url.pathname),
    url.searchParams.get('secret'),
    url.searchParams.get('issuer'),
  ]).toEqual(['otpauth:', expect.stringContaining(`Passerelle:${person.email}`), setUp.json.secret, 'Passerelle']);
  expect(
    Buffer.from(setUp.json.qr_code.replace('data:image/png;base64,', ''), 'base64').subarray(1, 4).toString(),
  ).toBe('PNG');
  // Until it is verified nothing is asked for, and another set-up takes its place.
  expect((await login(person)).status).toBe(200);
  const { secret } = (await post('/2fa/setup', undefined, token)).json;
  expect(await post('/2fa/verify', { code: await codeOf(setUp.json.secret) }, token)).toMatchObject({
    status: 422,
    json: { field_errors: { code: [expect.any(String)] } },
  });

  const verified = await post('/2fa/verify', { code: await codeOf(secret) }, token);
  expect([verified.status, Object.keys(verified.json), new Set(verified.json.codes_recuperation).size]).toEqual([
    200,
    ['codes_recuperation'],
    10,
  ]);
  for (const path of ['/2fa/setup', '/2fa/verify'])
    expect(await post(path, { code: '123456' }, token)).toMatchObject({
      status: 409,
      json: { error_code: 'CONFLICT', detail: 'La double authentification est déjà activée' },
    });

  clock += 30_000;
  for (const code of [undefined, '', '000000', 'nonsense']) {
    const refused = await login(person, code);
    expect(refused).toMatchObject({ status: 401, json: { error_code: 'AUTHENTICATION_ERROR', field_errors: {} } });
    expect(refused.headers.get('x-2fa-required')).toBe('true');
  }
  expect(
    (await login({ ...person, password: 'Faux-motdepasse1' }, await codeOf(secret))).headers.get('x-2fa-required'),
  ).toBeNull();
  expect((await login(person, await codeOf(secret))).json).toMatchObject(tokens);

  expect(await post('/2fa/disable', {}, token)).toMatchObject({
    status: 422,
    json: { field_errors: { mot_de_passe: [expect.any(String)] } },
  });
  expect(await post('/2fa/disable', { mot_de_passe: 'Faux-motdepasse1' }, token)).toMatchObject({
    status: 422,
    json: { field_errors: { mot_de_passe: [expect.any(String)] } },
  });
  const disabled = await post('/2fa/disable', { mot_de_passe: person.password }, token);
  expect([disabled.status, disabled.json]).toEqual([200, { message: 'Double authentification désactivée' }]);
  expect((await login(person)).status).toBe(200);
  expect(await post('/2fa/disable', { mot_de_passe: person.password }, token)).toMatchObject({
    status: 409,
    json: { detail: "La double authentification n'est pas activée" },
  });
});

test('2FA is a matter for the person: nobody is 401, a token of theirs is 403', async () => {
  const person = await server.person();
  const { data } = await server.graphql(
    'mutation { createApiToken(input: { name: "x", scopes: [READ, WRITE, ADMIN] }) { token } }',
    {},
    person.token,
  );
  for (const [path, body] of [
    ['/2fa/setup', undefined],
    ['/2fa/verify', { code: '123456' }],
    ['/2fa/disable', { mot_de_passe: person.password }],
  ] as const) {
    expect(await post(path, body)).toMatchObject({ status: 401, json: { error_code: 'AUTHENTICATION_ERROR' } });
    expect(await post(path, body, data.createApiToken.token)).toMatchObject({
      status: 403,
      json: { error_code: 'AUTHORIZATION_ERROR' },
    });
  }
  expect(await post('/2fa/verify', { code: '123456' }, person.token)).toMatchObject({
    status: 409,
    json: { detail: "Préparez d'abord la double authentification" },
  });
});
