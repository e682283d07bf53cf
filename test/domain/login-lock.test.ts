import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/harness.js';

let clock = Date.now();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date(clock), env: { TRUST_PROXY: '1' } });
});
afterAll(() => server?.stop());

const login = (username: string, password: string, from = '203.0.113.7') =>
  server.request('POST', '/auth/login', { json: { username, password }, headers: { 'x-forwarded-for': from } });

test('the sixth attempt is refused for that address, right or wrong; the owner gets in from elsewhere, and later', async () => {
  const { email, password } = await server.person();
  for (let i = 0; i < 5; i++) expect((await login(email, `Wrong-${i}`)).status).toBe(401);
  const locked = await login(email, password);
  expect([locked.status, locked.json.error.code]).toEqual([429, 'RATE_LIMIT']);
  const wait = Number(locked.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(1700);
  expect(wait).toBeLessThanOrEqual(1800);
  expect((await login(email, password, '198.51.100.9')).status).toBe(200);
  clock += 31 * 60_000;
  expect((await login(email, password)).status).toBe(200);
});

test('a name that nobody has is answered the same', async () => {
  const answers = [];
  for (let i = 0; i < 6; i++) answers.push((await login('nobody@example.org', 'Wrong-1')).status);
  expect(answers).toEqual([401, 401, 401, 401, 401, 429]);
});

test('a success forgives the failures before it', async () => {
  const { email, password } = await server.person();
  for (let i = 0; i < 4; i++) await login(email, 'wrong');
  expect((await login(email, password)).status).toBe(200);
  for (let i = 0; i < 5; i++) expect((await login(email, 'wrong')).status).toBe(401);
});

test('of thirty guesses at once at most five are looked at', async () => {
  const { email } = await server.person();
  const statuses = await Promise.all(Array.from({ length: 30 }, (_, i) => login(email, `Guess-${i}`).then((r) => r.status)));
  const looked = statuses.filter((s) => s === 401).length;
  expect(looked).toBeLessThanOrEqual(5);
  expect(statuses.filter((s) => s === 429)).toHaveLength(30 - looked);
});
