import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

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

test('another way to write the name, or another address of the same IPv6 network, does not get round it', async () => {
  const { username, password } = await server.person();
  const [wire] = await server.sql(
    "update users set username = 'ivi-' || username where lower(username) = ? returning username",
    [username],
  );
  // PostgreSQL may read a dotted capital I as an i, JavaScript does not.
  const spellings = [
    wire.username,
    wire.username.toUpperCase(),
    wire.username.replaceAll('i', 'İ'),
    ` ${wire.username} `,
  ];
  const finds = async (name: string) =>
    (await server.sql('select lower(?) = lower(?) as same', [name, wire.username]))[0].same;
  for (let i = 0; i < 5; i++)
    expect((await login(wire.username, `Wrong-${i}`, `2001:db8:1:2::${i + 1}`)).status).toBe(401);
  for (const name of spellings)
    if (await finds(name.trim()))
      expect([name, (await login(name, password, '2001:db8:1:2:a:b:c:d')).status]).toEqual([name, 429]);
  expect((await login(wire.username, password, '2001:db8:1:3::1')).status).toBe(200);
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
  const statuses = await Promise.all(
    Array.from({ length: 30 }, (_, i) => login(email, `Guess-${i}`).then((r) => r.status)),
  );
  const looked = statuses.filter((s) => s === 401).length;
  expect(looked).toBeLessThanOrEqual(5);
  expect(statuses.filter((s) => s === 429)).toHaveLength(30 - looked);
});

/** A login through xcore as a browser makes it: with the cookies that it was given. */
const browse = (username: string, password: string, device?: string, agent = 'Browser/1') => {
  clock += 1000;
  return server.request('POST', '/auth/login', {
    form: { username, password },
    headers: { 'x-forwarded-for': '203.0.113.7', 'user-agent': agent, ...(device && { cookie: `other=1; ${device}` }) },
  });
};
const deviceOf = (answer: Answer): string =>
  (answer.headers.getSetCookie().find((c) => c.startsWith('passerelle_device=')) ?? '').split(';')[0] as string;
const devicesOf = async ({ token }: Person) =>
  (await server.graphql('{ viewer { devices { id userAgent ip revokedAt } } }', {}, token)).data.viewer.devices;
const fail = async (username: string, times: number, device?: string) => {
  const statuses = [];
  for (let i = 0; i < times; i++) statuses.push((await browse(username, `Wrong-${i}`, device)).status);
  return statuses;
};

describe('known devices', () => {
  test('a login gives the device a cookie, by which the owner gets in while others at the same address are locked', async () => {
    const person = await server.person();
    const first = await browse(person.email, person.password);
    const cookie = first.headers.getSetCookie().find((c) => c.startsWith('passerelle_device='));
    expect(cookie).toMatch(/^passerelle_device=dev_[\w-]{43}; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Lax$/);
    expect(first.json).toEqual({ access_token: expect.any(String), token_type: 'bearer', expires_in: 1800 });
    const device = deviceOf(first);

    expect(await fail(person.email, 6)).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await browse(person.email, person.password)).status).toBe(429);
    const again = await browse(person.username, person.password, device);
    expect([again.status, deviceOf(again)]).toEqual([200, device]);
    // The owner's way in is not the attacker's.
    expect((await browse(person.email, person.password)).status).toBe(429);
    expect(await devicesOf(person)).toEqual([
      { id: expect.any(String), userAgent: 'Browser/1', ip: '203.0.113.7', revokedAt: null },
    ]);
    expect(JSON.stringify(await server.sql('select * from known_devices'))).not.toContain(device.split('=')[1]);
  });

  test("a device guesses five times at most, and its failures don't lock the address", async () => {
    const { email, password } = await server.person();
    const device = deviceOf(await browse(email, password));
    expect(await fail(email, 6, device)).toEqual([401, 401, 401, 401, 401, 429]);
    const locked = await browse(email, password, device);
    expect([locked.status, Number(locked.headers.get('retry-after')) > 1700]).toEqual([429, true]);
    expect((await browse(email, password, undefined, 'Browser/2')).status).toBe(200);
    clock += 31 * 60_000;
    expect((await browse(email, password, device)).status).toBe(200);
  });

  test("another person's device, a forgotten one, one out of use and a made-up one open nothing", async () => {
    const [person, other] = [await server.person(), await server.person()];
    const stolen = deviceOf(await browse(other.email, other.password));
    const forgotten = deviceOf(await browse(person.email, person.password));
    const [{ id }] = await devicesOf(person);
    const revoke = 'mutation ($input: RevokeDeviceInput!) { revokeDevice(input: $input) { device { id revokedAt } } }';
    expect((await server.graphql(revoke, { input: { id } }, other.token)).errors?.[0].extensions.code).toBe(
      'NOT_FOUND',
    );
    expect((await server.graphql(revoke, { input: { id: 'x' } }, person.token)).errors?.[0].extensions.code).toBe(
      'NOT_FOUND',
    );
    expect((await server.graphql(revoke, { input: { id } }, person.token)).data.revokeDevice.device).toEqual({
      id,
      revokedAt: expect.any(String),
    });
    const old = deviceOf(await browse(person.email, person.password, undefined, 'Browser/old'));
    await server.sql(
      "update known_devices set last_used_at = last_used_at - interval '181 days' where user_agent = 'Browser/old'",
    );
    await fail(person.email, 5);
    for (const device of [stolen, forgotten, old, 'passerelle_device=dev_made-up', 'passerelle_device=']) {
      expect((await browse(person.email, person.password, device)).status).toBe(429);
    }
  });

  test('GraphQL remembers a device only when asked to', async () => {
    const { email, password } = await server.person();
    const login = async (input: object) => {
      const answer = await server.graphql('mutation ($input: LoginInput!) { login(input: $input) { deviceToken } }', {
        input: { identifier: email, password, ...input },
      });
      return answer.data.login.deviceToken;
    };
    expect(await login({})).toBeNull();
    const deviceToken = await login({ rememberDevice: true, kind: 'COOKIE' });
    expect(deviceToken).toMatch(/^dev_/);
    expect(await login({ deviceToken })).toBe(deviceToken);
    expect(await login({ deviceToken: 'dev_\0\ud800' })).toBeNull();
  });

  test('K-Docs sets both cookies', async () => {
    const { email, password } = await server.person();
    const { headers } = await server.request('POST', '/kdocs/login', {
      json: { username: email, password },
      headers: { 'x-forwarded-proto': 'https' },
    });
    expect(headers.getSetCookie().map((c) => [c.split('=')[0], c.endsWith('; Secure')])).toEqual([
      ['kdocs_session', true],
      ['passerelle_device', true],
    ]);
  });

  test("a program that keeps no cookies has one device; twenty at most are live, and the owner's own is not the one that goes", async () => {
    const person = await server.person();
    const own = deviceOf(await browse(person.email, person.password));
    await browse(person.email, person.password, own);
    for (let i = 0; i < 3; i++) await browse(person.email, person.password, undefined, 'Script/1');
    expect((await devicesOf(person)).map((d: any) => d.userAgent)).toEqual(['Script/1', 'Browser/1']);
    for (let i = 2; i < 24; i++) await browse(person.email, person.password, undefined, `Script/${i}`);
    const live = (await devicesOf(person)).filter((d: any) => !d.revokedAt);
    expect(live).toHaveLength(20);
    expect(live.map((d: any) => d.userAgent)).toEqual(expect.arrayContaining(['Browser/1', 'Script/23']));
    // Of the forgotten ones the last hundred stay.
    await server.sql(
      `insert into known_devices (user_id, token_hash, user_agent, created_at, last_used_at, revoked_at)
       select ?, md5(random()::text), 'Forgotten/' || i, now(), now(), now() - interval '1 hour' * i
         from generate_series(1, 120) i`,
      [person.id],
    );
    await browse(person.email, person.password, undefined, 'Script/last');
    const forgotten = (await devicesOf(person)).filter((d: any) => d.revokedAt);
    expect(forgotten).toHaveLength(100);
    expect(forgotten.map((d: any) => d.userAgent)).not.toContain('Forgotten/120');
    await fail(person.email, 5);
    expect((await browse(person.email, person.password, own)).status).toBe(200);
  });
});

describe("the operator's unlock", () => {
  const unlock = (id: number, token: string, mutation = 'unlockUser') =>
    server.graphql(`mutation { ${mutation}(input: { id: ${id} }) { user { id } } }`, {}, token);
  let admin: Person;
  // The server's first one signed in before the clock was moved on.
  beforeAll(async () => void (admin = await server.person({ roles: ['admin'] })));

  test.each(['unlockUser', 'activateUser'])(
    '%s lifts the lock for every address, name and device',
    async (mutation) => {
      const person = await server.person();
      const device = deviceOf(await browse(person.email, person.password));
      await fail(person.email, 5);
      await fail(person.username.toUpperCase(), 5);
      await fail(person.email, 5, device);
      for (let i = 0; i < 5; i++) await login(person.email, 'wrong', '198.51.100.9');
      expect((await unlock(person.id, admin.token, mutation)).data[mutation].user.id).toBe(String(person.id));
      expect((await browse(person.email, person.password, device)).status).toBe(200);
      expect((await browse(person.username, person.password)).status).toBe(200);
      expect((await login(person.email, person.password, '198.51.100.9')).status).toBe(200);
      const events = await server.sql("select actor_id from events where type = 'user.unlocked' and account_id = ?", [
        person.id,
      ]);
      expect(events).toEqual([{ actor_id: admin.id }]);
    },
  );

  test('only whoever manages people may, and not with a credential without the scope admin', async () => {
    const person = await server.person();
    const manager = await server.person({ roles: ['manager'] });
    expect((await unlock(person.id, person.token)).errors?.[0].extensions.code).toBe('FORBIDDEN');
    expect((await unlock(person.id, manager.token)).errors?.[0].extensions.code).toBe('FORBIDDEN');
    const make = 'mutation { createApiToken(input: { name: "t", scopes: [READ, WRITE] }) { token } }';
    const { token } = (await server.graphql(make, {}, admin.token)).data.createApiToken;
    expect((await unlock(person.id, token)).errors?.[0].extensions.code).toBe('FORBIDDEN');
    expect((await unlock(person.id, admin.token)).errors).toBeUndefined();
    expect(
      await server.sql("select 1 from events where type = 'user.unlocked' and account_id = ?", [person.id]),
    ).toEqual([]);
  });

  test('an administrator sees who is locked out, until they are let in again or the time is over', async () => {
    const [one, other, unharmed] = [await server.person(), await server.person(), await server.person()];
    const people = [one, other, unharmed];
    const locks = async (viewer: Person): Promise<(boolean | null)[]> => {
      const { data } = await server.graphql(
        `{ ${people.map(({ id }, n) => `p${n}: user(id: "${id}") { isLoginLocked }`).join(' ')} }`,
        {},
        viewer.token,
      );
      return people.map((_person, n) => data[`p${n}`]?.isLoginLocked ?? null);
    };
    for (let i = 0; i < 5; i++) for (const { email } of [one, other]) await login(email, `Wrong-${i}`);
    for (let i = 0; i < 4; i++) await login(unharmed.email, `Wrong-${i}`);
    expect(await locks(admin)).toEqual([true, true, false]);
    expect(await locks(one)).toEqual([null, null, null]);
    await unlock(one.id, admin.token);
    expect(await locks(admin)).toEqual([false, true, false]);
    clock += 31 * 60_000;
    expect(await locks(await server.person({ roles: ['admin'] }))).toEqual([false, false, false]);
  });
});
