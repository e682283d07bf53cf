import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emit } from '../../src/events/outbox.js';
import { settled } from '../support/events.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let owner: Person;
const streams: Stream[] = [];
beforeAll(async () => {
  server = await startTestServer({ eventSocket: { stallMs: 300 } });
  owner = await server.person();
});
afterAll(async () => {
  for (const { response } of streams) response.destroy();
  await server?.stop();
});

interface Message {
  id?: string;
  event: string;
  data: any;
}

interface Asked {
  query: string;
  variables?: object;
  token?: string | undefined;
  headers?: Record<string, string>;
  method?: string;
  path?: string;
}

/** A client that reads the stream by the letter of the standard and keeps its messages. */
class Stream {
  readonly got: Message[] = [];
  comments = 0;
  isEnded = false;
  #rest = '';

  constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.#read(text));
    response.once('close', () => (this.isEnded = true));
    response.on('error', () => undefined);
    streams.push(this);
  }

  /** All messages, once there are as many. */
  async take(count: number): Promise<Message[]> {
    await expect.poll(() => this.got.length, { timeout: 45_000 }).toBeGreaterThanOrEqual(count);
    return this.got;
  }

  async ended(): Promise<Message[]> {
    await expect.poll(() => this.isEnded, { timeout: 45_000 }).toBe(true);
    return this.got;
  }

  #read(text: string): void {
    const blocks = `${this.#rest}${text}`.split('\n\n');
    this.#rest = blocks.pop() as string;
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block.split('\n').map((line) => /^(\w*): ?(.*)$/.exec(line)?.slice(1) ?? [line, '']),
      );
      if ('event' in fields) this.got.push({ ...fields, data: fields.data && JSON.parse(fields.data) } as never);
      else this.comments += 1;
    }
  }
}

function ask({
  query,
  variables,
  token,
  headers,
  method = 'POST',
  path = '/graphql/stream',
}: Asked): Promise<IncomingMessage> {
  const isPost = method === 'POST';
  const search = isPost ? '' : `?${new URLSearchParams({ query, variables: JSON.stringify(variables ?? {}) })}`;
  return new Promise((resolve, reject) => {
    const sent = request(
      `${server.url}${path}${search}`,
      {
        method,
        headers: {
          accept: 'text/event-stream',
          ...(isPost && { 'content-type': 'application/json' }),
          ...(token && { authorization: `Bearer ${token}` }),
          ...headers,
        },
      },
      resolve,
    );
    sent.once('error', reject);
    sent.end(isPost ? JSON.stringify({ query, variables }) : undefined);
  });
}

async function open(asked: Asked): Promise<Stream> {
  const response = await ask(asked);
  expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
  return new Stream(response);
}

async function refusal(asked: Asked): Promise<{ status: number | undefined; code: string }> {
  const response = await ask(asked);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const { errors } = JSON.parse(Buffer.concat(chunks).toString());
  return { status: response.statusCode, code: errors[0].extensions.code };
}

let made = 0;
async function makeDocument(text = ''): Promise<number> {
  const [row] = await server.sql(
    `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, owner_id, content)
     values ('Bail', 'b.pdf', 'b.pdf', 'k', ?, 1, 'application/pdf', ?, ?) returning id`,
    [(made += 1).toString(16).padStart(64, '0'), owner.id, text],
  );
  return row.id;
}

const happened = (document: number, count = 1): Promise<void> =>
  server.db.client.transaction(async (tx) => {
    for (let i = 0; i < count; i += 1)
      await emit(
        tx,
        { viewer: { userId: undefined }, requestId: 'test', ip: undefined },
        'document.updated',
        ['Document', document],
        { ownerId: owner.id, title: 't', fields: ['title'] },
      );
  });

const query = `subscription ($after: Position) { documentEvents(after: $after) { position documentId document { content } } }`;
const positionsOf = (messages: readonly Message[]): string[] =>
  messages.filter(({ event, id }) => event === 'next' && id).map(({ data }) => data.data.documentEvents.position);
const kept = async (document: number): Promise<string[]> => {
  await settled(server.app);
  return (
    await server.sql(
      'select position::text as position from events where subject_type = ? and subject_id = ? order by events.position',
      ['Document', String(document)],
    )
  ).map(({ position }) => position);
};

test('events come live with their positions, and a client that was cut off resumes by `after` or `Last-Event-ID` without loss', async () => {
  const document = await makeDocument();
  const stranger = await server.person();
  const live = await open({ query, token: owner.token, variables: { after: '0' } });
  const unheard = await open({ query, token: stranger.token });
  expect(live.response.headers).toMatchObject({ 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' });
  await happened(document, 3);
  const first = await live.take(3);
  expect(first[0]).toMatchObject({
    event: 'next',
    data: { data: { documentEvents: { documentId: String(document), document: { content: '' } } } },
  });
  expect(first.map(({ id }) => id)).toEqual(positionsOf(first));
  live.response.destroy();
  await happened(document, 4);
  const [, second] = positionsOf(first);
  const all = await kept(document);
  const byAfter = await open({ query, token: owner.token, variables: { after: second } });
  // As a browser comes back: with the address that it had, and the id of the last event.
  const byId = await open({
    query,
    token: owner.token,
    method: 'GET',
    variables: { after: '0' },
    headers: { 'last-event-id': String(second) },
  });
  for (const stream of [byAfter, byId]) expect(positionsOf(await stream.take(5))).toEqual(all.slice(2));
  await happened(document);
  for (const stream of [byAfter, byId]) expect(await stream.take(6)).toHaveLength(6);
  expect(unheard.got).toEqual([]);
});

test('queries and changes are answered and completed; what is wrong with an operation is its answer', async () => {
  const answers = async (asked: Asked): Promise<any[]> =>
    (await (await open({ token: owner.token, ...asked })).ended()).map(({ event, data }) =>
      event === 'next' ? (data.errors?.[0].extensions.code ?? data.data) : event,
    );
  const viewer = { viewer: { username: owner.username } };
  expect(await answers({ query: '{ viewer { username } }' })).toEqual([viewer, 'complete']);
  expect(await answers({ query: '{ viewer { username } }', method: 'GET' })).toEqual([viewer, 'complete']);
  expect(await answers({ query: '{ viewer { nothing } }' })).toEqual(['GRAPHQL_VALIDATION_FAILED', 'complete']);
  expect(await answers({ query: '{' })).toEqual(['GRAPHQL_PARSE_FAILED', 'complete']);
  expect(await answers({ query, variables: { after: '9999999' } })).toEqual(['BAD_USER_INPUT', 'complete']);
  const change = 'mutation { createTag(input: { name: "x" }) { tag { id } } }';
  expect(await answers({ query: change, method: 'GET' })).toEqual(['BAD_REQUEST', 'complete']);
});

test('who may not have a stream is told by a status', async () => {
  const asked = { query, token: owner.token };
  expect(await refusal({ query })).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
  expect(await refusal({ query, token: 'apt_wrong' })).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
  expect(await refusal({ ...asked, method: 'DELETE' })).toEqual({ status: 405, code: 'BAD_REQUEST' });
  expect(await refusal({ ...asked, headers: { accept: 'application/json' } })).toEqual({
    status: 406,
    code: 'BAD_REQUEST',
  });
  expect(await refusal({ ...asked, headers: { 'content-type': 'text/plain' } })).toEqual({
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  });
  expect(await refusal({ ...asked, headers: { origin: 'https://elsewhere.example' } })).toEqual({
    status: 403,
    code: 'FORBIDDEN',
  });
  const { headers: kept } = await server.request('POST', '/kdocs/login', {
    json: { username: owner.username, password: owner.password },
  });
  const cookie = kept
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  // Of a link or a picture on a page: browsers send no origin.
  const linked = { query: '{ viewer { username } }', method: 'GET' };
  for (const from of ['cross-site', 'same-site'])
    expect(await refusal({ ...linked, headers: { cookie, 'sec-fetch-site': from } })).toMatchObject({ status: 403 });
  for (const from of ['same-origin', 'none'])
    expect((await ask({ ...linked, headers: { cookie, 'sec-fetch-site': from } })).statusCode).toBe(200);
  expect(await refusal({ ...asked, headers: { 'last-event-id': 'x' } })).toEqual({ status: 400, code: 'BAD_REQUEST' });
  const greedy = await server.person();
  const own = await Promise.all(Array.from({ length: 100 }, () => open({ query, token: greedy.token })));
  expect(await refusal({ query, token: greedy.token })).toEqual({ status: 429, code: 'RATE_LIMITED' });
  own[0]?.response.destroy();
  await expect.poll(async () => (await ask({ query, token: greedy.token })).statusCode).toBe(200);
  for (const { response } of own) response.destroy();
});

test('a credential that ends, ends the stream, which says so', async () => {
  const leaver = await server.person();
  const stream = await open({ query, token: leaver.token });
  const { errors } = await server.graphql(
    'mutation ($id: ID!) { deactivateUser(input: { id: $id }) { user { id } } }',
    { id: leaver.id },
    server.admin.token,
  );
  expect(errors).toBeUndefined();
  expect(await stream.ended()).toMatchObject([
    { event: 'next', data: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } },
    { event: 'complete' },
  ]);
});

test('a client that takes nothing for too long is cut with a last word, and resumes without loss', async () => {
  const document = await makeDocument('x'.repeat(1_000_000));
  const slow = await open({ query, token: owner.token });
  slow.response.pause();
  await happened(document, 40);
  await expect
    .poll(() => server.log.some((line) => line.includes('took nothing for too long')), { timeout: 30_000 })
    .toBe(true);
  slow.response.resume();
  const last = (await slow.ended()).filter(({ id }) => !id);
  // What the client's own system had taken before comes; the last word only when it reads in time.
  if (last.length)
    expect(last).toMatchObject([
      { data: { errors: [{ extensions: { code: 'RATE_LIMITED', reason: 'too_slow' } }] } },
      { event: 'complete' },
    ]);
  const told = positionsOf(slow.got);
  expect(told.length).toBeLessThan(40);
  const back = await open({
    query,
    token: owner.token,
    ...(told.length ? { headers: { 'last-event-id': String(told.at(-1)) } } : { variables: { after: '0' } }),
  });
  const all = await kept(document);
  await back.take(all.length - told.length);
  expect([...told, ...positionsOf(back.got).filter((position) => all.includes(position))]).toEqual(all);
  back.response.destroy();
});

test('a server that stops ends the streams without completing them, so that their clients come back', async () => {
  const stream = await open({ query, token: owner.token });
  expect(stream.comments).toBeLessThanOrEqual(1);
  await server.stop();
  expect(await stream.ended()).toEqual([]);
  server = undefined as never;
});
