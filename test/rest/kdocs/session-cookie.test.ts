import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

const minute = 60_000;
let clock = Date.now();
let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date(clock) });
  person = await server.person({ roles: ['manager'] });
});
afterAll(() => server?.stop());

async function signIn(): Promise<string> {
  const { headers } = await server.request('POST', '/kdocs/login', {
    json: { username: person.email, password: person.password },
  });
  return (headers.get('set-cookie') ?? '').split(';')[0] as string;
}
const list = (cookie: string) => server.request('GET', '/kdocs/api/documents', { headers: { cookie } });

test('the session lives on by use and ends after an idle hour', async () => {
  const cookie = await signIn();
  for (const pause of [50, 50, 50]) {
    clock += pause * minute;
    expect((await list(cookie)).status).toBe(200);
  }
  clock += 61 * minute;
  const { status, json } = await list(cookie);
  expect([status, json.error]).toEqual([401, true]);
});

test('a change under the cookie must come from this site; a read and a program need not', async () => {
  const cookie = await signIn();
  const ingest = (headers: Record<string, string>) =>
    server.request('POST', '/kdocs/api/documents', {
      json: { filename: 'x.pdf', file_path: 'x.pdf' },
      headers: { cookie, ...headers },
    });
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];
  for (const headers of foreign) {
    const { status, json } = await ingest(headers);
    expect([status, json.error]).toEqual([403, true]);
  }
  // Past the rule the request is judged by its content.
  const own: Record<string, string>[] = [{}, { origin: server.url }, { 'sec-fetch-site': 'same-origin' }];
  for (const headers of own) {
    expect((await ingest(headers)).json.errors).toHaveProperty('file_path');
  }
  expect(
    (await server.request('GET', '/kdocs/api/documents', { headers: { cookie, origin: 'https://evil.example' } }))
      .status,
  ).toBe(200);
  const graphql = await server.request('POST', '/graphql', {
    json: { query: '{ viewer { id } }' },
    headers: { cookie, origin: 'https://evil.example' },
  });
  expect(graphql.status).toBe(403);
});

test.each(['with its type', 'without a type'])("another site's form %s signs nobody in", async (sent) => {
  const form = { username: person.email, password: person.password };
  // A script's body of bytes has no type.
  const body = new TextEncoder().encode(String(new URLSearchParams(form)));
  const login = (headers: Record<string, string>) =>
    server.request('POST', '/kdocs/login', { ...(sent === 'without a type' ? { body } : { form }), headers });
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of foreign) {
    const { status, headers: answered } = await login(headers);
    expect([status, answered.getSetCookie()]).toEqual([403, []]);
  }
  const own: Record<string, string>[] = [{}, { origin: server.url, 'sec-fetch-site': 'same-origin' }];
  for (const headers of own) expect((await login(headers)).status).toBe(302);
});

test('logging out ends it, and the cookie opens every other door until then', async () => {
  const cookie = await signIn();
  expect((await server.request('GET', '/v1/users/me', { headers: { cookie } })).json.user.id).toBe(person.id);
  expect((await server.request('GET', '/auth/me', { headers: { cookie } })).json.id).toBe(person.id);
  expect((await server.request('POST', '/kdocs/logout', { json: {}, headers: { cookie } })).status).toBe(200);
  expect((await list(cookie)).status).toBe(401);
});
