import { gzipSync } from 'node:zlib';
import { ApolloServer } from '@apollo/server';
import fc from 'fast-check';
import { getIntrospectionQuery, parse } from 'graphql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readModelsOf, resolversOf } from '../../src/app/compose.js';
import { modules } from '../../src/app/modules.js';
import { AcceptedDocuments } from '../../src/graph/accepted-documents.js';
import { costOf } from '../../src/graph/limits.js';
import { buildCoreSchema } from '../../src/graph/schema.js';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let documentId: string;
beforeAll(async () => {
  server = await startTestServer();
  const { data } = await server.graphql(
    'mutation { createTag(input: { name: "Lane" }) { tag { id } } }',
    {},
    server.admin.token,
  );
  documentId = data.createTag.tag.id;
});
afterAll(() => server?.stop());

const apollo = vi.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');
beforeEach(() => void apollo.mockClear());
afterEach(() => vi.clearAllMocks());

interface Sent {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** Whether Apollo saw it. */
  byApollo: boolean;
}

interface Case {
  query?: string;
  /** The whole body, made of the query's text. */
  body?: (query: string) => object | string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  /** Default: the administrator. */
  token?: string | undefined;
  method?: string;
  path?: (query: string) => string;
}

/** The same text for the graph, as long as any other, which nobody has sent yet. */
let texts = 0;
const anew = (query: string): string => `${query} #${String((texts += 1)).padStart(6, '0')}`;

async function send(
  query: string,
  { body = (text) => ({ query: text }), headers, token, method = 'POST', path = () => '/graphql' }: Case,
): Promise<Sent> {
  const before = apollo.mock.calls.length;
  const sent = body(query);
  const response = await fetch(server.url + path(query), {
    method,
    headers: {
      'content-type': 'application/json',
      'x-request-id': 'lane',
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(method === 'POST' && {
      body: typeof sent === 'string' || sent instanceof Uint8Array ? sent : JSON.stringify(sent),
    }),
  });
  // The fast path makes no ETag: nobody asks for the answer to a POST again.
  const { date: _date, etag: _etag, ...answered } = Object.fromEntries(response.headers);
  return {
    status: response.status,
    headers: answered,
    text: await response.text(),
    byApollo: apollo.mock.calls.length > before,
  };
}

/** What Apollo answers to a text that it has not seen, and what is answered to one that it has accepted. */
async function bothWays(example: Case): Promise<{ first: Sent; again: Sent }> {
  const { query = '{ __typename }' } = example;
  const asked = { token: server.admin.token, ...example };
  const first = await send(anew(query), asked);
  const known = anew(query);
  await send(known, {
    token: server.admin.token,
    body: (text) => ({
      query: text,
      operationName: /\b(A)\b/.exec(text)?.[1],
      variables: { n: 1, id: documentId, b: true },
    }),
  });
  return { first, again: await send(known, asked) };
}

const anonymous = { token: undefined };
const costly =
  'query ($n: Int) { documents(first: $n) { nodes { tags { documents(first: $n) { nodes { id title createdAt } } } } } }';

describe('an operation that was accepted before is answered as Apollo answers it', () => {
  const taken: [string, () => Case][] = [
    ['a query', () => ({ query: '{ viewer { id username } __typename }' })],
    [
      'variables',
      () => ({
        query: 'query ($id: ID!) { tag(id: $id) { id name } }',
        body: (query) => ({ query, variables: { id: documentId } }),
      }),
    ],
    [
      'nothing found',
      () => ({
        query: 'query ($id: ID!) { tag(id: $id) { id name } }',
        body: (query) => ({ query, variables: { id: '999999' } }),
      }),
    ],
    [
      'null for the default of a list',
      () => ({
        query: 'query ($n: Int = 3) { documents(first: $n) { nodes { id } } }',
        body: (query) => ({ query, variables: { n: null } }),
      }),
    ],
    [
      'one of two operations',
      () => ({
        query: 'query A { __typename } query B { viewer { id } }',
        body: (query) => ({ query, operationName: 'B', variables: null }),
      }),
    ],
    ['nobody, refused by a field', () => ({ ...anonymous, query: '{ documents { nodes { id } } }' })],
    [
      'nobody, refused by one of two fields',
      () => ({ ...anonymous, query: '{ __typename viewer { id } auditEvents { nodes { position } } }' }),
    ],
    [
      'a mutation',
      () => ({
        query: 'mutation ($id: ID!) { updateTag(input: { id: $id, name: "Lane" }) { tag { id name } } }',
        body: (query) => ({ query, variables: { id: documentId } }),
      }),
    ],
    ['a mutation that is refused', () => ({ query: 'mutation { createTag(input: { name: "" }) { tag { id } } }' })],
    [
      'what it costs',
      () => ({ headers: { 'x-graphql-cost': 'include' }, query: '{ tags(first: 3) { nodes { id } } }' }),
    ],
    [
      'what a refusal costs',
      () => ({
        ...anonymous,
        headers: { 'x-graphql-cost': 'include' },
        query: '{ documents(first: 3) { nodes { id } } }',
      }),
    ],
    ['the schema', () => ({ query: getIntrospectionQuery() })],
    ['a byte order mark', () => ({ body: (query) => `\uFEFF${JSON.stringify({ query })}` })],
    [
      'a charset',
      () => ({ headers: { 'content-type': 'application/json; charset=UTF-8' }, query: '{ a: __typename # é\n }' }),
    ],
    ...[
      '*/*',
      'application/json',
      'application/graphql-response+json',
      'application/json;q=0.1, application/graphql-response+json;q=0.2',
      'text/html, application/*',
    ].map((accept): [string, () => Case] => [
      `accept: ${accept}`,
      () => ({ headers: { accept }, ...(accept.includes('+') && anonymous), query: '{ documents { nodes { id } } }' }),
    ]),
  ];
  test.each(taken)('%s', async (_name, example) => {
    const { first, again } = await bothWays(example());
    expect([first.byApollo, again.byApollo]).toEqual([true, false]);
    expect({ ...again, byApollo: true }).toEqual(first);
  });

  const left: [string, () => Case][] = [
    ['variables that do not fit', () => ({ query: 'query ($id: ID!) { tag(id: $id) { id } }' })],
    [
      'null for what must have a value',
      () => ({
        query: 'query ($t: Boolean = true) { document(id: 1, trashed: $t) { id } }',
        body: (query) => ({ query, variables: { t: null } }),
      }),
    ],
    ['a wrong credential', () => ({ token: 'nonsense' })],
    [
      'a change under the cookie from elsewhere',
      () => ({ ...anonymous, headers: { cookie: 'kdocs_session=x', origin: 'https://elsewhere.example' } }),
    ],
    [
      'too costly',
      () => ({
        query: costly,
        body: (query) => ({ query, variables: { n: 100 } }),
        headers: { 'x-graphql-cost': 'include' },
      }),
    ],
    [
      'an unknown operation',
      () => ({ query: 'query A { __typename }', body: (query) => ({ query, operationName: 'C' }) }),
    ],
    ['no operation among two', () => ({ query: 'query A { __typename } query B { __typename }' })],
    ['a list of requests', () => ({ body: (query) => [{ query }, { query }] })],
    ['extensions', () => ({ body: (query) => ({ query, extensions: {} }) })],
    ['the schema, for nobody', () => ({ ...anonymous, query: '{ __schema { queryType { name } } }' })],
    ['an answer that cannot be given', () => ({ headers: { accept: 'text/html' } })],
    [
      'the query in the address',
      () => ({ method: 'GET', path: (query) => `/graphql?query=${encodeURIComponent(query)}` }),
    ],
    [
      'a compressed body',
      () => ({
        headers: { 'content-encoding': 'gzip' },
        body: (query) => new Uint8Array(gzipSync(JSON.stringify({ query }))),
      }),
    ],
    ['an empty object', () => ({ body: () => ({}) })],
    [
      'an idempotency key',
      () => ({
        query: 'mutation { createTag(input: { name: "" }) { tag { id } } }',
        headers: { 'idempotency-key': 'not a key' },
      }),
    ],
  ];
  test.each(left)('%s is left to Apollo', async (_name, example) => {
    const { first, again } = await bothWays(example());
    expect(again.byApollo).toBe(true);
    expect(again).toEqual(first);
  });

  test.each(['{', '"text"', '1', ''])('a body that is no request, %j, is 400', async (body) => {
    const { status, text } = await send('', { body: () => body, ...anonymous });
    expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([
      400,
      body === '' ? 'BAD_REQUEST' : 'BAD_USER_INPUT',
    ]);
  });

  test('the log and the metrics see it as one request to the graph', async () => {
    const query = anew('{ __typename }');
    await send(query, { token: server.admin.token });
    server.log.length = 0;
    expect((await send(query, { token: server.admin.token })).byApollo).toBe(false);
    await expect.poll(() => server.log.filter((line) => line.includes('"path":"/graphql"'))).toHaveLength(1);
    expect((await server.request('GET', '/metrics')).text).toMatch(
      /xcore_requests_total\{method="POST",endpoint="graphql",status="200"\}/,
    );
  });
});

test('who has used up a quota is refused alike', async () => {
  await server.stop();
  server = await startTestServer({ env: { RATE_LIMITS: 'on', TRUST_PROXY: '1' } });
  const large = 'query Large { documents(first: 100) { nodes { id title } } }';
  const small = '{ __typename }';
  const [knownLarge, knownSmall] = [anew(large), anew(small)];
  for (const known of [knownLarge, knownSmall]) await send(known, { token: server.admin.token });

  /** The first refusal, without moments and counters: Apollo admits a request before it knows what it costs, the fast path with it. */
  const until = async (query: () => string, ip: string): Promise<unknown[]> => {
    for (;;) {
      const { status, headers, text } = await send(query(), {
        ...anonymous,
        headers: { 'x-forwarded-for': ip, 'x-graphql-cost': 'include' },
      });
      if (status !== 429) continue;
      const {
        'x-ratelimit-reset': reset,
        'x-ratelimit-remaining': remaining,
        'retry-after': after,
        'content-length': length,
        ...rest
      } = headers;
      expect([reset, remaining, after, length].every(Boolean)).toBe(true);
      const [{ message, extensions }] = JSON.parse(text).errors;
      return [
        rest,
        message.replace(/\d+ seconds/, 'n seconds'),
        extensions.code,
        typeof extensions.details.retryAfterSeconds,
      ];
    }
  };
  const byApollo = [await until(() => anew(large), '192.0.2.1'), await until(() => anew(small), '192.0.2.1')];
  const byLane = [await until(() => knownLarge, '192.0.2.2'), await until(() => knownSmall, '192.0.2.2')];
  expect(byLane).toEqual(byApollo);
});

test('a cost that is kept is the cost', () => {
  const schema = buildCoreSchema(resolversOf(modules), readModelsOf(modules));
  const query = `query ($a: Int = 7, $b: Int, $in: Boolean = true, $out: Boolean!, $text: String) {
    documents(first: $a, offset: 1, filter: { query: $text }) { nodes { id @include(if: $in) tags { documents(first: $b) { nodes { id ...Some @skip(if: $out) } } } } }
    tags(first: 5) { nodes { name } }
  } fragment Some on Document { title tags { name } }`;
  const document = parse(query);
  const accepted = new AcceptedDocuments();
  accepted.add(schema, query, document);
  const operation = accepted.find(schema, query, undefined);
  const optional = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.option(value, { nil: undefined });
  const variables = fc.record({
    a: optional(fc.integer({ min: 0, max: 4 })),
    b: optional(fc.integer({ min: 0, max: 4 })),
    in: optional(fc.boolean()),
    out: fc.boolean(),
    text: optional(fc.string()),
  });
  fc.assert(
    fc.property(variables, (given) => {
      const sent = JSON.parse(JSON.stringify(given)) as Record<string, unknown>;
      expect(operation?.cost(sent)).toBe(costOf(schema, document, sent));
    }),
    { numRuns: 300 },
  );
});
