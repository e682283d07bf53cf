import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { buildClientSchema, buildSchema, getIntrospectionQuery, parse, printSchema, validate } from 'graphql';
import { auditServer } from 'graphql-http';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { printedSchema } from '../../src/app/print-schema.js';
import { signedInPoints } from '../../src/quota/points.js';
import { examplesIn } from '../../web/examples.js';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

/**
 * What the audit recommends and Apollo does otherwise: a request that cannot run is 400 under `application/json` too
 * (the audit would have 200), so that programs which look only at the status notice their mistake.
 */
const explained = [
  'SHOULD use 200 status code on document parsing failure when accepting application/json',
  'SHOULD use 200 status code on document validation failure when accepting application/json',
  'SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
];

test.each(['new', 'known'])(
  'GraphQL over HTTP holds for operations that are %s, by the audit of graphql-http',
  async () => {
    const results = await auditServer({
      url: `${server.url}/graphql`,
      fetchFn: (url: string, init: RequestInit) =>
        fetch(url, {
          ...init,
          headers: {
            'apollo-require-preflight': 'audit',
            authorization: `Bearer ${server.admin.token}`,
            ...(init?.headers as object),
          },
        }),
    });
    const errors = results.filter((r) => r.status === 'error');
    const notices = results.filter((r) => r.status !== 'ok' && r.status !== 'error').map((r) => r.name);
    expect(errors.map((e) => [e.name, (e as { reason?: string }).reason])).toEqual([]);
    expect(notices).toEqual(explained);
  },
);

test('a refusal costs its own field only: what was read and done beside it is answered', async () => {
  const { token, id } = await server.person();
  const view = (name: string): string => `createSavedView(input: { name: "${name}" }) { savedView { name } }`;
  const written = await server.graphql(
    `mutation { before: ${view('A')} refused: createRole(input: { name: "mine" }) { role { id } } after: ${view('B')} }`,
    {},
    token,
  );
  expect(written.data).toEqual({
    before: { savedView: { name: 'A' } },
    refused: null,
    after: { savedView: { name: 'B' } },
  });
  expect(written.errors).toMatchObject([{ path: ['refused'], extensions: { code: 'FORBIDDEN' } }]);
  const read = await server.graphql('{ viewer { id } auditEvents { nodes { type } } roles { totalCount } }', {}, token);
  expect(read.data).toEqual({ viewer: { id: String(id) }, auditEvents: null, roles: null });
  expect(read.errors?.map(({ path }: any) => path)).toEqual([['auditEvents'], ['roles']]);
});

test('a body nested without end is refused, whatever is to be done with it', async () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  for (const headers of [{}, { 'idempotency-key': 'deep' }] as Record<string, string>[]) {
    const { status, json } = await server.request('POST', '/graphql', {
      body: `{"query": "mutation { logout { session { id } } }", "variables": {"unused": ${deep}}}`,
      headers: { 'content-type': 'application/json', ...headers },
    });
    expect([status, json.errors[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
  }
});

test('a client that resets the upgrade of a path without a socket ends only its own connection', async () => {
  const { hostname, port } = new URL(server.url);
  server.app.server.once('upgrade', (_request, socket) => void socket.destroy(new Error('read ECONNRESET')));
  const client = connect(Number(port), hostname);
  client.end('GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await new Promise((resolve) =>
    client
      .resume()
      .on('error', () => undefined)
      .once('close', resolve),
  );
  expect((await server.request('GET', '/health')).status).toBe(200);
});

test("the explorer's example queries are valid", () => {
  const schema = buildSchema(printedSchema());
  for (const { name, query } of [...examplesIn('en'), ...examplesIn('fr')])
    expect([name, validate(schema, parse(query)).map((e) => e.message)]).toEqual([name, []]);
});

test('everything in the schema has a description', () => {
  const undescribed = printedSchema()
    .split('\n')
    .filter(
      (line, i, lines) =>
        /^(type (?!Query|Mutation|Subscription)|input |enum |scalar )|^ {2}\w+.*: /.test(line) &&
        !lines[i - 1]?.endsWith('"""') &&
        !line.startsWith('  """'),
    );
  expect(undescribed).toEqual([]);
});

describe('limits', () => {
  const deep = (n: number): string => (n === 0 ? 'id' : `children { nodes { ${deep(n - 1)} } }`);
  const tooLarge: [string, string, string][] = [
    ['too_deep', `{ tag(id: 1) { ${deep(20)} } }`, 'The operation has a depth of more than 14 levels'],
    [
      'too_many_aliases',
      `{ ${Array.from({ length: 60 }, (_, i) => `a${i}: document(id: 1) { id }`).join(' ')} }`,
      'The operation has more than 30 aliases',
    ],
    [
      'too_many_directives',
      `{ ${Array.from({ length: 60 }, () => '__typename @skip(if: false)').join(' ')} }`,
      'The operation has more than 50 directives',
    ],
    ['too_many_tokens', `{ ${'__typename '.repeat(3000)} }`, 'The document has more than 2000 tokens'],
    [
      'too_expensive',
      '{ documents(first: 100) { nodes { tags { documents(first: 100) { nodes { tags { id name } } } } } } }',
      'This operation costs ',
    ],
  ];
  test.each(tooLarge)('%s is told as such, over HTTP and sockets', async (reason, query, message) => {
    const refused = [{ message: expect.stringContaining(message), extensions: { code: 'BAD_USER_INPUT', reason } }];
    const { status, errors } = await server.graphql(query, {}, server.admin.token);
    expect(status).toBe(400);
    expect(errors).toMatchObject(refused);
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${server.admin.token}` },
      retryAttempts: 0,
    });
    await expect(client.iterate({ query }).next()).rejects.toMatchObject(refused);
    await client.dispose();
  });

  test('reading the schema costs, more for more of it, and cannot be multiplied by aliases', async () => {
    const { token } = await server.person();
    const costOf = async (query: string): Promise<number> => {
      const { json } = await server.request('POST', '/graphql', {
        json: { query },
        token,
        headers: { 'x-graphql-cost': 'include' },
      });
      return json.extensions.cost.points;
    };
    const whole = await costOf(getIntrospectionQuery());
    expect(whole).toBeGreaterThan(2_000);
    // As often as a tool that watches it asks, and more.
    expect(whole).toBeLessThan(signedInPoints / 20);
    expect(await costOf('{ __type(name: "Document") { fields { name } } }')).toBeGreaterThanOrEqual(100);
    const types = 'types { description fields { description args { description } } }';
    for (const query of [
      `{ ${Array.from({ length: 6 }, (_, i) => `a${i}: __schema { ${types} }`).join(' ')} }`,
      `{ ${Array.from({ length: 6 }, (_, i) => `a${i}: __type(name: "Query") { name }`).join(' ')} }`,
      `{ __schema { ${Array.from({ length: 6 }, (_, i) => `a${i}: ${types}`).join(' ')} } }`,
    ]) {
      const { status, errors } = await server.graphql(query, {}, token);
      expect([status, errors?.[0].extensions.reason]).toEqual([400, 'too_many_aliases']);
    }
  });

  test('fragment cycles are invalid', async () => {
    const query = '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }';
    const { status, errors } = await server.graphql(query, {}, server.admin.token);
    expect([status, errors?.[0].extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  });
});

test('a subscription over plain HTTP is 400 and says where to go, however it is sent', async () => {
  const query = 'subscription { documentEvents { position } }';
  const refused = {
    errors: [
      {
        message: expect.stringContaining(`ws://127.0.0.1:`),
        extensions: {
          code: 'BAD_USER_INPUT',
          reason: 'subscription_over_http',
          details: {
            url: expect.stringMatching(/^ws:.*\/graphql$/),
            streamUrl: expect.stringMatching(/^http:.*\/graphql\/stream$/),
          },
        },
      },
    ],
  };
  for (const accept of [
    'application/json',
    'application/graphql-response+json',
    'text/event-stream',
    'text/event-stream, multipart/mixed',
  ]) {
    for (const token of [server.admin.token, undefined]) {
      const posted = await server.request('POST', '/graphql', { json: { query }, token, headers: { accept } });
      expect(posted).toMatchObject({ status: 400, json: refused });
    }
    const got = await server.request('GET', `/graphql?query=${encodeURIComponent(query)}`, {
      token: server.admin.token,
      headers: { accept },
    });
    expect(got).toMatchObject({ status: 400, json: refused });
    expect(got.headers.get('allow')).toBeNull();
  }
});

test('a name of an operation, however long, is cut for logs and figures', async () => {
  const name = `Long${'x'.repeat(100_000)}`;
  const query = `query ${name} { viewer { id } }`;
  // The second answer is the fast path's.
  for (const operationName of [undefined, name, name]) {
    const json = { query, ...(operationName && { operationName }) };
    expect((await server.request('POST', '/graphql', { json, token: server.admin.token })).status).toBe(200);
  }
  expect((await server.request('GET', '/metrics')).text).toContain(`operation="${name.slice(0, 100)}"`);
  const written = server.log.filter((line) => line.includes('Longx'));
  expect(written.filter((line) => line.length > 1_000)).toEqual([]);
  expect((await server.request('GET', '/metrics')).text).not.toContain('x'.repeat(101));
});

test("a persisted query that does not fit its hash is the client's mistake", async () => {
  for (const persistedQuery of [
    { version: 1, sha256Hash: '0'.repeat(64) },
    { version: 2, sha256Hash: '0'.repeat(64) },
    { version: 1, sha256Hash: { a: [1] } },
    { version: 1 },
  ]) {
    const json = { query: '{ viewer { id } }', extensions: { persistedQuery } };
    const answer = await server.request('POST', '/graphql', { json, token: server.admin.token });
    expect([answer.status, answer.json.errors[0].extensions.code]).toEqual([400, 'BAD_REQUEST']);
    expect(answer.json.errors[0].message).not.toContain('Internal');
  }
});

test.each([
  ['OPTIONS', 204],
  ['PUT', 405],
  ['DELETE', 405],
  ['PATCH', 405],
])('%s is %i and says what is allowed', async (method, expected) => {
  const { status, headers, json } = await server.request(method, '/graphql', { token: server.admin.token });
  expect([status, headers.get('allow')]).toEqual([expected, 'GET, HEAD, POST, OPTIONS']);
  if (expected === 405) expect(json.errors[0].extensions.code).toBe('BAD_REQUEST');
});

describe('what a page of another site could send', () => {
  const get = '/graphql?query=%7Bviewer%7Busername%7D%7D';

  test('a GET with a credential of its own is answered; with the cookie, or with nothing, it is refused', async () => {
    const { username, password, token } = server.admin;
    const answered = { status: 200, json: { data: { viewer: { username } } } };
    expect(await server.request('GET', get, { token })).toMatchObject(answered);
    const { data } = await server.graphql(
      'mutation { createApiKey(input: { name: "Reader", scopes: [READ] }) { secret } }',
      {},
      token,
    );
    expect(await server.request('GET', get, { headers: { 'x-api-key': data.createApiKey.secret } })).toMatchObject(
      answered,
    );
    expect((await server.request('GET', get, { token })).headers.get('cache-control')).toBe('no-store');

    const login = await server.request('POST', '/kdocs/login', { json: { username, password } });
    const cookie = String(login.headers.get('set-cookie')).split(';')[0] as string;
    const refused = { status: 400, json: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] } };
    for (const headers of [{ cookie }, { cookie, authorization: '' }, {}] as Record<string, string>[])
      expect(await server.request('GET', get, { headers })).toMatchObject(refused);
    for (const [name, value] of [
      ['apollo-require-preflight', '1'],
      ['content-type', 'application/json'],
    ] as const)
      expect(await server.request('GET', get, { headers: { cookie, [name]: value } })).toMatchObject(answered);
  });

  test('a multipart form is as a simple request: refused without a credential of its own, before it is read', async () => {
    const form = new FormData();
    form.append('operations', JSON.stringify({ query: '{ viewer { username } }' }));
    form.append('map', '{}');
    expect(await server.request('POST', '/graphql', { body: form })).toMatchObject({
      status: 400,
      json: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
    });
    expect(
      await server.request('POST', '/graphql', { body: form, headers: { 'apollo-require-preflight': '1' } }),
    ).toMatchObject({ status: 401, json: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } });
    expect(await server.request('POST', '/graphql', { body: form, token: server.admin.token })).toMatchObject({
      status: 200,
      json: { data: { viewer: { username: server.admin.username } } },
    });
  });
});

describe('uploads by the multipart request specification', () => {
  const upload =
    'mutation ($files: [Upload!]!) { uploadDocuments(input: { files: $files }) { results { success filename problem { code } document { title } } } }';
  interface Sent {
    operations?: unknown;
    map?: unknown;
    files?: Record<string, Blob>;
    token?: string;
    headers?: Record<string, string>;
  }
  const post = ({ operations, map, files = {}, token = server.admin.token, headers }: Sent) => {
    const body = new FormData();
    if (operations !== undefined) body.append('operations', JSON.stringify(operations));
    if (map !== undefined) body.append('map', JSON.stringify(map));
    for (const [part, file] of Object.entries(files)) body.append(part, file, `${part}.txt`);
    return server.request('POST', '/graphql', { body, token, ...(headers && { headers }) });
  };
  const text = (content: string): Blob => new Blob([content], { type: 'text/plain' });
  const operations = { query: upload, variables: { files: [null, null] } };
  const map = { a: ['variables.files.0'], b: ['variables.files.1'] };

  test('each file becomes a document; the same request under one key is made once', async () => {
    const files = { a: text('Le bail du premier étage'), b: text('Le bail du second étage') };
    const headers = { 'idempotency-key': 'two-leases' };
    const results = [
      { success: true, filename: 'a.txt', problem: null, document: { title: 'a' } },
      { success: true, filename: 'b.txt', problem: null, document: { title: 'b' } },
    ];
    const first = await post({ operations, map, files, headers });
    expect(first.json).toEqual({ data: { uploadDocuments: { results } } });
    const again = await post({ operations, map, files, headers });
    expect([again.headers.get('idempotency-replayed'), again.json]).toEqual(['true', first.json]);
    const other = await post({ operations, map, files: { ...files, b: text('Autre chose') }, headers });
    expect(other.json.errors[0].extensions.reason).toBe('idempotency.mismatch');
  });

  test('a file is used once, wherever it stands', async () => {
    const files = { a: text('Une seule fois') };
    const twice = { a: ['variables.files.0', 'variables.files.1'] };
    const { json } = await post({ operations, map: twice, files });
    expect(json.data.uploadDocuments.results.map((r: any) => r.problem?.code)).toEqual([undefined, 'BAD_USER_INPUT']);
  });

  const a = text('x');
  const malformed: [string, Sent, number][] = [
    ['no operations', { map }, 400],
    ['no map', { operations }, 400],
    ['several operations', { operations: [operations], map: {} }, 400],
    ['a map of something else', { operations, map: { a: 'variables.files.0' }, files: { a } }, 400],
    ['a part that does not come', { operations, map, files: { a } }, 400],
    ['a path outside the variables', { operations: { ...operations, x: null }, map: { a: ['x'] }, files: { a } }, 400],
    ['a path of the prototype', { operations, map: { a: ['variables.__proto__.x'] }, files: { a } }, 400],
    ['a long path', { operations, map: { a: [`variables${'.x'.repeat(10_000)}`] }, files: { a } }, 400],
    ['a path that is no null', { operations, map: { a: ['variables.files'] }, files: { a } }, 400],
    ['a file left out', { operations, map: {} }, 400],
    ['a file in JSON', { operations: { query: upload, variables: { files: ['x'] } }, map: {} }, 400],
    [
      'too many files',
      { operations, map: {}, files: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`f${i}`, a])) },
      400,
    ],
    ['a file of 50 MiB and a byte', { operations, map: {}, files: { a: new Blob([new Uint8Array(52_428_801)]) } }, 413],
  ];
  test.each(malformed)('%s is refused, and nothing stays behind', async (_name, sent, expected) => {
    const { status, json } = await post(sent);
    const code = expected === 413 ? 'PAYLOAD_TOO_LARGE' : 'BAD_USER_INPUT';
    expect([status, json.errors[0].extensions.code]).toEqual([expected, code]);
    expect(json.errors[0].message.length).toBeLessThan(300);
    await expect.poll(() => readdir(server.app.services.config.dataDir + '/spool').catch(() => [])).toEqual([]);
  });

  test('the fields of a form are 1 MiB at most, together', async () => {
    const body = new FormData();
    body.append('operations', JSON.stringify({ query: '{ viewer { id } }' }));
    body.append('map', '{}');
    for (let i = 0; i < 5; i += 1) body.append(`field${i}`, 'x'.repeat(250 * 1024));
    const { status, json } = await server.request('POST', '/graphql', { body, token: server.admin.token });
    expect([status, json.errors[0].extensions.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    body.delete('field4');
    expect((await server.request('POST', '/graphql', { body, token: server.admin.token })).status).toBe(200);
  });

  test('a credential that may not write files nothing', async () => {
    const { data } = await server.graphql(
      'mutation { createApiKey(input: { name: "Reader", scopes: [READ] }) { secret } }',
      {},
      server.admin.token,
    );
    const { json } = await post({ operations, map, files: { a, b: a }, token: data.createApiKey.secret });
    expect(json.errors[0].extensions.code).toBe('FORBIDDEN');
  });
});

describe('access', () => {
  test('a session cookie that holds no more does not hinder signing in, and nothing else', async () => {
    const { username, password } = await server.person();
    const login = `login(input: { identifier: "${username}", password: "${password}" }) { deviceToken }`;
    const cookie = { cookie: `kdocs_session=ses_${'x'.repeat(43)}` };
    const statusOf = async (json: object, headers: Record<string, string> = cookie): Promise<number> =>
      (await server.request('POST', '/graphql', { json, headers })).status;
    expect(await statusOf({ query: `mutation { ${login} }` })).toBe(200);
    expect(
      await statusOf({ query: `mutation A { ${login} } mutation B { logout { session { id } } }`, operationName: 'A' }),
    ).toBe(200);

    expect(
      await statusOf({ query: `mutation A { ${login} } mutation B { logout { session { id } } }`, operationName: 'B' }),
    ).toBe(401);
    expect(await statusOf({ query: `mutation A { ${login} } mutation B { logout { session { id } } }` })).toBe(401);
    expect(await statusOf({ query: `mutation { ${login} logout { session { id } } }` })).toBe(401);
    expect(await statusOf({ query: `mutation { ...Both } fragment Both on Mutation { ${login} }` })).toBe(401);
    expect(await statusOf({ query: '{ viewer { id } }' })).toBe(401);
    expect(await statusOf({ query: 'mutation {' })).toBe(401);
    expect(await statusOf({})).toBe(401);
    expect(await statusOf({ query: `mutation { ${login} }` }, { ...cookie, authorization: 'Bearer wrong' })).toBe(401);
    expect(await statusOf({ query: `mutation { ${login} }` }, { ...cookie, origin: 'https://elsewhere.example' })).toBe(
      403,
    );
  });

  test('without a credential lists are refused, and a wrong one is 401', async () => {
    const { errors, status } = await server.graphql('{ documents { nodes { id } } }');
    expect([status, errors?.[0].extensions.code]).toEqual([200, 'UNAUTHENTICATED']);
    const wrong = await server.graphql('{ __typename }', {}, 'nonsense');
    expect([wrong.status, wrong.errors?.[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('the schema is shown to signed-in people only', async () => {
    const hidden = await server.graphql(getIntrospectionQuery());
    expect([hidden.status, hidden.errors?.[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    const shown = await server.graphql(getIntrospectionQuery(), {}, (await server.person()).token);
    expect(printSchema(buildClientSchema(shown.data))).toContain('type Document');
  });

  test('a simple cross-site form cannot send a query', async () => {
    const { status } = await server.request('POST', '/graphql', {
      headers: { 'content-type': 'text/plain' },
      body: '{"query":"{__typename}"}',
    });
    expect(status).toBe(415);
  });

  test.each([
    ['text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['application/json', 400, 'BAD_REQUEST'],
  ])('a POST of %s without an operation in JSON is %i', async (type, expected, code) => {
    const { status, json } = await server.request('POST', '/graphql', {
      token: server.admin.token,
      headers: { 'content-type': type },
      body: type === 'application/json' ? '' : 'query={__typename}',
    });
    expect([status, json.errors[0].extensions.code]).toEqual([expected, code]);
  });

  test.each([
    ['query ($id: ID!) { tag(id: $id) { id } }', {}],
    ['query ($id: ID!) { tag(id: $id) { id } }', { id: true }],
    ['query ($n: Int) { tags(offset: $n) { totalCount } }', { n: 'x' }],
    [
      'query ($d: DateTime) { documents(filter: { createdAfter: $d }) { totalCount } }',
      { d: '9999-12-31T23:59:59-14:00' },
    ],
  ])('a variable that does not fit is named: %s %o', async (query, variables) => {
    const { status, errors } = await server.graphql(query, variables, server.admin.token);
    expect([status, errors?.[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    expect(errors?.[0].message).toMatch(/\$(id|n|d)/);
  });

  test('malformed and oversized bodies are clear errors', async () => {
    const broken = await server.request('POST', '/graphql', {
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect([broken.status, broken.json.errors[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    const large = await server.request('POST', '/graphql', { json: { query: '#'.repeat(1_100_000) } });
    expect(large.status).toBe(413);
  });
});

test.each([
  { query: '{ viewer { id } }', operationName: 'Other' },
  { query: 'query A { viewer { id } } query B { viewer { id } }', operationName: '' },
  { query: 'query A { viewer { id } } query B { viewer { id } }' },
  { query: 'query ($t: Boolean) { document(id: 1, trashed: $t) { id } }', variables: { t: null } },
])("what names no operation, or a null where none may be, is the client's mistake: %j", async (json) => {
  const { status, json: answer } = await server.request('POST', '/graphql', { json, token: server.admin.token });
  expect([status, answer.errors.map((e: any) => e.extensions.code)]).toEqual([
    400,
    [expect.stringMatching(/^(BAD_USER_INPUT|OPERATION_RESOLUTION_FAILURE)$/)],
  ]);
});
