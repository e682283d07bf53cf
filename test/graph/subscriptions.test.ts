import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { emit } from '../../src/events/outbox.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let owner: Person;
let readers: Person[];
const clients: Client[] = [];
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.person();
  await mutate('mutation { createRole(input: { name: "reads" }) { role { id } } }');
  await setReading(true);
  readers = await Promise.all(Array.from({ length: 12 }, () => server.person({ roles: ['user', 'reads'] })));
});
afterAll(async () => {
  for (const { socket } of clients) socket.terminate();
  await server?.stop();
});

async function mutate(query: string): Promise<void> {
  const { errors } = await server.graphql(query, {}, server.admin.token);
  expect(errors).toBeUndefined();
}

/** Whether the role `reads` shows all documents. */
async function setReading(reads: boolean): Promise<void> {
  const [role] = await server.sql(`select id from roles where name = 'reads'`);
  await mutate(
    `mutation { ${reads ? 'grantPermission' : 'revokePermission'}(input: { roleId: "${role.id}", permissionId: "documents:read" }) { role { id } } }`,
  );
}

/** A socket that speaks graphql-transport-ws and keeps what it got: `[operation, payload]`, in order. */
class Client {
  readonly got: [string, any][] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  readonly #acknowledged = Promise.withResolvers<void>();
  #operations = 0;

  constructor(token: string, url = server.url) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    this.closed = once(this.socket, 'close').then(([code]) => code as number);
    this.socket.once('open', () =>
      this.#say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }),
    );
    this.socket.on('message', (data) => {
      const { type, id, payload } = JSON.parse(String(data));
      if (type === 'connection_ack') this.#acknowledged.resolve();
      else this.got.push([id, type === 'next' ? payload : type]);
    });
    clients.push(this);
  }

  async start(query: string, variables: object = {}): Promise<string> {
    await this.#acknowledged.promise;
    const id = `"${(this.#operations += 1)}`;
    this.#say({ id, type: 'subscribe', payload: { query, variables } });
    return id;
  }

  complete(id: string): void {
    this.#say({ id, type: 'complete' });
  }

  of(id: string): any[] {
    return this.got.filter(([operation]) => operation === id).map(([, payload]) => payload);
  }

  /** All payloads of an operation, once there are as many. */
  async take(id: string, count: number): Promise<any[]> {
    await expect.poll(() => this.of(id).length, { timeout: 45_000 }).toBeGreaterThanOrEqual(count);
    return this.of(id);
  }

  #say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }
}

interface Ear {
  client: Client;
  id: string;
}

const latest = async (): Promise<string> =>
  (await server.sql('select coalesce(max(position), 0)::text as latest from events'))[0].latest;

/** A subscription of each person, from now on. */
const listen = (people: readonly Person[], query: string, variables: object): Promise<Ear[]> =>
  Promise.all(
    people.map(async ({ token }) => {
      const client = new Client(token);
      return { client, id: await client.start(query, variables) };
    }),
  );

const heardBy = (ears: readonly Ear[], count: number): Promise<any[][]> =>
  Promise.all(ears.map(({ client, id }) => client.take(id, count)));

/** The server has done what it had to do for each of them. */
const settled = (ears: readonly Ear[]): Promise<unknown> =>
  Promise.all(ears.map(async ({ client }) => client.take(await client.start('{ viewer { id } }'), 2)));

let made = 0;
async function makeDocument({ id }: Person, on = server, text = ''): Promise<number> {
  const [row] = await on.sql(
    `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, owner_id, content)
     values (?, 'b.pdf', 'b.pdf', 'k', ?, 1, 'application/pdf', ?, ?) returning id`,
    [`Bail ${(made += 1)}`, made.toString(16).padStart(64, '0'), id, text],
  );
  return row.id;
}

const happened = (document: number, count = 1, on = server): Promise<void> =>
  on.db.client.transaction(async (tx) => {
    for (let i = 0; i < count; i++)
      await emit(
        tx,
        { viewer: { userId: undefined }, requestId: 'test', ip: undefined },
        'document.updated',
        ['Document', document],
        { ownerId: owner.id, title: 't', fields: ['title'] },
      );
  });

const query = `subscription ($after: Position, $id: ID, $titled: Boolean = false) {
  documentEvents(after: $after, documentId: $id) { position document { title @include(if: $titled) downloadUrl } }
}`;

const idsOf = (payloads: readonly any[]): string[] =>
  payloads.map(({ data, errors }) =>
    errors ? expect.fail(JSON.stringify(errors)) : data.documentEvents.document.downloadUrl.split('/')[4],
  );

test('an event costs as many statements as there are different visibilities, however many listen and wherever they resumed', async () => {
  const document = await makeDocument(owner);
  const before = await latest();
  await happened(document);
  await expect.poll(latest).not.toBe(before);
  const resumed = await listen([...readers, ...readers, owner], query, { after: before });
  const ears = [...resumed, ...(await listen([...readers, owner], query, { after: await latest() }))];
  await happened(document);
  const heardLast = (nth: number): Promise<any[]> =>
    Promise.all(ears.map(async (ear) => (await ear.client.take(ear.id, resumed.includes(ear) ? nth + 1 : nth)).at(-1)));
  await heardLast(1);
  await settled(ears);
  const statements: string[] = [];
  const { readPrimary } = server.db;
  const spy = vi.spyOn(server.db, 'readPrimary').mockImplementation((text, parameters) => {
    if (text.includes(' documents t')) statements.push(text);
    return readPrimary(text, parameters);
  });
  await happened(document);
  const heard = await heardLast(2);
  spy.mockRestore();
  // Whether it is seen, and what it is: for those who see all, and for the owner.
  expect(statements).toHaveLength(4);
  expect(new Set(heard.map((payload) => JSON.stringify(payload))).size).toBe(1);
});

test('who sees less gets less, of rows and of what hangs on them; a right that is taken away or given counts from the next event on', async () => {
  const own = await server.person();
  const shared = await server.person();
  const [theirs, secret] = [await makeDocument(own), await makeDocument(owner)];
  for (const { id } of [own, shared]) await server.sql('insert into document_shares values (?, ?)', [secret, id]);
  const people =
    'subscription ($after: Position) { documentEvents(after: $after) { document { downloadUrl sharedWith { username email } } } }';
  const after = await latest();
  const [ownEar, sharedEar, readerEar, adminEar] = (await listen(
    [own, shared, readers[0] as Person, server.admin],
    people,
    { after },
  )) as [Ear, Ear, Ear, Ear];
  await happened(secret);
  const seenBy = async ({ client, id }: Ear): Promise<any> =>
    (await client.take(id, 1))[0].data.documentEvents.document.sharedWith;
  const both = [own, shared].map(({ username, email }) => ({ username, email }));
  expect(await seenBy(adminEar)).toEqual(both);
  expect(await seenBy(readerEar)).toEqual(both.map(({ username }) => ({ username, email: null })));
  expect(await seenBy(ownEar)).toEqual([both[0]]);
  expect(await seenBy(sharedEar)).toEqual([both[1]]);

  await server.sql('delete from document_shares where document_id = ?', [secret]);
  await setReading(false);
  await happened(secret);
  await adminEar.client.take(adminEar.id, 2);
  await happened(theirs);
  await adminEar.client.take(adminEar.id, 3);
  await setReading(true);
  await happened(secret);
  expect(idsOf(await adminEar.client.take(adminEar.id, 4))).toEqual([secret, secret, theirs, secret].map(String));
  expect(idsOf(await readerEar.client.take(readerEar.id, 2))).toEqual([secret, secret].map(String));
  expect(idsOf(await ownEar.client.take(ownEar.id, 2))).toEqual([secret, theirs].map(String));
  expect(idsOf(sharedEar.client.of(sharedEar.id))).toEqual([String(secret)]);
});

test('who did it is told by which request, and nobody else', async () => {
  const document = await makeDocument(owner);
  const named = `subscription ($id: ID) { documentEvents(documentId: $id) { requestId name } }`;
  const ears = await listen([owner, readers[0] as Person], named, { id: document });
  await settled(ears);
  const { json } = await server.request('POST', '/graphql', {
    token: owner.token,
    json: { query: `mutation { updateDocument(input: { id: ${document}, title: "Avenant" }) { document { id } } }` },
    headers: { 'x-request-id': 'console_1' },
  });
  expect(json.errors).toBeUndefined();
  const told = (await heardBy(ears, 1)).map(([{ data }]) => data.documentEvents);
  expect(told).toEqual([
    { requestId: 'console_1', name: 'document.updated' },
    { requestId: null, name: 'document.updated' },
  ]);
});

test('variables, arguments and what looks at the person keep subscribers apart; errors name the request of each', async () => {
  const [one, other] = [await makeDocument(owner), await makeDocument(owner)];
  const after = await latest();
  const two = readers.slice(0, 2);
  const ofOne = await listen(two, query, { after, id: one });
  const ofOther = await listen(two, query, { after, id: other });
  const titled = await listen(two, query, { after, id: other, titled: true });
  const personal = await listen(
    two,
    'subscription ($after: Position) { documentEvents(after: $after) { position document { sharedWith { permissions } } } }',
    { after },
  );
  const wrong = await listen(
    two,
    'subscription ($after: Position) { documentEvents(after: $after) { position document { owner { username } tags { documents(after: "no cursor") { totalCount } } } } }',
    { after },
  );
  const [reader] = two as [Person];
  const [tag] = await server.sql(`insert into tags (name) values ('urgent') returning id`);
  for (const id of [one, other]) {
    await server.sql('insert into document_tags (document_id, tag_id) values (?, ?)', [id, tag.id]);
    await server.sql('insert into document_shares values (?, ?)', [id, reader.id]);
  }
  await happened(one);
  await happened(other);
  await happened(one);
  for (const heard of await heardBy(ofOne, 2)) expect(idsOf(heard)).toEqual([one, one].map(String));
  for (const heard of await heardBy(ofOther, 1)) expect(idsOf(heard)).toEqual([String(other)]);
  const hasTitle = (heard: readonly any[]): boolean => 'title' in heard[0].data.documentEvents.document;
  expect((await heardBy([...ofOther, ...titled], 1)).map(hasTitle)).toEqual([false, false, true, true]);
  const permissions = (await heardBy(personal, 3)).map((heard) =>
    heard.map(({ data }) => data.documentEvents.document.sharedWith[0].permissions.length > 0),
  );
  expect(permissions).toEqual([
    [true, true, true],
    [false, false, false],
  ]);
  const failed = (await heardBy(wrong, 3)).map(
    (heard) => new Set(heard.map(({ errors }) => errors[0].extensions.requestId)),
  );
  expect(failed.map(({ size }) => size)).toEqual([1, 1]);
  expect(failed[0]).not.toEqual(failed[1]);
  const client = new Client(reader.token);
  const id = await client.start(query, { after: '1'.repeat(19) });
  const [refusal, end] = await client.take(id, 2);
  expect([refusal.errors[0].extensions.code, end]).toEqual(['BAD_USER_INPUT', 'complete']);
});

test('a slow socket holds up nobody, holds no events in memory, and loses none; one that completes hears no more', async () => {
  const wires: Socket[] = [];
  server.app.server.on('connection', (wire) => wires.push(wire));
  const document = await makeDocument(owner, server, 'x'.repeat(1_000_000));
  const whole = 'subscription ($after: Position) { documentEvents(after: $after) { position document { content } } }';
  const after = await latest();
  const [quick, slow, ended] = (await listen([owner, owner, owner], whole, { after })) as [Ear, Ear, Ear];
  await happened(document);
  await heardBy([quick, slow, ended], 1);
  slow.client.socket.pause();
  ended.client.complete(ended.id);
  await settled([ended]);
  await happened(document, 40);
  const positions = (await quick.client.take(quick.id, 41)).map(({ data }) => BigInt(data.documentEvents.position));
  expect(positions).toEqual(positions.toSorted((a, b) => (a < b ? -1 : 1)));
  expect(slow.client.of(slow.id).length).toBeLessThan(30);
  for (const wire of wires) expect(wire.writableLength).toBeLessThan(2_500_000);
  slow.client.socket.resume();
  expect((await slow.client.take(slow.id, 41)).map(({ data }) => BigInt(data.documentEvents.position))).toEqual(
    positions,
  );
  expect(ended.client.of(ended.id)).toHaveLength(1);
});

test('a socket that takes nothing for too long is closed with 1013 and resumes by its position', async () => {
  const brief = await startTestServer({ eventSocket: { stallMs: 200 } });
  const document = await makeDocument(brief.admin, brief, 'x'.repeat(1_000_000));
  const whole = 'subscription ($after: Position) { documentEvents(after: $after) { position document { content } } }';
  const slow = new Client(brief.admin.token, brief.url);
  const id = await slow.start(whole, { after: '0' });
  await happened(document, 1, brief);
  await slow.take(id, 1);
  slow.socket.pause();
  await happened(document, 40, brief);
  await expect.poll(() => brief.log.some((line) => line.includes('took nothing')), { timeout: 30_000 }).toBe(true);
  slow.socket.resume();
  expect(await slow.closed).toBe(1013);
  const told = slow.of(id).map(({ data }) => data.documentEvents.position);
  const back = new Client(brief.admin.token, brief.url);
  const more = await back.take(await back.start(whole, { after: told.at(-1) }), 41 - told.length);
  told.push(...more.map(({ data }) => data.documentEvents.position));
  expect(told).toEqual(
    (
      await brief.sql(
        `select position::text as position from events where type = 'document.updated' order by events.position`,
      )
    ).map(({ position }) => position),
  );
  back.socket.terminate();
  await brief.stop();
});

test('variables nest no deeper than over HTTP, and an operation that there is not says so', async () => {
  const client = new Client(owner.token);
  const refused = new Map<string, any>();
  client.socket.on('message', (data) => {
    const { type, id, payload } = JSON.parse(String(data));
    if (type === 'error') refused.set(id, payload[0].extensions.code);
  });
  await settled([{ client, id: '' }]);
  const ask = (id: string, query: string, rest: string): void =>
    client.socket.send(`{"id":"${id}","type":"subscribe","payload":{"query":"${query}",${rest}}}`);
  const deep = `"variables":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  ask('query', '{ viewer { id } }', deep);
  ask('subscription', 'subscription { documentEvents { position } }', deep);
  ask('unnamed', 'query A { viewer { id } }', '"operationName":"B"');
  await expect
    .poll(() => Object.fromEntries(refused))
    .toEqual({
      query: 'BAD_USER_INPUT',
      subscription: 'BAD_USER_INPUT',
      unnamed: 'OPERATION_RESOLUTION_FAILURE',
    });
});

test('one person has at most two hundred sockets; one that closes makes room', async () => {
  const greedy = await server.person();
  const sockets = Array.from({ length: 200 }, () => new Client(greedy.token));
  await Promise.all(sockets.map((client) => settled([{ client, id: '' }])));
  expect(await new Client(greedy.token).closed).toBe(4429);
  await settled([{ client: new Client(owner.token), id: '' }]);
  sockets[0]?.socket.close();
  await sockets[0]?.closed;
  await settled([{ client: new Client(greedy.token), id: '' }]);
  for (const { socket } of sockets) socket.terminate();
});

test('one person has at most two hundred subscriptions, over all their sockets; what ends makes room', async () => {
  const greedy = await server.person();
  const [one, other] = [new Client(greedy.token), new Client(greedy.token)];
  const start = (client: Client, n: number): Promise<string> =>
    client.start(`subscription S${n} { documentEvents { position } }`);
  const first = await start(one, 0);
  for (let n = 1; n < 120; n += 1) await start(one, n);
  await settled([{ client: one, id: first }]);
  for (let n = 120; n < 200; n += 1) await start(other, n);
  const beyond = await start(other, 200);
  const [refused] = await other.take(beyond, 1);
  expect(refused.errors[0].extensions).toMatchObject({ reason: 'too_many_subscriptions', details: { max: 200 } });
  one.complete(first);
  await settled([{ client: one, id: first }]);
  const document = await makeDocument(greedy);
  const next = await start(other, 201);
  await settled([{ client: other, id: next }]);
  await happened(document);
  await other.take(next, 1);
  one.socket.terminate();
  await one.closed;
});
