import { createHash, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { type App, startApp } from '../../src/app/start.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';
import { lookupsOf } from '../support/sql-log.js';

const isServer = inject('database').kind === 'server';
let server: TestServer;
/** A second process's worth of server on the same database; none on an embedded one. */
let other: App | undefined;
let aheadMs = 0;
/** Where the server's clock stands still, so that slow requests don't move it; undefined: it goes. */
let standingMs: number | undefined;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date((standingMs ?? Date.now()) + aheadMs) });
  if (isServer)
    other = await startApp({ config: { ...server.services.config, port: 0 }, log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await other?.stop();
  await server?.stop();
});

type Headers = Record<string, string>;
const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const hashed = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** What the credential opens at a REST door and at the graph. */
async function outcome(headers: Headers, url = server.url): Promise<unknown[]> {
  const rest = await fetch(`${url}/v1/users/me`, { headers });
  await rest.text();
  const graph = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"query":"{ viewer { id } }"}',
  });
  const { errors } = (await graph.json()) as { errors?: { extensions: { code: string } }[] };
  return [rest.status, errors?.[0]?.extensions.code];
}
const open = [200, undefined];
const shut = [401, 'UNAUTHENTICATED'];

const change = async (mutation: string, token = server.admin.token): Promise<any> => {
  const { data, errors } = await server.graphql(`mutation { ${mutation} }`, {}, token);
  expect(errors).toBeUndefined();
  return data;
};

const cookieOf = async ({ email, password }: Person): Promise<Headers> => {
  const answer = await server.request('POST', '/kdocs/login', { json: { username: email, password } });
  return { cookie: String(answer.headers.get('set-cookie')).split(';')[0] as string };
};
const apiToken = async ({ token }: Person): Promise<{ id: string; headers: Headers }> => {
  const { createApiToken } = await change('createApiToken(input: { name: "t" }) { token apiToken { id } }', token);
  return { id: createApiToken.apiToken.id, headers: bearer(createApiToken.token) };
};
const apiKey = async ({ id }: Person): Promise<{ id: string; headers: Headers }> => {
  const secret = `sk_${randomUUID()}`;
  const [row] = await server.sql(
    `insert into api_keys (user_id, name, prefix, key_hash, scopes) values (?, 'k', 'sk_', ?, '{read,write}') returning id::text`,
    [id, hashed(secret)],
  );
  return { id: row.id, headers: { 'x-api-key': secret } };
};

/** Every kind of credential of a person, by name. */
async function credentialsOf(person: Person): Promise<Record<string, Headers>> {
  return {
    jwt: bearer(person.token),
    cookie: await cookieOf(person),
    token: (await apiToken(person)).headers,
    key: (await apiKey(person)).headers,
  };
}

/** Both servers know the credentials; after the change the first refuses at once, the other as soon as it is told. */
async function expectShut(credentials: Record<string, Headers>, revoke: () => Promise<unknown>): Promise<void> {
  for (const headers of Object.values(credentials))
    for (const url of [server.url, other?.url]) if (url) expect(await outcome(headers, url)).toEqual(open);
  await revoke();
  for (const [name, headers] of Object.entries(credentials)) {
    expect([name, await outcome(headers)]).toEqual([name, shut]);
    if (other) await expect.poll(() => outcome(headers, other?.url), { timeout: 2_000, interval: 20 }).toEqual(shut);
  }
}

describe('refused by the very next request, at this server and, once told, at another', () => {
  test.each<[string, (person: Person) => Promise<[Record<string, Headers>, () => Promise<unknown>]>]>([
    [
      'a session that its person ended',
      async ({ token }) => [{ jwt: bearer(token) }, () => change('logout { __typename }', token)],
    ],
    [
      'a cookie when the other sessions are ended',
      async (person) => [
        { cookie: await cookieOf(person) },
        () => change('revokeOtherSessions { __typename }', person.token),
      ],
    ],
    [
      'an API token',
      async (person) => {
        const { id, headers } = await apiToken(person);
        return [{ headers }, () => change(`revokeApiToken(input: { id: "${id}" }) { __typename }`, person.token)];
      },
    ],
    [
      'a suspended API key',
      async (person) => {
        const { id, headers } = await apiKey(person);
        return [{ headers }, () => change(`updateApiKey(input: { id: "${id}", status: SUSPENDED }) { __typename }`)];
      },
    ],
    [
      'all of a deactivated person',
      async (person) => [
        await credentialsOf(person),
        () => change(`deactivateUser(input: { id: "${person.id}" }) { __typename }`),
      ],
    ],
    [
      'all of an erased person',
      async (person) => [
        await credentialsOf(person),
        () => change(`deleteUser(input: { id: "${person.id}" }) { __typename }`),
      ],
    ],
    [
      'sessions when the password changes',
      async (person) => [
        { cookie: await cookieOf(person) },
        () =>
          change(
            `changePassword(input: { id: "${person.id}", currentPassword: "${person.password}", newPassword: "Nouveau-${randomUUID()}" }) { __typename }`,
            person.token,
          ),
      ],
    ],
    [
      'a session whose row an operator deletes',
      async (person) => [
        { jwt: bearer(person.token) },
        () => server.sql('delete from sessions where user_id = ?', [person.id]),
      ],
    ],
  ])('%s', async (_name, prepare) => {
    const [credentials, revoke] = await prepare(await server.person());
    await expectShut(credentials, revoke);
  });

  test('rights that come and go with roles and permissions', async () => {
    const person = await server.person();
    const headers = bearer(person.token);
    const mayList = async (url = server.url): Promise<boolean[]> => {
      const rest = await fetch(`${url}/v1/users`, { headers });
      await rest.text();
      const graph = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: '{"query":"{ users { totalCount } }"}',
      });
      return [rest.status === 200, !JSON.stringify(await graph.json()).includes('FORBIDDEN')];
    };
    const { createRole } = await change('createRole(input: { name: "readers" }) { role { id } }');
    const role = createRole.role.id as string;
    const ids = `userId: "${person.id}", roleId: "${role}"`;
    const permission = `roleId: "${role}", permissionId: "users:read"`;
    const steps: [string, boolean][] = [
      [`assignRole(input: { ${ids} }) { __typename }`, false],
      [`grantPermission(input: { ${permission} }) { __typename }`, true],
      [`revokePermission(input: { ${permission} }) { __typename }`, false],
      [`grantPermission(input: { ${permission} }) { __typename }`, true],
      [`removeRole(input: { ${ids} }) { __typename }`, false],
      [`assignRole(input: { ${ids} }) { __typename }`, true],
      [`deleteRole(input: { id: "${role}" }) { __typename }`, false],
    ];
    for (const [step, allowed] of steps) {
      await change(step);
      expect([step, await mayList()]).toEqual([step, [allowed, allowed]]);
      if (other)
        await expect.poll(() => mayList(other?.url), { timeout: 2_000, interval: 20 }).toEqual([allowed, allowed]);
    }
  });

  test("an API key's scopes", async () => {
    const key = await apiKey(await server.person());
    const mayWrite = async (): Promise<boolean> => {
      const { json } = await server.request('POST', '/graphql', {
        headers: key.headers,
        json: { query: `mutation { createTag(input: { name: "${randomUUID()}" }) { __typename } }` },
      });
      return json.errors?.[0]?.extensions?.reason !== 'scope';
    };
    expect(await mayWrite()).toBe(true);
    await change(`updateApiKey(input: { id: "${key.id}", scopes: [READ] }) { __typename }`);
    expect(await mayWrite()).toBe(false);
  });
});

/** Resolves when all notifications of before have arrived: they keep the order of the commits. */
const everybodyTold = (): Promise<void> =>
  new Promise((resolve, reject) => {
    server.db
      .listen('told', resolve)
      .then(() => server.sql("select pg_notify('told', '')"))
      .catch(reject);
  });

/** A revocation that nobody is told of: the triggers do not fire. */
const revokeSilently = ({ id }: Person): Promise<unknown> =>
  server.db.orm.em.fork().transactional(async (em) => {
    await em.execute('set local session_replication_role = replica');
    await em.execute('update sessions set revoked_at = now() where user_id = ?', [id]);
  });

describe('what is kept', () => {
  test('a request looks its credential up once in ten seconds, and notes its use once a minute', async () => {
    const person = await server.person();
    const headers = await cookieOf(person);
    await everybodyTold();
    standingMs = Date.now();
    const run = vi.spyOn(server.db.client, 'run');
    const noted = () =>
      run.mock.calls.filter(([{ strings }]) => /^\s*update sessions\s+set last_used_at/.test(strings.join(''))).length;
    try {
      const counts: number[][] = [];
      for (const seconds of [0, 0, 9, 1, 51, 1]) {
        aheadMs += seconds * 1000;
        const before = noted();
        counts.push([(await lookupsOf(server, () => outcome(headers))).length, noted() - before]);
      }
      expect(counts.map(([lookups = 0, notes]) => [lookups > 0, notes])).toEqual([
        [true, 0],
        [false, 0],
        [false, 0],
        [true, 0],
        [true, 1],
        [false, 0],
      ]);
    } finally {
      run.mockRestore();
      standingMs = undefined;
    }
  });

  test("stays when somebody signs in, changes their name or registers a token, and goes with anybody's revocation", async () => {
    const [one, another] = [await server.person(), await server.person()];
    const lookups = async (): Promise<number> => (await lookupsOf(server, () => outcome(bearer(one.token)))).length;
    await everybodyTold();
    await outcome(bearer(one.token));
    const cookie = await cookieOf(another);
    await change(`updateUser(input: { id: "${another.id}", firstName: "Zoé" }) { __typename }`, another.token);
    const { id } = await apiToken(another);
    await outcome(cookie);
    expect(await lookups()).toBe(0);
    await change(`revokeApiToken(input: { id: "${id}" }) { __typename }`, another.token);
    expect(await lookups()).toBeGreaterThan(0);
  });

  test('ends with the access token, and tells its client so', async () => {
    const { token } = await server.person();
    aheadMs += 1_795_000;
    expect(await outcome(bearer(token))).toEqual(open);
    aheadMs += 6_000;
    const { status, json } = await server.request('POST', '/graphql', { token, json: { query: '{ viewer { id } }' } });
    expect([status, json.errors[0].extensions.details]).toEqual([401, { expired: true }]);
  });

  test('ends with the API token, to the moment', async () => {
    const { id, headers } = await apiToken(await server.person());
    await server.sql('update api_tokens set expires_at = ?::timestamptz where id = ?', [
      new Date(Date.now() + aheadMs + 5_000).toISOString(),
      id,
    ]);
    expect(await outcome(headers)).toEqual(open);
    aheadMs += 5_000;
    expect(await outcome(headers)).toEqual(shut);
  });

  test('a cookie lives on as long as it is used, and an hour more', async () => {
    const headers = await cookieOf(await server.person());
    for (let n = 0; n < 3; n += 1) {
      aheadMs += 3_590_000;
      expect(await outcome(headers)).toEqual(open);
      aheadMs += 5_000;
      expect(await outcome(headers)).toEqual(open);
    }
    aheadMs += 3_596_000;
    expect(await outcome(headers)).toEqual(shut);
    // Hours ahead it may be another day, at whose beginning roles are looked up again.
    aheadMs = 0;
  });

  test('what nobody told of is noticed after ten seconds', async () => {
    const person = await server.person();
    await everybodyTold();
    expect(await outcome(bearer(person.token))).toEqual(open);
    await revokeSilently(person);
    expect(await outcome(bearer(person.token))).toEqual(open);
    aheadMs += 10_000;
    expect(await outcome(bearer(person.token))).toEqual(shut);
  });

  test('a lookup that a revocation overtakes is not kept', async () => {
    const person = await server.person();
    const headers = bearer(person.token);
    const { readPrimary } = server.db;
    const read = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    server.db.readPrimary = async (text, parameters) => {
      const rows = await readPrimary(text, parameters);
      if (parameters[1] === person.id) {
        read.resolve();
        await answer.promise;
      }
      return rows;
    };
    const overtaken = fetch(`${server.url}/v1/users/me`, { headers });
    await read.promise;
    server.db.readPrimary = readPrimary;
    await server.sql('update sessions set revoked_at = now() where user_id = ?', [person.id]);
    answer.resolve();
    expect((await overtaken).status).toBe(200);
    expect(await outcome(headers)).toEqual(shut);
  });

  if (isServer)
    test('nothing while notifications do not arrive, and nothing from before', async () => {
      const person = await server.person();
      const headers = bearer(person.token);
      await everybodyTold();
      expect(await outcome(headers)).toEqual(open);
      await revokeSilently(person);
      expect(await outcome(headers)).toEqual(open);
      await server.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'passerelle-events' and datname = current_database()`,
      );
      await expect.poll(() => outcome(headers), { timeout: 3_000, interval: 20 }).toEqual(shut);
      await expect.poll(() => server.db.isListening(), { timeout: 5_000 }).toBe(true);
      expect(await outcome(headers)).toEqual(shut);
    });
});
