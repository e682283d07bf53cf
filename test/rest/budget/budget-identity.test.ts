import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relyingParty } from '../../../src/modules/identity/passkeys/webauthn-ceremony.js';
import { Authenticator, type Misbehaviour } from '../../support/authenticator.js';
import { type Answer, type RequestOptions, startTestServer, type TestServer } from '../../support/harness.js';

const site = { origin: 'https://budget.example', rpId: 'budget.example' };
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const minute = 60_000;

let clock = Date.parse('2026-02-03T10:00:00Z');
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ env: { PUBLIC_URL: site.origin, TRUST_PROXY: '1' }, now: () => new Date(clock) });
});
afterAll(() => server?.stop());

const call = (method: string, path: string, options?: RequestOptions): Promise<Answer> =>
  server.request(method, `/api/v1${path}`, options);
const post = (path: string, json: unknown, options: RequestOptions = {}): Promise<Answer> =>
  call('POST', path, { json, ...options });

let people = 0;
const newPerson = () => ({ email: `user${(people += 1)}@example.com`, username: `john_doe${people}` });
const cookieOf = ({ headers }: Answer): string => (headers.get('set-cookie') ?? '').split(';')[0] as string;

async function register(
  person = newPerson(),
): Promise<{ id: number; email: string; username: string; cookie: string }> {
  const made = await post('/auth/register', person);
  expect([made.status, made.json]).toMatchObject([201, { email: person.email }]);
  return { ...person, id: made.json.id, cookie: cookieOf(made) };
}

type Owner = { id: number; cookie?: string; token?: string };
const as = ({ cookie, token }: Partial<Owner>): RequestOptions => ({ token, ...(cookie && { headers: { cookie } }) });

async function addPasskey(
  owner: Owner,
  authenticator = new Authenticator(site),
  wrong?: Misbehaviour,
): Promise<Answer> {
  return completePasskey(owner, authenticator.create(await beginPasskey(owner), wrong));
}

async function beginPasskey(owner: Owner): Promise<any> {
  const begun = await post('/auth/webauthn/register/begin', { user_id: owner.id }, as(owner));
  expect(begun.status).toBe(200);
  return begun.json;
}

const completePasskey = (owner: Owner, credential: unknown): Promise<Answer> =>
  post('/auth/webauthn/register/complete', { credential, device_name: 'Proton Pass' }, as(owner));

async function logIn(
  authenticator: Authenticator,
  { email, ...wrong }: Misbehaviour & { email?: string } = {},
): Promise<Answer> {
  const begun = await post('/auth/webauthn/login/begin', { email });
  return post('/auth/webauthn/login/complete', { credential: authenticator.get(begun.json, wrong) });
}

/** A person with one passkey, and signed in by it. */
async function personWithPasskey(algorithm: 'ES256' | 'RS256' = 'ES256') {
  const person = await register();
  const authenticator = new Authenticator(site, algorithm);
  expect((await addPasskey(person, authenticator)).status).toBe(201);
  const signedIn = await logIn(authenticator, { email: person.email });
  expect(signedIn.status).toBe(200);
  return {
    id: person.id,
    email: person.email,
    username: person.username,
    authenticator,
    token: signedIn.json.access as string,
    refresh: signedIn.json.refresh as string,
  };
}

const passkeyCount = async (): Promise<number> => (await server.sql('select count(*)::int as n from passkeys'))[0].n;

describe('the documented exchange', () => {
  test('register, passkey, login and refresh answer as printed', async () => {
    const made = await post('/auth/register', { email: 'user@example.com', username: 'john_doe' });
    expect([made.status, made.json]).toEqual([
      201,
      {
        id: expect.any(Number),
        email: 'user@example.com',
        username: 'john_doe',
        created_at: expect.stringMatching(moment),
      },
    ]);
    expect(made.headers.get('set-cookie')).toMatch(
      /^budget_registration=reg_[\w-]+; Path=\/api\/v1\/auth\/webauthn; Max-Age=600; HttpOnly; SameSite=Strict; Secure$/,
    );
    const headers = { cookie: cookieOf(made) };
    const { id } = made.json;

    const begun = await post('/auth/webauthn/register/begin', { user_id: id }, { headers });
    expect(begun.status).toBe(200);
    expect(Object.keys(begun.json).slice(0, 6)).toEqual([
      'challenge',
      'rp',
      'user',
      'pubKeyCredParams',
      'timeout',
      'attestation',
    ]);
    expect(begun.json).toMatchObject({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      rp: { name: 'Budget Tracker', id: 'budget.example' },
      user: { id: Buffer.from(`user_${id}`).toString('base64url'), name: 'user@example.com', displayName: 'john_doe' },
      pubKeyCredParams: [
        { type: 'public-key', alg: -7 },
        { type: 'public-key', alg: -257 },
      ],
      timeout: 60000,
      attestation: 'none',
      excludeCredentials: [],
    });

    const authenticator = new Authenticator(site);
    const completed = await post(
      '/auth/webauthn/register/complete',
      { credential: authenticator.create(begun.json), device_name: 'Proton Pass' },
      { headers },
    );
    expect([completed.status, completed.json]).toEqual([
      201,
      { success: true, message: 'Passkey enregistrée avec succès' },
    ]);
    expect(completed.headers.get('set-cookie')).toMatch(/^budget_registration=; .*Max-Age=0;/);

    const asked = await post('/auth/webauthn/login/begin', { email: 'user@example.com' });
    expect([asked.status, asked.json]).toEqual([
      200,
      {
        challenge: expect.stringMatching(/^[\w-]{43}$/),
        timeout: 60000,
        rpId: 'budget.example',
        allowCredentials: [{ type: 'public-key', id: authenticator.id.toString('base64url') }],
        userVerification: 'preferred',
      },
    ]);
    const signedIn = await post('/auth/webauthn/login/complete', {
      credential: authenticator.get(asked.json, { withoutHandle: true }),
    });
    expect([signedIn.status, signedIn.json]).toEqual([
      200,
      {
        access: expect.stringMatching(/^eyJ/),
        refresh: expect.any(String),
        user: { id, email: 'user@example.com', username: 'john_doe' },
      },
    ]);
    expect((await server.request('GET', '/auth/me', { token: signedIn.json.access })).json.id).toBe(id);

    const { refresh } = signedIn.json;
    const renewed = await post('/auth/token/refresh', { refresh });
    expect([renewed.status, renewed.json]).toEqual([
      200,
      { access: expect.stringMatching(/^eyJ/), refresh: expect.any(String) },
    ]);
    // Another tab of the same browser asks at the same moment; later the token is taken for stolen.
    const raced = await post('/auth/token/refresh', { refresh });
    expect([raced.status, raced.json.refresh === renewed.json.refresh]).toEqual([200, false]);
    clock += 10_000;
    const reused = await post('/auth/token/refresh', { refresh });
    expect([reused.status, reused.json.error.code]).toEqual([401, 'AUTHENTICATION_FAILED']);
    expect((await post('/auth/token/refresh', { refresh: renewed.json.refresh })).status).toBe(401);
    expect((await call('GET', '/api-tokens', { token: renewed.json.access })).status).toBe(401);
  });

  test('what happened is in the log, and no secret is', async () => {
    const { id, token, authenticator } = await personWithPasskey();
    const second = new Authenticator(site);
    await addPasskey({ id, token }, second);
    const { json } = await call('GET', '/auth/passkeys', { token });
    await call('DELETE', `/auth/passkeys/${json.results[0].id}`, { token });
    await logIn(authenticator);
    const events = await server.sql('select type, data from events where account_id = ? order by id', [id]);
    expect(events.map((e) => e.type)).toEqual([
      'user.registered',
      'passkey.added',
      'user.login',
      'passkey.added',
      'passkey.removed',
    ]);
    const everything = `${server.log.join('\n')}${JSON.stringify(await server.sql('select * from events'))}`;
    expect(everything).not.toMatch(/reg_[\w-]{43}|rft_[\w-]{43}/);
  });

  test('errors have the documented format', async () => {
    const { status, json } = await post('/auth/register', { email: 'nobody' });
    expect([status, json]).toEqual([
      422,
      {
        error: {
          code: 'VALIDATION_ERROR',
          message: 'Les données fournies sont invalides',
          details: { email: [expect.any(String)], username: ['Ce champ est requis'] },
        },
        detail: 'Les données fournies sont invalides',
      },
    ]);
    const { email, username } = await register();
    const taken = await post('/auth/register', { email: email.toUpperCase(), username });
    expect([taken.status, taken.json.error.code, Object.keys(taken.json.error.details).toSorted()]).toEqual([
      409,
      'DUPLICATE_ENTRY',
      ['email', 'username'],
    ]);
    expect((await post('/auth/register', { email: 'other@example.com', username })).json.error.details).toHaveProperty(
      'username',
    );
    expect(await call('GET', '/nowhere')).toMatchObject({
      status: 404,
      json: { error: { code: 'RESOURCE_NOT_FOUND', details: {} } },
    });
    expect(await call('PUT', '/auth/register')).toMatchObject({
      status: 405,
      json: { error: { code: 'METHOD_NOT_ALLOWED' } },
    });
    expect(
      await call('POST', '/auth/register', { body: '{', headers: { 'content-type': 'application/json' } }),
    ).toMatchObject({ status: 400, json: { error: { code: 'VALIDATION_ERROR' } } });
    expect(await call('GET', '/api-tokens')).toMatchObject({
      status: 401,
      json: { error: { code: 'AUTHENTICATION_FAILED' } },
    });
  });

  test('an access token whose half hour is over is told apart from a wrong one', async () => {
    const { token } = await server.person();
    expect((await call('GET', '/api-tokens', { token })).status).toBe(200);
    clock += 31 * minute;
    expect(await call('GET', '/api-tokens', { token })).toMatchObject({
      status: 401,
      json: { error: { code: 'TOKEN_EXPIRED' } },
    });
    expect(await call('GET', '/api-tokens', { token: `${token}x` })).toMatchObject({
      status: 401,
      json: { error: { code: 'AUTHENTICATION_FAILED' } },
    });
  });
});

test('the relying party follows PUBLIC_URL, and a loopback address goes by localhost', () => {
  expect(relyingParty({ publicUrl: 'https://budget.example:8443/app' })).toEqual({
    id: 'budget.example',
    origin: 'https://budget.example:8443',
  });
  for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
    expect(relyingParty({ publicUrl: `http://${host}:4000` })).toEqual({
      id: 'localhost',
      origin: 'http://localhost:4000',
    });
  }
});

describe("a registration's session", () => {
  test('has a cookie that stays on https once it came by it', async () => {
    const made = await post('/auth/register', newPerson(), { headers: { 'x-forwarded-proto': 'https' } });
    expect(made.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
  });

  test('opens no other door, and not the ceremony of somebody else', async () => {
    const [one, other] = [await register(), await register()];
    const token = one.cookie.split('=')[1] as string;
    const credentials: RequestOptions[] = [
      { token },
      { headers: { cookie: one.cookie } },
      { headers: { cookie: `kdocs_session=${token}` } },
      { headers: { 'x-api-key': token } },
    ];
    for (const credential of credentials) {
      expect((await call('GET', '/api-tokens', credential)).status).toBe(401);
      expect((await server.request('GET', '/auth/me', credential)).status).toBe(401);
    }
    expect((await post('/auth/webauthn/register/begin', { user_id: other.id }, as(one))).status).toBe(404);
    expect((await post('/auth/webauthn/register/begin', { user_id: 999_999 }, as(one))).status).toBe(404);
    expect((await post('/auth/webauthn/register/begin', { user_id: one.id })).status).toBe(401);
    expect(
      (await post('/auth/webauthn/register/begin', { user_id: one.id }, as({ cookie: 'budget_registration=reg_x' })))
        .status,
    ).toBe(401);
  });

  test('does not show among the places where a person is signed in', async () => {
    const { token } = await personWithPasskey();
    const { data } = await server.graphql('{ viewer { sessions { kind } } }', {}, token);
    expect(data.viewer.sessions).toEqual([{ kind: 'TOKEN' }]);
  });

  test('ends after ten minutes and with the first passkey', async () => {
    const late = await register();
    clock += 11 * minute;
    expect((await post('/auth/webauthn/register/begin', { user_id: late.id }, as(late))).status).toBe(401);
    const done = await register();
    await addPasskey(done);
    expect((await post('/auth/webauthn/register/begin', { user_id: done.id }, as(done))).status).toBe(401);
  });

  test('takes one passkey even when two are completed at once', async () => {
    const person = await register();
    const begun = [await beginPasskey(person), await beginPasskey(person)];
    const credentials = begun.map((options) => new Authenticator(site).create(options));
    const both = await Promise.all(credentials.map((credential) => completePasskey(person, credential)));
    const [first, second] = both.map(({ status }) => status).toSorted();
    expect(first).toBe(201);
    // The challenge is used up, or by then the registration's session has ended.
    expect([401, 422]).toContain(second);
  });

  test('of an account that was left half made can be had again, and only then', async () => {
    const { email, id, username } = await register();
    const again = { email: email.toUpperCase(), username: `${username}-bis` };
    expect((await post('/auth/register', again)).status).toBe(409);
    clock += 11 * minute;
    const both = await Promise.all([post('/auth/register', again), post('/auth/register', again)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    const made = both.find(({ status }) => status === 201) as Answer;
    expect(made.json).toMatchObject({ id, username: again.username });
    expect((await addPasskey({ id, cookie: cookieOf(made) })).status).toBe(201);
    clock += 11 * minute;
    expect((await post('/auth/register', again)).status).toBe(409);
  });

  test('is not given for an account that somebody has given something to', async () => {
    const person = await register();
    clock += 11 * minute;
    await server.sql("insert into role_assignments (user_id, role_id) select ?, id from roles where name = 'manager'", [
      person.id,
    ]);
    expect((await post('/auth/register', { email: person.email, username: person.username })).status).toBe(409);
  });

  test('is not stopped by the cookie of another session that has ended', async () => {
    const person = await register();
    const begun = await post(
      '/auth/webauthn/register/begin',
      { user_id: person.id },
      as({ cookie: `${person.cookie}; kdocs_session=ses_ended` }),
    );
    expect(begun.status).toBe(200);
    expect(
      (
        await post(
          '/auth/webauthn/register/begin',
          { user_id: person.id },
          { token: 'wrong', headers: { cookie: person.cookie } },
        )
      ).status,
    ).toBe(401);
  });
});

describe('a registration is refused', () => {
  const attacks: [string, Misbehaviour][] = [
    ['from another origin', { origin: 'https://evil.example' }],
    ['for another relying party', { rpId: 'evil.example' }],
    ['with a challenge of its own', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
    ['that is a proof', { type: 'webauthn.get' }],
    ['from a foreign frame', { crossOrigin: true }],
    ['without a person present', { userPresent: false }],
    ['with an unknown attestation', { format: 'marvel' }],
    ['with a statement where none belongs', { statement: { x: 1 } }],
    ['with certificates', { format: 'packed', statement: { alg: -7, sig: Buffer.alloc(70), x5c: [Buffer.alloc(10)] } }],
  ];
  test.each(attacks)('%s', async (_name, wrong) => {
    const before = await passkeyCount();
    const { status, json } = await addPasskey(await register(), new Authenticator(site), wrong);
    expect([status, json.error.code, Object.keys(json.error.details)]).toEqual([422, 'WEBAUTHN_ERROR', ['credential']]);
    expect(await passkeyCount()).toBe(before);
  });

  test('after five minutes, with the challenge of somebody else or of a login, and the second time', async () => {
    const [one, other] = [await server.person(), await server.person()];
    const begin = async (owner: Owner) =>
      (await post('/auth/webauthn/register/begin', { user_id: owner.id }, as(owner))).json;
    const complete = (owner: Owner, credential: unknown) =>
      post('/auth/webauthn/register/complete', { credential, device_name: 'x' }, as(owner));
    const authenticator = new Authenticator(site);
    const options = await begin(one);
    expect((await complete(other, authenticator.create(options))).status).toBe(422);
    const login = (await post('/auth/webauthn/login/begin', {})).json;
    expect((await complete(one, authenticator.create({ ...options, challenge: login.challenge }))).status).toBe(422);
    const late = await begin(one);
    clock += 5 * minute + 1000;
    expect((await complete(one, authenticator.create(late))).status).toBe(422);
    const credential = authenticator.create(await begin(one));
    expect((await complete(one, credential)).status).toBe(201);
    expect((await complete(one, credential)).status).toBe(422);
  });

  test('with a key that was cut short or is too weak', async () => {
    const person = await server.person();
    for (const cutBytes of [1, 2, 31])
      expect((await addPasskey(person, new Authenticator(site), { cutBytes })).status).toBe(422);
    for (const cutBytes of [1, 2, 3])
      expect((await addPasskey(person, new Authenticator(site, 'RS256'), { cutBytes })).status).toBe(422);
    expect((await addPasskey(person, new Authenticator(site, 'RS256', 1024))).status).toBe(422);
  });

  test('for a key that is registered already', async () => {
    const { authenticator } = await personWithPasskey();
    const thief = await server.person();
    expect(await addPasskey(thief, authenticator)).toMatchObject({
      status: 409,
      json: { error: { code: 'DUPLICATE_ENTRY' } },
    });
  });

  test('beside fifty others, before the device makes one and after', async () => {
    const person = await personWithPasskey();
    const authenticator = new Authenticator(site);
    const begun = await beginPasskey(person);
    await server.sql(
      `insert into passkeys (user_id, credential_id, public_key, counter, transports, name, created_at)
       select ?, 'other-' || i, 'key', 0, '{}', 'Autre', now() from generate_series(1, 49) i`,
      [person.id],
    );
    const refused = {
      status: 409,
      json: { error: { message: "Le nombre maximal est atteint : supprimez-en ou révoquez-en d'abord" } },
    };
    expect(await completePasskey(person, authenticator.create(begun))).toMatchObject(refused);
    expect(await post('/auth/webauthn/register/begin', { user_id: person.id }, as(person))).toMatchObject(refused);
    await server.sql(`delete from passkeys where credential_id like 'other-%'`);
  });

  test('with an API token, which is not in person', async () => {
    const { id, token } = await server.person();
    const { json } = await post('/api-tokens', { name: 'Script' }, { token });
    const headers = { authorization: `ApiToken ${json.token}` };
    for (const [method, path, body] of [
      ['POST', '/auth/webauthn/register/begin', { user_id: id }],
      ['GET', '/auth/passkeys'],
      ['DELETE', '/auth/passkeys/1'],
      ['GET', '/api-tokens'],
      ['POST', '/api-tokens', { name: 'x' }],
      ['DELETE', '/api-tokens/1'],
    ] as const) {
      const answer = await call(method, path, { headers, json: body });
      expect([path, answer.status, answer.json.error.code]).toEqual([path, 403, 'PERMISSION_DENIED']);
    }
    const { data } = await server.graphql('{ viewer { id passkeys { id } } }', {}, json.token);
    expect(data.viewer.passkeys).toEqual([]);
  });
});

describe('a login', () => {
  test('works with RS256, with base64, without a name, and with a counter that stays at 0', async () => {
    const { authenticator, email, id } = await personWithPasskey('RS256');
    expect((await logIn(authenticator, { email, standardBase64: true })).status).toBe(200);
    expect((await post('/auth/webauthn/login/begin', {})).json.allowCredentials).toEqual([]);
    expect((await logIn(authenticator)).json.user.id).toBe(id);
    expect((await logIn(authenticator, { withoutHandle: true })).json.user.id).toBe(id);
    const still = new Authenticator(site);
    const owner = await register();
    expect((await addPasskey(owner, still, { standardBase64: true })).status).toBe(201);
    for (const _time of [1, 2]) expect((await logIn(still, { counter: 0 })).status).toBe(200);
  });

  const attacks: [string, Misbehaviour][] = [
    ['from another origin', { origin: 'https://evil.example' }],
    ['from the origin on another port', { origin: 'https://budget.example:8443' }],
    ['for another relying party', { rpId: 'evil.example' }],
    ['with a challenge of its own', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
    ['that is a registration', { type: 'webauthn.create' }],
    ['from a foreign frame', { crossOrigin: true }],
    ['without a person present', { userPresent: false }],
    ['with a changed signature', { tamperSignature: true }],
    ['with a counter that went back', { counter: 1 }],
    ['with a counter that stands still', { counter: 5 }],
    ['under the handle of somebody else', { userHandle: 'user_1' }],
  ];
  test.each(attacks)('is refused %s', async (_name, wrong) => {
    const { authenticator, email, id } = await personWithPasskey();
    expect((await logIn(authenticator, { email, counter: 5 })).status).toBe(200);
    const { status, json } = await logIn(authenticator, { email, counter: 6, ...wrong });
    expect([status, json.error]).toEqual([
      401,
      { code: 'WEBAUTHN_ERROR', message: "La passkey n'ouvre aucun compte : recommencez la connexion", details: {} },
    ]);
    const [failure] = await server.sql("select data from events where type = 'user.login_failed' and subject_id = ?", [
      String(id),
    ]);
    expect(failure.data).toEqual({ reason: 'passkey' });
  });

  test('is refused for a stranger, for the challenge of another person, of a registration, and after five minutes', async () => {
    const [one, other] = [await personWithPasskey(), await personWithPasskey()];
    expect((await logIn(new Authenticator(site), { email: one.email })).status).toBe(401);
    expect((await logIn(other.authenticator, { email: one.email })).status).toBe(401);
    const begun = (await post('/auth/webauthn/register/begin', { user_id: one.id }, as(one))).json;
    expect((await post('/auth/webauthn/login/complete', { credential: one.authenticator.get(begun) })).status).toBe(
      401,
    );
    const late = (await post('/auth/webauthn/login/begin', { email: one.email })).json;
    clock += 5 * minute + 1000;
    expect((await post('/auth/webauthn/login/complete', { credential: one.authenticator.get(late) })).status).toBe(401);
  });

  test('is good once, also when two complete it at the same moment', async () => {
    const { authenticator, email } = await personWithPasskey();
    const { json } = await post('/auth/webauthn/login/begin', { email });
    const [one, other] = [authenticator.get(json), authenticator.get(json)];
    const both = await Promise.all(
      [one, other].map((credential) => post('/auth/webauthn/login/complete', { credential })),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    const fresh = (await post('/auth/webauthn/login/begin', { email })).json;
    const failed = await post('/auth/webauthn/login/complete', {
      credential: authenticator.get(fresh, { tamperSignature: true }),
    });
    expect(failed.status).toBe(401);
    expect((await post('/auth/webauthn/login/complete', { credential: authenticator.get(fresh) })).status).toBe(401);
  });

  test('of two proofs with the same counter one wins', async () => {
    const { authenticator } = await personWithPasskey();
    const both = await Promise.all([logIn(authenticator, { counter: 9 }), logIn(authenticator, { counter: 9 })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 401]);
  });

  test('ends with the account', async () => {
    const { id, authenticator, email, token } = await personWithPasskey();
    await server.sql('update users set is_active = false where id = ?', [id]);
    expect((await logIn(authenticator, { email })).status).toBe(401);
    expect((await logIn(authenticator)).status).toBe(401);
    expect((await post('/auth/webauthn/register/begin', { user_id: id }, { token })).status).toBe(401);
  });

  test('must verify its user where a second factor is confirmed', async () => {
    const { id, authenticator } = await personWithPasskey();
    expect((await logIn(authenticator, { userVerified: false })).status).toBe(200);
    await server.sql("insert into second_factors (user_id, sealed_secret) values (?, 'x')", [id]);
    expect((await logIn(authenticator, { userVerified: false })).status).toBe(200);
    await server.sql('update second_factors set confirmed_at = now() where user_id = ?', [id]);
    expect(await logIn(authenticator, { userVerified: false })).toMatchObject({
      status: 401,
      json: { error: { code: 'WEBAUTHN_ERROR' } },
    });
    expect((await logIn(authenticator)).status).toBe(200);
  });

  test('does not tell whether an address has an account', async () => {
    const known = await personWithPasskey();
    const withPassword = await server.person();
    const begin = async (email: string) => (await post('/auth/webauthn/login/begin', { email })).json;
    const shape = (json: any) =>
      JSON.stringify(json, (key, value) => (['challenge', 'id'].includes(key) ? typeof value : value));
    for (const email of ['stranger@example.com', withPassword.email]) {
      const [once, twice, other] = [
        await begin(email),
        await begin(` ${email.toUpperCase()} `),
        await begin(`x${email}`),
      ];
      expect(shape(once)).toBe(shape(await begin(known.email)));
      expect(twice.allowCredentials).toEqual(once.allowCredentials);
      expect(other.allowCredentials).not.toEqual(once.allowCredentials);
      expect([16, 20, 32]).toContain(Buffer.from(once.allowCredentials[0].id, 'base64url').length);
      // Nor can a passkey of one's own find it out: it opens nothing under any other address.
      expect((await logIn(known.authenticator, { email })).status).toBe(401);
    }
  });
});

describe("a person's devices", () => {
  test('are added, listed and deleted by their owner, but for the last way in', async () => {
    const { id, token, authenticator } = await personWithPasskey();
    const second = new Authenticator(site);
    const begun = await post('/auth/webauthn/register/begin', { user_id: id }, { token });
    expect(begun.json.excludeCredentials).toEqual([{ type: 'public-key', id: authenticator.id.toString('base64url') }]);
    expect(
      (
        await post(
          '/auth/webauthn/register/complete',
          { credential: second.create(begun.json), device_name: ' Clé USB ' },
          { token },
        )
      ).status,
    ).toBe(201);
    expect((await logIn(second)).json.user.id).toBe(id);

    const { status, json } = await call('GET', '/auth/passkeys', { token });
    expect([status, json]).toEqual([
      200,
      {
        count: 2,
        results: [
          {
            id: expect.any(Number),
            device_name: 'Proton Pass',
            is_backed_up: false,
            created_at: expect.stringMatching(moment),
            last_used: expect.stringMatching(moment),
          },
          {
            id: expect.any(Number),
            device_name: 'Clé USB',
            is_backed_up: false,
            created_at: expect.stringMatching(moment),
            last_used: expect.stringMatching(moment),
          },
        ],
      },
    ]);
    const stranger = await server.person();
    expect((await call('GET', '/auth/passkeys', { token: stranger.token })).json).toEqual({ count: 0, results: [] });
    const [first, last] = json.results.map((passkey: { id: number }) => passkey.id);
    for (const [who, which] of [
      [stranger.token, first],
      [token, 0],
      [token, 'x'],
      [token, '9'.repeat(40)],
    ]) {
      expect((await call('DELETE', `/auth/passkeys/${which}`, { token: who })).status).toBe(404);
    }
    const both = await Promise.all([first, last].map((which) => call('DELETE', `/auth/passkeys/${which}`, { token })));
    expect(both.map((answer) => answer.status).toSorted()).toEqual([204, 409]);
    const kept = both[0]?.status === 204 ? second : authenticator;
    expect((await logIn(kept)).status).toBe(200);
    expect((await logIn(kept === second ? authenticator : second)).status).toBe(401);
  });

  test('may all go while there is a password', async () => {
    const person = await server.person();
    expect((await addPasskey(person)).status).toBe(201);
    const { json } = await call('GET', '/auth/passkeys', { token: person.token });
    expect((await call('DELETE', `/auth/passkeys/${json.results[0].id}`, { token: person.token })).status).toBe(204);
  });

  test('are private in the graph, and never show their keys', async () => {
    const { id, token } = await personWithPasskey();
    const query = 'query ($id: ID!) { user(id: $id) { passkeys { id name } } }';
    expect((await server.graphql(query, { id }, token)).data.user.passkeys).toHaveLength(1);
    const colleague = await server.person({ roles: ['manager'] });
    expect((await server.graphql(query, { id }, colleague.token)).data.user.passkeys).toEqual([]);
    const { errors } = await server.graphql('{ viewer { passkeys { publicKey credentialId counter } } }', {}, token);
    expect(errors).toHaveLength(3);
  });
});

describe('API tokens', () => {
  test('are made, listed and revoked as printed', async () => {
    const { token, id } = await server.person();
    const made = await post('/api-tokens', { name: 'iPhone Personnel', expires_at: null }, { token });
    expect([made.status, made.json]).toEqual([
      201,
      {
        id: expect.any(Number),
        name: 'iPhone Personnel',
        token: expect.stringMatching(/^apt_/),
        is_active: true,
        created_at: expect.stringMatching(moment),
        expires_at: null,
        warning: 'Copiez ce token maintenant, il ne sera plus visible',
      },
    ]);
    const expiring = await post(
      '/api-tokens',
      { name: 'Script Python', expires_at: new Date(clock + minute).toISOString() },
      { token },
    );
    expect(expiring.status).toBe(201);
    expect(
      (await server.request('GET', '/auth/me', { headers: { authorization: `ApiToken ${made.json.token}` } })).json.id,
    ).toBe(id);

    const row = (name: string, facts: object) => ({
      id: expect.any(Number),
      name,
      created_at: expect.stringMatching(moment),
      ...facts,
    });
    const list = await call('GET', '/api-tokens', { token });
    expect([list.status, list.json]).toEqual([
      200,
      {
        count: 2,
        results: [
          row('iPhone Personnel', { last_used: expect.stringMatching(moment), is_active: true, expires_at: null }),
          row('Script Python', { last_used: null, is_active: true, expires_at: expiring.json.expires_at }),
        ],
      },
    ]);
    clock += 2 * minute;
    for (const _time of [1, 2])
      expect(await call('DELETE', `/api-tokens/${made.json.id}`, { token })).toMatchObject({ status: 204, text: '' });
    const after = await call('GET', '/api-tokens', { token });
    expect(after.json.results.map((t: { is_active: boolean }) => t.is_active)).toEqual([false, false]);
    expect(
      (await server.request('GET', '/auth/me', { headers: { authorization: `ApiToken ${made.json.token}` } })).status,
    ).toBe(401);
  });

  test('refuse an end in the past, and belong to one person', async () => {
    const [owner, stranger] = [await server.person(), await server.person()];
    for (const expires_at of ['2020-01-01T00:00:00Z', 'tomorrow', '2026-02-30T10:00:00Z', 7]) {
      const { status, json } = await post('/api-tokens', { name: 'x', expires_at }, { token: owner.token });
      expect([expires_at, status, Object.keys(json.error.details)]).toEqual([expires_at, 422, ['expires_at']]);
    }
    const { json } = await post('/api-tokens', { name: 'x' }, { token: owner.token });
    expect((await call('DELETE', `/api-tokens/${json.id}`, { token: stranger.token })).status).toBe(404);
    expect((await call('GET', '/api-tokens', { token: stranger.token })).json).toEqual({ count: 0, results: [] });
    const admin = await server.person({ roles: ['admin'] });
    expect((await call('GET', '/api-tokens', { token: admin.token })).json.count).toBe(0);
  });
});

test('nothing is registered while registration is closed', async () => {
  const closed = await startTestServer({ env: { REGISTRATION: 'closed' } });
  try {
    const { status, json } = await closed.request('POST', '/api/v1/auth/register', { json: newPerson() });
    expect([status, json.error]).toEqual([
      403,
      { code: 'PERMISSION_DENIED', message: "L'inscription est fermée", details: {} },
    ]);
  } finally {
    await closed.stop();
  }
});

describe('whatever else is sent', () => {
  const junk = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
    fc.base64String({ maxLength: 600 }),
    fc.constant('\0'),
    fc.constant('\ud800'),
  );
  const setBy = (target: any, path: readonly string[], value: unknown): any => {
    const [head, ...rest] = path as [string, ...string[]];
    return { ...target, [head]: rest.length ? setBy(target[head], rest, value) : value };
  };
  const refused = ({ status, json }: Answer, sent: unknown): void => {
    expect([400, 401, 422], JSON.stringify(sent)).toContain(status);
    expect(json.error.code).toMatch(/^[A-Z_]+$/);
  };

  test('as a registration is refused and never a defect', async () => {
    const person = await server.person();
    const before = await passkeyCount();
    const paths = [
      [],
      ['id'],
      ['rawId'],
      ['type'],
      ['response'],
      ['response', 'attestationObject'],
      ['response', 'clientDataJSON'],
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), junk, async (path, value) => {
        const { json } = await post('/auth/webauthn/register/begin', { user_id: person.id }, as(person));
        const honest = new Authenticator(site).create(json);
        const credential = path.length ? setBy(honest, path, value) : value;
        refused(
          await post('/auth/webauthn/register/complete', { credential, device_name: 'x' }, as(person)),
          credential,
        );
      }),
      { numRuns: 60 },
    );
    // Broken inside: every byte of the CBOR in turn may be another, or the last.
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (place, change, cut) => {
        const { json } = await post('/auth/webauthn/register/begin', { user_id: person.id }, as(person));
        const honest = new Authenticator(site).create(json);
        const bytes = Buffer.from(honest.response.attestationObject, 'base64url');
        const at = place % bytes.length;
        bytes[at] = (bytes[at] as number) ^ change;
        honest.response.attestationObject = (cut ? bytes.subarray(0, at) : bytes).toString('base64url');
        const { status } = await post(
          '/auth/webauthn/register/complete',
          { credential: honest, device_name: 'x' },
          as(person),
        );
        // The counter, the AAGUID and some flags are the authenticator's to say.
        expect([201, 422]).toContain(status);
        if (cut) expect(status).toBe(422);
      }),
      { numRuns: 80 },
    );
    expect(await passkeyCount()).toBeGreaterThanOrEqual(before);
  });

  test('as a proof is refused and never a defect', async () => {
    const { authenticator } = await personWithPasskey();
    const paths = [
      [],
      ['id'],
      ['rawId'],
      ['type'],
      ['response'],
      ['response', 'authenticatorData'],
      ['response', 'clientDataJSON'],
      ['response', 'signature'],
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), junk, async (path, value) => {
        const { json } = await post('/auth/webauthn/login/begin', {});
        const honest = authenticator.get(json);
        const credential = path.length ? setBy(honest, path, value) : value;
        refused(await post('/auth/webauthn/login/complete', { credential }), credential);
      }),
      { numRuns: 60 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('authenticatorData', 'clientDataJSON', 'signature', 'userHandle'),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (part, place, change) => {
          const { json } = await post('/auth/webauthn/login/begin', {});
          const honest = authenticator.get(json);
          const bytes = Buffer.from(honest.response[part], 'base64url');
          // Of a signature the numbers count: the library reads the lengths around them leniently, which proves no less.
          const at = part === 'signature' ? 6 + (place % 24) : place % bytes.length;
          bytes[at] = (bytes[at] as number) ^ change;
          honest.response[part] = bytes.toString('base64url');
          refused(await post('/auth/webauthn/login/complete', { credential: honest }), honest);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('of another person, or for another purpose, erases nobody; the own one does', async () => {
    const [own, other] = [await personWithPasskey(), await personWithPasskey()];
    const erase = async ({ authenticator }: typeof own) => {
      const { json } = await post('/auth/webauthn/login/begin', {});
      return server.graphql(
        'mutation ($credential: JSON) { deleteOwnAccount(input: { credential: $credential }) { deletedId } }',
        { credential: authenticator.get(json) },
        own.token,
      );
    };
    expect((await erase(other)).errors?.[0].extensions.fields).toMatchObject([
      { path: ['input', 'credential'], code: 'invalid' },
    ]);
    expect((await erase(own)).data.deleteOwnAccount).toEqual({ deletedId: String(own.id) });
    expect((await erase(own)).errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
  });

  test('through the graph is refused likewise', async () => {
    const complete =
      'mutation ($credential: JSON!) { completePasskeyLogin(input: { credential: $credential }) { tokens { accessToken } } }';
    await fc.assert(
      fc.asyncProperty(junk, async (credential) => {
        const { data, errors } = await server.graphql(complete, { credential });
        expect(data?.completePasskeyLogin ?? null).toBeNull();
        expect(['BAD_USER_INPUT', 'UNAUTHENTICATED']).toContain(errors?.[0].extensions.code);
      }),
      { numRuns: 40 },
    );
    const { errors } = await server.graphql(
      'mutation { completePasskeyLogin(input: { credential: { id: "a", response: [1] } }) { tokens { accessToken } } }',
    );
    expect(errors?.[0].extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: ['input', 'credential'] }],
    });
    for (const registrationToken of ['', '\0', 'x']) {
      const begin =
        'mutation ($input: BeginPasskeyRegistrationInput!) { beginPasskeyRegistration(input: $input) { options } }';
      expect((await server.graphql(begin, { input: { registrationToken } })).errors?.[0].extensions.code).toBe(
        'UNAUTHENTICATED',
      );
    }
  });
});
