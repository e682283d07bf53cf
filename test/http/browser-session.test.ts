import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Authenticator } from '../support/authenticator.js';
import { type Answer, type Person, startTestServer, type TestServer } from '../support/harness.js';

const site = { origin: 'https://firm.example', rpId: 'firm.example' };
let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer({ env: { PUBLIC_URL: site.origin, TRUST_PROXY: '1' } });
});
beforeEach(async () => {
  person = await server.person();
});
afterAll(() => server?.stop());

/** Over https, as a proxy in front says. */
const ask = (query: string, variables: object, headers: Record<string, string> = {}): Promise<Answer> =>
  server.request('POST', '/graphql', {
    json: { query, variables },
    headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9', ...headers },
  });
const login = `mutation ($input: LoginInput!) { login(input: $input) { deviceToken cookie { value } tokens { accessToken } user { id } } }`;
const signIn = (input: object, headers?: Record<string, string>): Promise<Answer> =>
  ask(login, { input: { identifier: person.email, password: person.password, ...input } }, headers);

/** What an answer has the browser keep: attributes by the names of the cookies. */
function kept({ headers }: Answer): Record<string, { value: string; attributes: string[] }> {
  const entries = headers.getSetCookie().map((line) => {
    const [pair = '', ...attributes] = line.split('; ');
    const at = pair.indexOf('=');
    return [pair.slice(0, at), { value: pair.slice(at + 1), attributes: attributes.toSorted() }] as const;
  });
  return Object.fromEntries(entries);
}
const locked = (maxAge: number): string[] =>
  ['HttpOnly', `Max-Age=${maxAge}`, 'Path=/', 'SameSite=Lax', 'Secure'].toSorted();
const viewerOf = async (cookie: string): Promise<string | undefined> =>
  (await ask('{ viewer { id } }', {}, { cookie })).json.data.viewer?.id;

test('COOKIE sets the session’s cookie, which no script reads and which opens the graph and the pages of K-Docs', async () => {
  const answer = await signIn({ kind: 'COOKIE' });
  const cookies = kept(answer);
  expect(Object.keys(cookies)).toEqual(['kdocs_session']);
  expect(cookies['kdocs_session']?.attributes).toEqual(locked(12 * 3600));
  const cookie = `kdocs_session=${cookies['kdocs_session']?.value}`;
  expect(await viewerOf(cookie)).toBe(String(person.id));
  expect((await server.request('GET', '/kdocs/api/documents', { headers: { cookie } })).status).toBe(200);
});

test('stays on https where browsers see the server by it, whatever a proxy says', async () => {
  const { email: identifier, password } = person;
  const input = { identifier, password, kind: 'COOKIE', rememberDevice: true };
  const byGraph = await server.request('POST', '/graphql', { json: { query: login, variables: { input } } });
  const byForm = await server.request('POST', '/kdocs/login', { form: { username: identifier, password } });
  for (const answer of [byGraph, byForm])
    expect(Object.values(kept(answer)).map(({ attributes }) => attributes.includes('Secure'))).toEqual([true, true]);
});

test('TOKEN sets none, and neither does what is refused', async () => {
  const opened = await signIn({ kind: 'TOKEN', rememberDevice: true });
  expect(opened.json.data.login).toMatchObject({ cookie: null, tokens: { accessToken: expect.any(String) } });
  expect(kept(opened)).toEqual({});
  expect(kept(await signIn({ kind: 'COOKIE', password: 'Wrong-1234' }))).toEqual({});
});

test('the known device’s cookie counts as its token, while others’ guesses lock the name', async () => {
  const first = await signIn({ kind: 'COOKIE', rememberDevice: true });
  const device = kept(first)['passerelle_device'];
  expect(device?.attributes).toEqual(locked(180 * 86_400));
  for (let guess = 0; guess < 5; guess += 1) await signIn({ kind: 'TOKEN', password: `Wrong-${guess}` });
  const stranger = await signIn({ kind: 'COOKIE' });
  expect(stranger.json.errors[0].extensions.code).toBe('RATE_LIMITED');
  const owner = await signIn({ kind: 'COOKIE' }, { cookie: `passerelle_device=${device?.value}` });
  expect(owner.json.data.login.user.id).toBe(String(person.id));
  expect(kept(owner)).toHaveProperty('kdocs_session');
});

test('logout removes the session’s cookie and ends it, and leaves the device known', async () => {
  const cookies = kept(await signIn({ kind: 'COOKIE', rememberDevice: true }));
  const session = `kdocs_session=${cookies['kdocs_session']?.value}`;
  const out = await ask('mutation { logout { session { id } } }', {}, { cookie: session });
  expect(kept(out)).toEqual({ kdocs_session: { value: '', attributes: locked(0) } });
  expect((await ask('{ viewer { id } }', {}, { cookie: session })).json.data?.viewer ?? null).toBeNull();
  // Programs that end their session have no cookie to remove.
  const { data } = (await signIn({ kind: 'TOKEN' })).json;
  const ended = await ask(
    'mutation { logout { session { id } } }',
    {},
    { authorization: `Bearer ${data.login.tokens.accessToken}` },
  );
  expect(kept(ended)).toEqual({});
});

test('a passkey opens a session by cookie in the same way', async () => {
  const key = new Authenticator(site);
  const asPerson = { authorization: `Bearer ${person.token}` };
  const begun = await ask('mutation { beginPasskeyRegistration(input: {}) { options } }', {}, asPerson);
  const credential = key.create(begun.json.data.beginPasskeyRegistration.options);
  await ask(
    'mutation ($input: CompletePasskeyRegistrationInput!) { completePasskeyRegistration(input: $input) { passkey { id } } }',
    { input: { credential, name: 'Key' } },
    asPerson,
  );
  const enter = async (kind: string): Promise<Answer> => {
    const { json } = await ask('mutation { beginPasskeyLogin(input: {}) { options } }', {});
    return ask(
      'mutation ($input: CompletePasskeyLoginInput!) { completePasskeyLogin(input: $input) { tokens { accessToken } user { id } } }',
      { input: { credential: key.get(json.data.beginPasskeyLogin.options), kind } },
    );
  };
  const byCookie = await enter('COOKIE');
  expect(byCookie.json.data.completePasskeyLogin).toEqual({ tokens: null, user: { id: String(person.id) } });
  const { kdocs_session: session } = kept(byCookie);
  expect(session?.attributes).toEqual(locked(12 * 3600));
  expect(await viewerOf(`kdocs_session=${session?.value}`)).toBe(String(person.id));
  const byToken = await enter('TOKEN');
  expect(byToken.json.data.completePasskeyLogin.tokens.accessToken).toEqual(expect.any(String));
  expect(kept(byToken)).toEqual({});
});
