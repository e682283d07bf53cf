import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  type ClientOptions,
  ConnectionError,
  createClient,
  PasserelleError,
  PositionExpiredError,
  type Subscription,
} from '../../packages/client/src/index.js';
import {
  CreateClientOperation,
  FollowDocumentsOperation,
  type FollowDocumentsSubscription,
  GetDocumentOperation,
  GetMeOperation,
  ListClientsOperation,
  ListDocumentsOperation,
  UploadDocumentsOperation,
} from '../../packages/client/src/operations.gen.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let person: Person;
/** How much later it is for the server. */
let laterMs = 0;
const clients: Client[] = [];

beforeAll(async () => {
  server = await startTestServer({ now: () => new Date(Date.now() + laterMs) });
  person = await server.person({ roles: ['manager'] });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});
afterAll(() => server?.stop());

function clientOf(options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ url: server.url, token: person.token, ...options });
  clients.push(client);
  return client;
}

/** A `fetch` that first does what each of `faults` says, then as it should; with all that was sent. */
function faulty(...faults: ((sent: () => Promise<Response>) => Promise<Response>)[]) {
  const requests: { body: string; headers: Headers }[] = [];
  const send: typeof fetch = async (input, init) => {
    requests.push({ body: String(init?.body), headers: new Headers(init?.headers) });
    const fault = faults.shift();
    return fault ? fault(() => fetch(input, init)) : fetch(input, init);
  };
  return { fetch: send, requests };
}
const unreachable = async (): Promise<Response> => Promise.reject(new TypeError('fetch failed'));
const lostAnswer = async (send: () => Promise<Response>): Promise<Response> => {
  await send();
  throw new TypeError('terminated');
};
const badGateway = async (): Promise<Response> => new Response('<html>', { status: 502 });

const upload = async (text: string, as = clientOf()): Promise<string> => {
  const files = [new File([text], 'note.txt', { type: 'text/plain' })];
  const { uploadDocuments } = await as.mutate(UploadDocumentsOperation, { input: { files } });
  return uploadDocuments?.results[0]?.document?.id as string;
};

describe('queries and changes', () => {
  test('are typed by their operations, the ready ones and texts of one’s own', async () => {
    const client = clientOf();
    const { viewer } = await client.query(GetMeOperation);
    expect(viewer?.username).toBe(person.username);
    const { viewer: own } = await client.query<{ viewer: { id: string } }>('{ viewer { id } }');
    expect(own.id).toBe(String(person.id));
    const { clients: page } = await client.query(ListClientsOperation, { filter: { status: 'ACTIVE' }, first: 3 });
    expect(page?.nodes).toEqual([]);
  });

  test('send files', async () => {
    const client = clientOf();
    const id = await upload('Contenu', client);
    const { document } = await client.query(GetDocumentOperation, { id });
    expect(document).toMatchObject({ id, title: 'note', sizeBytes: 7 });
  });

  test('throw what the graph refuses, with code, fields and the id of the request', async () => {
    const refused: unknown = await clientOf()
      .mutate(CreateClientOperation, { input: { name: '', email: 'nobody' } })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(PasserelleError);
    expect(refused).toMatchObject({
      code: 'BAD_USER_INPUT',
      requestId: expect.any(String),
      fields: [
        { path: ['input', 'name'], code: 'required' },
        { path: ['input', 'email'], code: 'invalid_format' },
      ],
    });
    await expect(clientOf({ token: 'nobody' }).query(GetMeOperation)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'bad_credential',
    });
    await expect(clientOf().query('{ nothing }')).rejects.toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  test('are sent again when no answer came, and a change is made once all the same', async () => {
    const { fetch: send, requests } = faulty(unreachable, badGateway, lostAnswer);
    const client = clientOf({ fetch: send });
    const { createClient: made } = await client.mutate(CreateClientOperation, { input: { name: 'Une fois' } });
    expect(made?.client.name).toBe('Une fois');
    expect(requests).toHaveLength(4);
    expect(new Set(requests.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1);
    const { clients: page } = await client.query(ListClientsOperation, { filter: { search: 'Une fois' } });
    expect(page?.nodes).toEqual([made?.client]);
  });

  test('fail when it stays so, or at once when told to', async () => {
    const gone = clientOf({ url: 'http://127.0.0.1:1', retries: 1 });
    await expect(gone.query(GetMeOperation)).rejects.toBeInstanceOf(ConnectionError);
    const elsewhere = clientOf({ url: `${server.url}/none`, retries: 1 });
    await expect(elsewhere.query(GetMeOperation)).rejects.toMatchObject({ name: 'ConnectionError', status: 404 });
    await expect(
      clientOf({ url: 'http://127.0.0.1:1' }).query(GetMeOperation, {}, { signal: AbortSignal.timeout(50) }),
    ).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('a session', () => {
  test('is begun, renewed once for all who find it ended, and ended', async () => {
    const { fetch: send, requests } = faulty();
    const sessions: unknown[] = [];
    const client = clientOf({ fetch: send, token: undefined as never, onSession: (session) => sessions.push(session) });
    const signedIn = await client.signIn({ identifier: person.email, password: person.password });
    server.secrets.remember(signedIn.accessToken, signedIn.refreshToken);
    await client.query(GetMeOperation);
    laterMs = 3 * 3_600_000;
    try {
      const answers = await Promise.all(Array.from({ length: 10 }, () => client.query(GetMeOperation)));
      expect(answers.every(({ viewer }) => viewer?.username === person.username)).toBe(true);
      expect(requests.filter(({ body }) => body.includes('refreshSession'))).toHaveLength(1);
      expect(sessions).toHaveLength(2);
      await client.signOut();
      expect(sessions.at(-1)).toBeUndefined();
      await expect(client.query(GetMeOperation)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    } finally {
      laterMs = 0;
    }
  });

  test('that has ended for good is an error, and is said once', async () => {
    const sessions: unknown[] = [];
    const session = { accessToken: 'ended', refreshToken: 'used' };
    const client = clientOf({ token: undefined as never, session, onSession: (ended) => sessions.push(ended) });
    await expect(client.query(GetMeOperation)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(sessions).toEqual([undefined]);
  });
});

/** Takes connections for the server, and cuts all of them at once. */
async function startProxy(): Promise<{ url: string; cut: () => void; stop: () => Promise<void> }> {
  const open = new Set<Socket>();
  const proxy: Server = createServer((socket) => {
    const onward = connect(Number(new URL(server.url).port), '127.0.0.1');
    for (const each of [socket, onward]) open.add(each.on('error', () => undefined));
    socket.pipe(onward).pipe(socket);
    const end = (): void => [socket, onward].forEach((each) => each.destroy());
    socket.on('close', end);
    onward.on('close', end);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of open) socket.resetAndDestroy();
    open.clear();
  };
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    cut,
    stop: async () => {
      cut();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

/** Gathers what comes until told to stop; resolves with the error that ended it, if one did. */
function gather(events: Subscription<FollowDocumentsSubscription>) {
  const got: string[] = [];
  const ended = (async () => {
    for await (const { documentEvents: event } of events)
      if (event.type === 'DOCUMENT_CREATED') got.push(event.documentId);
  })().catch((error: unknown) => error);
  return { got, ended };
}

describe('a subscription', () => {
  test('loses and doubles nothing, however often its line is cut', async () => {
    const proxy = await startProxy();
    try {
      const client = clientOf({ url: proxy.url });
      let interruptions = 0;
      const stop = new AbortController();
      const options = { signal: stop.signal, onInterrupted: () => (interruptions += 1) };
      const first = client.subscribe(FollowDocumentsOperation, {}, options);
      const { got, ended } = gather(first);
      // Also before the first event has come.
      await expect.poll(() => first.position).toBeDefined();
      proxy.cut();
      const made: string[] = [];
      for (let round = 0; round < 12; round += 1) {
        made.push(await upload(`Coupure ${round}`));
        if (round % 3 === 0) proxy.cut();
      }
      await expect.poll(() => got, { timeout: 20_000 }).toEqual(made);
      expect(interruptions).toBeGreaterThan(0);
      stop.abort();
      expect(await ended).toBeUndefined();
      // A program that begins anew goes on where it was.
      const later = await upload('Plus tard');
      const resumed = gather(clientOf().subscribe(FollowDocumentsOperation, {}, { after: first.position as string }));
      await expect.poll(() => resumed.got).toEqual([later]);
    } finally {
      await proxy.stop();
    }
  });

  test('goes on with the rights that its person has now', async () => {
    const other = await server.person();
    const client = clientOf({ token: other.token });
    const { got } = gather(client.subscribe(FollowDocumentsOperation));
    const first = await upload('Avant', client);
    await expect.poll(() => got).toEqual([first]);
    await server.graphql(
      'mutation ($id: ID!) { assignRole(input: { userId: $id, roleId: 7 }) { user { id } } }',
      { id: other.id },
      server.admin.token,
    );
    const second = await upload('Après', client);
    await expect.poll(() => got, { timeout: 15_000 }).toEqual([first, second]);
  });

  test('ends with what another attempt would not mend', async () => {
    const after = (position: string, client = clientOf()) =>
      gather(client.subscribe(FollowDocumentsOperation, {}, { after: position })).ended;
    expect(await after('999999999')).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'position_unknown' });
    expect(await after('1', clientOf({ token: 'nobody' }))).toMatchObject({ code: 'UNAUTHENTICATED' });
    // More than a process keeps in memory; then the first of them are dropped as a month is.
    const { data } = await server.graphql('{ position }', {}, person.token);
    await server.sql(
      `insert into events (position, type, subject_type, subject_id, data)
       select ?::bigint + i, 'user.activated', 'User', '1', '{}' from generate_series(1, 2100) i`,
      [data.position],
    );
    await upload('Après beaucoup d’autres');
    await expect
      .poll(async () => BigInt((await server.graphql('{ position }', {}, person.token)).data.position))
      .toBeGreaterThan(BigInt(data.position) + 2100n);
    await server.sql('delete from events where position < ?', [data.position]);
    await server.sql('update event_log set pruned_position = ?::bigint - 1', [data.position]);
    const expired = await after('1');
    expect(expired).toBeInstanceOf(PositionExpiredError);
    expect((expired as PositionExpiredError).oldest).toBe(data.position);
    expect(() => clientOf().subscribe('subscription { documentEvents { position } }')).toThrow(/after/);
  });

  test('is over when the loop over it, or the client, is', async () => {
    const client = clientOf();
    const events = client.subscribe(FollowDocumentsOperation);
    const seen = (async () => {
      for await (const { documentEvents: event } of events) return event.documentId;
      return undefined;
    })();
    await expect.poll(() => events.position).toBeDefined();
    const id = await upload('Un seul', client);
    expect(await seen).toBe(id);
    const { ended } = gather(client.subscribe(FollowDocumentsOperation));
    await client.close();
    expect(await ended).toBeUndefined();
  });
});

test('what the ready operations list is what others see', async () => {
  const { documents } = await clientOf().query(ListDocumentsOperation, { first: 100 });
  const { json } = await server.request('GET', '/kdocs/api/documents?per_page=100', { token: person.token });
  expect(documents?.nodes.map(({ id }) => Number(id)).toSorted()).toEqual(
    json.data.map(({ id }: any) => id).toSorted(),
  );
});

test('no secret stands in the log or the database', async () => {
  expect(await server.leaks()).toEqual([]);
});
