import { once } from 'node:events';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { startApp } from '../../src/app/start.js';
import { type Sql, sql } from '../../src/db/sql.js';
import type { EventType } from '../../src/events/catalog.js';
import { emit } from '../../src/events/outbox.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer();
  person = await server.person();
});
afterAll(() => server?.stop());

/** A client that keeps what it got, in order. */
class Client {
  readonly got: any[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  #taken = 0;

  constructor(headers: Record<string, string> = {}, url = server.url) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers });
    this.socket.on('message', (data) => this.got.push(JSON.parse(String(data))));
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
  }

  async say(...messages: unknown[]): Promise<this> {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open');
    for (const message of messages) this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    return this;
  }

  /** The next messages, in order. */
  async take(count: number): Promise<any[]> {
    await expect.poll(() => this.got.length, { timeout: 45_000 }).toBeGreaterThanOrEqual(this.#taken + count);
    return this.got.slice(this.#taken, (this.#taken += count));
  }

  /** Everything that was said before this has been answered when it holds. */
  async settled(): Promise<void> {
    const pongs = (): number => this.got.filter((m) => m.type === 'pong').length;
    const before = pongs();
    await this.say({ type: 'ping' });
    await expect.poll(pongs, { timeout: 45_000 }).toBe(before + 1);
    this.#taken = this.got.length;
  }
}

async function signedIn(token: string, more: object = {}, url?: string): Promise<Client> {
  const client = await new Client({}, url).say({ type: 'auth', token, ...more });
  expect(await client.take(1)).toEqual([{ type: 'auth.ok' }]);
  return client;
}

const nobody = { viewer: { userId: undefined }, requestId: 'test', ip: undefined };

/** Writes an event in a transaction, together with the change that it tells of. */
const happened = (
  type: EventType,
  subject: readonly [string, string | number],
  data: object,
  change?: Sql,
): Promise<void> =>
  server.db.client.transaction(async (tx) => {
    if (change) await tx.run(change);
    await emit(tx, nobody, type, subject, data as never);
  });

const nameChanged = (id: number, field = 'firstName') => happened('user.updated', ['User', id], { fields: [field] });

const makeDocument = async (ownerId: number): Promise<number> =>
  (
    await server.sql(
      `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, owner_id)
       values ('Bail', 'b.pdf', 'b.pdf', 'k', md5(random()::text) || md5(random()::text), 1, 'application/pdf', ?) returning id`,
      [ownerId],
    )
  )[0].id;

describe('auth', () => {
  test("the document's own exchange: auth with a Bearer, then events", async () => {
    const client = await new Client().say({ type: 'auth', token: `Bearer ${person.token}` });
    expect(await client.take(1)).toEqual([{ type: 'auth.ok' }]);
    await server.request('POST', '/auth/login', { form: { username: person.email, password: person.password } });
    expect(await client.take(1)).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        type: 'user.login',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        data: { kind: 'token', subject: { type: 'User', id: String(person.id) }, actorId: person.id },
      },
    ]);
    client.socket.close();
  });

  test.each(['', 'nonsense', 'Bearer ', 'apt_x', 'sk_x', 'ApiToken x', 'a b c', '\0'])(
    'the token %j is refused with 4401',
    async (token) => {
      const client = await new Client().say({ type: 'auth', token });
      expect(await client.closed).toBe(4401);
      expect(client.got).toEqual([{ type: 'error', code: 'AUTHENTICATION_ERROR', message: expect.any(String) }]);
    },
  );

  test('one person has at most a hundred sockets; one that closes makes room', async () => {
    const greedy = await server.person();
    const clients = await Promise.all(Array.from({ length: 100 }, () => signedIn(greedy.token)));
    const beyond = await new Client().say({ type: 'auth', token: greedy.token });
    expect(await beyond.closed).toBe(4429);
    (await signedIn(person.token)).socket.close();
    clients[0]?.socket.close();
    await clients[0]?.closed;
    await signedIn(greedy.token);
    for (const { socket } of clients) socket.terminate();
  });

  test('any other message first, and none in time, end in 4401; mistakes before it are told', async () => {
    const hasty = await new Client().say('{', { type: 'ping' });
    expect(await hasty.closed).toBe(4401);
    expect(hasty.got.map((m) => m.code)).toEqual(['BAD_MESSAGE', 'AUTHENTICATION_ERROR']);
    const impatient = await startTestServer({ eventSocket: { authMs: 50 } });
    try {
      const silent = new Client({}, impatient.url);
      expect(await silent.closed).toBe(4401);
    } finally {
      await impatient.stop();
    }
  });

  test('every kind of credential opens it; one that may not read is 4403', async () => {
    const { data } = await server.graphql(
      'mutation { a: createApiToken(input: { name: "reads" }) { token } b: createApiToken(input: { name: "writes", scopes: [WRITE] }) { token } }',
      {},
      person.token,
    );
    for (const token of [data.a.token, `Bearer ${data.a.token}`, `ApiToken ${data.a.token}`])
      (await signedIn(token)).socket.close();
    const blind = await new Client().say({ type: 'auth', token: data.b.token });
    expect(await blind.closed).toBe(4403);
    expect(blind.got[0].code).toBe('AUTHORIZATION_ERROR');
  });

  test("a page of ours needs no token under its cookie; another site's page does not get in with it", async () => {
    const answer = await server.request('POST', '/kdocs/login', {
      json: { username: person.email, password: person.password },
    });
    const cookie = String(answer.headers.get('set-cookie')).split(';')[0] as string;
    const own = await new Client({ cookie, origin: server.url }).say({ type: 'auth' });
    expect(await own.take(1)).toEqual([{ type: 'auth.ok' }]);
    own.socket.close();
    const foreign = new Client({ cookie, origin: 'https://evil.example' });
    foreign.socket.on('error', () => undefined);
    expect(await foreign.closed).toBe(1006);
    const bare = await new Client().say({ type: 'auth' });
    expect(await bare.closed).toBe(4401);
  });
});

describe('events', () => {
  test('subscribe narrows to names and prefixes, and says what is unknown', async () => {
    const client = await signedIn(person.token);
    await client.say({ type: 'subscribe', events: ['user.activated', 'api_token.*', 'task.completed'] });
    expect(await client.take(1)).toEqual([
      {
        type: 'subscribed',
        events: ['user.activated', 'api_token.*', 'task.completed'],
        after: null,
        position: expect.stringMatching(/^\d+$/),
      },
    ]);
    await nameChanged(person.id);
    await happened('api_token.created', ['ApiToken', 900], { userId: person.id, name: 'x' });
    await happened('user.activated', ['User', person.id], {});
    expect((await client.take(2)).map((e) => e.type)).toEqual(['api_token.created', 'user.activated']);
    for (const events of [['user.nonsense'], ['us*'], ['nonsense.*'], [], 'user.login', [1]]) {
      await client.say({ type: 'subscribe', events });
      expect(await client.take(1)).toMatchObject([
        { type: 'error', code: 'BAD_MESSAGE', message: expect.stringContaining('events') },
      ]);
    }
    await client.say({ type: 'subscribe', events: ['*'], after: -1 });
    expect(await client.take(1)).toMatchObject([{ type: 'error', message: expect.stringContaining('after') }]);
    client.socket.close();
  });

  test('it resumes after an id without loss or doubles, while events go on', async () => {
    const own = await server.person();
    const first = await signedIn(own.token);
    for (let i = 0; i < 6; i++) await nameChanged(own.id);
    const all = await first.take(6);
    const last = all[1].id;
    const writing = (async () => {
      for (let i = 0; i < 6; i++) await nameChanged(own.id);
    })();
    const resumedByAuth = await signedIn(own.token, { events: ['user.*'], after: last });
    const resumedLater = await signedIn(own.token, { events: ['user.login'] });
    await resumedLater.say({ type: 'subscribe', events: ['user.*'], after: Number(last) });
    expect(await resumedLater.take(1)).toMatchObject([{ type: 'subscribed', after: last }]);
    await writing;
    all.push(...(await first.take(6)));
    for (const client of [resumedByAuth, resumedLater]) {
      expect((await client.take(10)).map((e) => e.id)).toEqual(all.slice(2).map((e) => e.id));
      await client.settled();
      expect(client.got.filter((m) => m.id)).toHaveLength(10);
    }
    for (const client of [first, resumedByAuth, resumedLater]) client.socket.close();
  });

  test('a position beyond the log, or before what is kept, is an error, and the stream goes on as it was', async () => {
    const client = await signedIn(person.token, { events: ['user.updated'] });
    const [{ newest }] = await server.sql('select max(position)::text as newest from events');
    await client.say({ type: 'subscribe', events: ['user.login'], after: String(BigInt(newest) + 1n) });
    expect(await client.take(1)).toEqual([
      { type: 'error', code: 'POSITION_UNKNOWN', message: expect.stringContaining(newest) },
    ]);
    await nameChanged(person.id);
    expect(await client.take(1)).toMatchObject([{ type: 'user.updated' }]);
    const early = await signedIn(person.token, { after: '999999999999' });
    expect(await early.take(1)).toMatchObject([{ type: 'error', code: 'POSITION_UNKNOWN' }]);
    await early.say({ type: 'subscribe', events: ['user.updated'], after: newest });
    expect((await early.take(2)).map((m) => m.type)).toEqual(['subscribed', 'user.updated']);
    for (const each of [client, early]) each.socket.close();

    // More than a process keeps in memory, and the first of them removed.
    const own = await startTestServer();
    await own.sql(
      `insert into events (position, type, subject_type, subject_id, data)
       select i, 'user.activated', 'User', ?, '{}' from generate_series(1, 2100) i`,
      [String(own.admin.id)],
    );
    const watcher = await signedIn(own.admin.token, { events: ['user.deactivated'] }, own.url);
    await own.db.client.transaction((tx) => emit(tx, nobody, 'user.deactivated', ['User', 999], {}));
    await watcher.take(1);
    // As when a month is dropped.
    await own.sql('delete from events where position <= 10');
    await own.sql('update event_log set pruned_position = 10');
    await watcher.say({ type: 'subscribe', events: ['*'], after: 5 });
    expect(await watcher.take(1)).toEqual([
      { type: 'error', code: 'POSITION_EXPIRED', message: expect.any(String), oldest: '11' },
    ]);
    await watcher.say({ type: 'subscribe', events: ['*'], after: 10 });
    expect((await watcher.take(2)).map((m) => m.id)).toEqual([undefined, '11']);
    watcher.socket.close();
    await own.stop();
  });

  test("another person hears nothing of mine; whoever reads the log hears all; a document's reader hears of it until the share ends", async () => {
    const [owner, stranger] = [await server.person(), await server.person()];
    const [mine, theirs, auditor] = await Promise.all(
      [owner, stranger, server.admin].map(({ token }) => signedIn(token)),
    );
    const document = await makeDocument(owner.id);
    const share = (type: 'document.shared' | 'document.unshared', statement: Sql) =>
      happened(type, ['Document', document], { ownerId: owner.id, title: 'Bail', userId: stranger.id }, statement);
    await nameChanged(owner.id);
    await happened('document.updated', ['Document', document], { ownerId: owner.id, title: 'Bail', fields: ['title'] });
    await auditor?.take(2);
    await share('document.shared', sql`insert into document_shares values (${document}, ${stranger.id})`);
    expect(await theirs?.take(1)).toMatchObject([
      { type: 'document.shared', data: { subject: { type: 'Document', id: String(document) } } },
    ]);
    await share(
      'document.unshared',
      sql`delete from document_shares where document_id = ${document} and user_id = ${stranger.id}`,
    );
    await happened('document.updated', ['Document', document], {
      ownerId: owner.id,
      title: 'Secret',
      fields: ['title'],
    });
    await nameChanged(stranger.id);
    expect(await theirs?.take(1)).toMatchObject([
      { type: 'user.updated', data: { subject: { id: String(stranger.id) } } },
    ]);
    expect((await mine?.take(5))?.map((e) => e.type)).toEqual([
      'user.updated',
      'document.updated',
      'document.shared',
      'document.unshared',
      'document.updated',
    ]);
    const heard = (await auditor?.take(5))?.map((e) => e.type) ?? [];
    expect(heard.filter((type) => type !== 'notification.created')).toEqual([
      'document.shared',
      'document.unshared',
      'document.updated',
      'user.updated',
    ]);
    expect(heard).toContain('notification.created');
    for (const client of [mine, theirs, auditor]) client?.socket.close();
  });

  test('whoever is billed hears of the invoice from its issue on, and of what they pay; nobody else does', async () => {
    const [customer, stranger] = [await server.person(), await server.person()];
    const clients = await Promise.all([customer, stranger].map(({ token }) => signedIn(token)));
    const change = async (name: string, input: object): Promise<any> => {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
      const payload = name === 'recordPayment' ? 'payment { id }' : 'invoice { id }';
      const mutation = `mutation ($input: ${type}!) { change: ${name}(input: $input) { ${payload} } }`;
      const { data, errors } = await server.graphql(mutation, { input }, server.admin.token);
      expect(errors).toBeUndefined();
      return data.change;
    };
    const items = [{ description: 'Audit', quantity: 1, unitPrice: 10, vatRate: 20 }];
    const namesHeard = ({ got }: Client): number => got.filter(({ type }) => type === 'user.updated').length;
    const { invoice } = await change('createInvoice', { customerId: String(customer.id), items, status: 'DRAFT' });
    // Rights are asked when an event is sent: that of the draft has gone by once one after it has come.
    for (const { id } of [customer, stranger]) await nameChanged(id);
    await expect.poll(() => clients.map(namesHeard), { timeout: 45_000 }).toEqual([1, 1]);
    await change('issueInvoice', { id: invoice.id });
    await change('recordPayment', { amount: 5, paymentDate: '2026-02-02', allocations: [{ invoiceId: invoice.id }] });
    for (const { id } of [customer, stranger]) await nameChanged(id);
    const heardBy = async (client: Client): Promise<string[]> => {
      await expect.poll(() => namesHeard(client), { timeout: 45_000 }).toBe(2);
      return client.got.map(({ type }) => type).filter((type) => /^(invoice|payment)\./.test(type));
    };
    const heard = ['invoice.issued', 'payment.recorded', 'payment.allocated'];
    expect(await Promise.all(clients.map(heardBy))).toEqual([heard, []]);
    for (const client of clients) client.socket.close();
  });

  test('a permission taken from a role is felt by the next event, and one given as well', async () => {
    const [{ id: roleId }] = await server.sql(
      "insert into roles (name, description) values ('auditeur', '') returning id",
    );
    const { token } = await server.person({ roles: ['auditeur'] });
    const client = await signedIn(token);
    const rights = (change: 'granted' | 'revoked', statement: Sql) =>
      happened('role.permissions_changed', ['Role', roleId], { permission: 'events:read', change }, statement);
    await rights(
      'granted',
      sql`insert into role_permissions (role_id, permission_id)
          select ${roleId}::int, id from permissions where name = 'events:read'`,
    );
    await nameChanged(person.id);
    expect((await client.take(2)).map((e) => e.type)).toEqual(['role.permissions_changed', 'user.updated']);
    await rights('revoked', sql`delete from role_permissions where role_id = ${roleId}`);
    const watcher = await signedIn(server.admin.token);
    await nameChanged(person.id);
    await watcher.take(1);
    await client.settled();
    expect(client.got.filter((m) => m.id)).toHaveLength(2);
    client.socket.close();
    watcher.socket.close();
  });
});

describe('the end', () => {
  const within = async (
    client: Client,
    work: () => Promise<{ errors?: any[] }>,
  ): Promise<{ code: number; ms: number }> => {
    await client.settled();
    expect((await work()).errors).toBeUndefined();
    const started = performance.now();
    return { code: await client.closed, ms: performance.now() - started };
  };
  const admin = (mutation: string, id: number) => () =>
    server.graphql(`mutation ($id: ID!) { ${mutation} { user { id } } }`, { id }, server.admin.token);

  test.each([
    ['deactivation', (p: Person) => admin('deactivateUser(input: { id: $id })', p.id)],
    ['a role', (p: Person) => admin('assignRole(input: { userId: $id, roleId: 7 })', p.id)],
    [
      'a new password',
      (p: Person) => () =>
        server.graphql(
          'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } } }',
          { input: { id: p.id, currentPassword: p.password, newPassword: 'Nouveau-mot-2' } },
          p.token,
        ),
    ],
    ['a logout', (p: Person) => () => server.graphql('mutation { logout { __typename } }', {}, p.token)],
  ])('%s closes the sockets of the person within a second, and no other', async (_name, change) => {
    const gone = await server.person();
    const client = await signedIn(gone.token);
    const other = await signedIn(person.token);
    const { code, ms } = await within(client, change(gone));
    expect(code).toBe(4403);
    expect(ms).toBeLessThan(1000);
    await other.settled();
    other.socket.close();
  });

  test('an API token that is revoked closes its own socket only', async () => {
    const { data } = await server.graphql(
      'mutation { createApiToken(input: { name: "x" }) { token apiToken { id } } }',
      {},
      person.token,
    );
    const [byToken, bySession] = [await signedIn(data.createApiToken.token), await signedIn(person.token)];
    const { code, ms } = await within(byToken, () =>
      server.graphql(
        'mutation ($id: ID!) { revokeApiToken(input: { id: $id }) { apiToken { id } } }',
        { id: data.createApiToken.apiToken.id },
        person.token,
      ),
    );
    expect([code, ms < 1000]).toEqual([4403, true]);
    await bySession.settled();
    bySession.socket.close();
  });

  test('a credential that expires, or has before, is 4403 at that moment', async () => {
    const { data } = await server.graphql(
      'mutation { createApiToken(input: { name: "brief" }) { token apiToken { id } } }',
      {},
      person.token,
    );
    const { token, apiToken } = data.createApiToken;
    const [{ endsAt }] = await server.sql(
      `update api_tokens set expires_at = now() + interval '1500 milliseconds' where id = ?
       returning extract(epoch from expires_at) * 1000 as "endsAt"`,
      [Number(apiToken.id)],
    );
    const client = await signedIn(token);
    expect(await client.closed).toBe(4403);
    expect(Date.now() - Number(endsAt)).toBeLessThan(3_000);
    const late = await new Client().say({ type: 'auth', token });
    expect(await late.closed).toBe(4403);
  });

  test('a credential that runs out by the clock ends at the next heartbeat; a stop says 1001', async () => {
    let clock = Date.now();
    const own = await startTestServer({ now: () => new Date(clock), eventSocket: { heartbeatMs: 100 } });
    const { token } = await own.person();
    const client = await signedIn(token, {}, own.url);
    clock += 31 * 60_000;
    expect(await client.closed).toBe(4403);
    const { data } = await own.graphql(
      'mutation ($input: LoginInput!) { login(input: $input) { tokens { accessToken } } }',
      {
        input: { identifier: 'person1', password: own.admin.password },
      },
    );
    const last = await signedIn(data.login.tokens.accessToken, {}, own.url);
    await own.stop();
    expect(await last.closed).toBe(1001);
  });

  test('a peer that no longer answers is dropped; a client that takes nothing is closed with 1013', async () => {
    const own = await startTestServer({ eventSocket: { heartbeatMs: 300 } });
    const mute = await signedIn(own.admin.token, {}, own.url);
    mute.socket.pong = () => undefined;
    expect(await mute.closed).toBe(1006);
    await own.stop();

    const brief = await startTestServer({ eventSocket: { stallMs: 200 } });
    await brief.sql(
      `insert into events (position, type, subject_type, subject_id, data) select i, 'user.updated', 'User', ?, jsonb_build_object('fields', jsonb_build_array(repeat('x', 1000000))) from generate_series(1, 40) i`,
      [String(brief.admin.id)],
    );
    const slow = await signedIn(brief.admin.token, { after: 0 }, brief.url);
    slow.socket.pause();
    // The feed learns of the rows, which no relay announced, by the next event.
    await brief.db.client.transaction((tx) => emit(tx, nobody, 'user.activated', ['User', brief.admin.id], {}));
    await expect.poll(() => brief.log.some((line) => line.includes('took nothing')), { timeout: 30_000 }).toBe(true);
    slow.socket.resume();
    expect(await slow.closed).toBe(1013);
    const ids = slow.got.flatMap((m) => m.id ?? []);
    const resumed = await signedIn(brief.admin.token, { after: ids.at(-1) ?? '0' }, brief.url);
    ids.push(...(await resumed.take(41 - ids.length)).map((m) => m.id));
    expect(ids).toEqual(Array.from({ length: 41 }, (_, i) => String(i + 1)));
    await brief.stop();
  }, 120_000);

  if (inject('database').kind === 'server')
    test('another process closes its sockets within a second, and tells the same events', async () => {
      const { config } = server.services;
      const other = await startApp({ config: { ...config, port: 0 }, log: pino({ level: 'silent' }) });
      try {
        const { data } = await server.graphql(
          'mutation ($input: LoginInput!) { login(input: $input) { tokens { accessToken } } }',
          { input: { identifier: person.email, password: person.password } },
        );
        const [here, there] = [
          await signedIn(data.login.tokens.accessToken, { events: ['user.updated'] }),
          await signedIn(data.login.tokens.accessToken, { events: ['user.updated'] }, other.url),
        ];
        await nameChanged(person.id);
        expect(await there.take(1)).toEqual(await here.take(1));
        const { code, ms } = await within(there, () =>
          server.graphql('mutation { logout { __typename } }', {}, data.login.tokens.accessToken),
        );
        expect([code, ms < 1000]).toEqual([4403, true]);
      } finally {
        await other.stop();
      }
    });
});

describe('what clients get wrong', () => {
  test('no message breaks it or the sockets of others', async () => {
    const other = await signedIn(person.token);
    const message = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .record(
          {
            type: fc.oneof(fc.constantFrom('auth', 'subscribe', 'ping', 'pong', '__proto__'), fc.string()),
            events: fc.jsonValue(),
            after: fc.jsonValue(),
            token: fc.jsonValue(),
          },
          { requiredKeys: [] },
        )
        .map((m) => JSON.stringify(m)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(message, { minLength: 1, maxLength: 8 }),
        async (authenticated, messages) => {
          const client = authenticated ? await signedIn(person.token) : await new Client().say();
          for (const each of messages) client.socket.send(each);
          client.socket.send('{}');
          await expect
            .poll(
              () =>
                client.socket.readyState !== WebSocket.OPEN || client.got.filter((m) => m.type === 'error').length > 0,
            )
            .toBe(true);
          for (const m of client.got.filter((g) => g.type === 'error')) expect(m.code).not.toBe('INTERNAL_ERROR');
          client.socket.terminate();
          await client.closed;
        },
      ),
      { numRuns: 40 },
    );
    await nameChanged(person.id);
    expect(await other.take(1)).toMatchObject([{ type: 'user.updated' }]);
    other.socket.close();
  });

  test('a message that is too large is 1009, too many are 4429', async () => {
    const large = await signedIn(person.token);
    large.socket.send(JSON.stringify({ type: 'ping', filler: 'x'.repeat(20_000) }));
    expect(await large.closed).toBe(1009);
    const chatty = await signedIn(person.token);
    for (let i = 0; i < 100; i++) chatty.socket.send('{"type":"ping"}');
    expect(await chatty.closed).toBe(4429);
    expect(chatty.got.at(-1)).toMatchObject({ type: 'error', code: 'RATE_LIMITED' });
  });
});
