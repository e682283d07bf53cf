import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let person: Person;
let reading: string;
let writing: string;
const clients: Client[] = [];

beforeAll(async () => {
  server = await startTestServer({ env: { RATE_LIMITS: 'on', PLUGIN_SOURCES: resolve('examples/plugins') } });
  person = await server.person({ roles: ['manager'] });
  reading = await apiToken(person, ['READ']);
  writing = await apiToken(person, ['READ', 'WRITE']);
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await server?.stop();
});

async function apiToken({ token }: Person, scopes: readonly string[]): Promise<string> {
  const make = 'mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { token } }';
  const { data } = await server.graphql(make, { input: { name: 'model', scopes } }, token);
  server.secrets.remember(data.createApiToken.token);
  return data.createApiToken.token;
}

async function connect(token: string, headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  clients.push(client);
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${token}`, ...headers } },
    }),
  );
  return client;
}

const call = async (client: Client, name: string, args: object = {}): Promise<any> =>
  client.callTool({ name, arguments: args as Record<string, unknown> });

async function upload({ token }: Person, text: string, name = 'note.txt'): Promise<string> {
  const body = new FormData();
  body.append('files', new Blob([text]), name);
  const { json } = await server.request('POST', '/kdocs/api/documents/upload', { token, body });
  return String(json.results[0].id);
}

/** One message as it is. */
const post = (message: unknown, options: { token?: string; headers?: Record<string, string>; body?: string } = {}) =>
  server.request('POST', '/mcp', {
    token: options.token ?? reading,
    body: options.body ?? JSON.stringify(message),
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...options.headers,
    },
  });

const message = (method: string, params?: object) => ({ jsonrpc: '2.0', id: 7, method, ...(params && { params }) });

describe('the tools', () => {
  test('are those that read, and with a token that says so also those that change', async () => {
    const [readers, writers, inPerson] = await Promise.all(
      [reading, writing, person.token].map(async (token) => (await (await connect(token)).listTools()).tools),
    );
    const names = (tools: typeof readers) => tools?.map(({ name }) => name);
    expect(names(readers)).toEqual(names(inPerson));
    expect(names(readers)).toContain('list_documents');
    expect(names(readers)).not.toContain('update_document');
    expect(readers?.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);

    const changing = writers?.filter(({ annotations }) => !annotations?.readOnlyHint) ?? [];
    expect(changing.length).toBeGreaterThan(15);
    expect(names(writers)?.length).toBe((readers?.length ?? 0) + changing.length);
    const hintOf = (name: string) => changing.find((tool) => tool.name === name)?.annotations?.destructiveHint;
    expect(['create_client', 'update_client', 'trash_document'].map(hintOf)).toEqual([false, true, true]);
  });

  test('say what they take, by the types of the graph', async () => {
    const { tools } = await (await connect(writing)).listTools();
    const schemaOf = (name: string): any => tools.find((tool) => tool.name === name)?.inputSchema;
    expect(schemaOf('list_invoices')).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: {
        first: { type: 'integer', default: 20 },
        orderBy: { type: 'string', enum: expect.arrayContaining(['TOTAL_DESC']), default: 'CREATED_AT_DESC' },
        filter: {
          type: 'object',
          properties: { status: { type: 'string', enum: expect.arrayContaining(['DRAFT', 'PAID']) } },
        },
      },
    });
    expect(schemaOf('list_invoices').required).toBeUndefined();
    expect(schemaOf('create_invoice')).toMatchObject({
      required: ['input'],
      properties: {
        idempotencyKey: { type: 'string' },
        input: {
          required: ['items'],
          properties: {
            dueDate: { type: 'string', format: 'date' },
            items: { type: 'array', items: { properties: { unitPrice: { type: 'number' } } } },
          },
        },
      },
    });
    const undescribed = tools.flatMap(({ name, inputSchema }) =>
      Object.entries(inputSchema.properties ?? {})
        .filter(([, property]: any) => !property.description)
        .map(([property]) => `${name}.${property}`),
    );
    expect(undescribed).toEqual([]);
  });

  test('are all served by the graph: each that reads answers, or has not found what there is not', async () => {
    const client = await connect(reading);
    const { tools } = await client.listTools();
    const given: Record<string, unknown> = {
      q: 'facture',
      days: 30,
      startsAt: '2026-12-01T08:00:00Z',
      endsAt: '2026-12-01T09:00:00Z',
      technician: 'Jean',
      id: '999999',
    };
    const answers = await Promise.all(
      tools.map(async ({ name, inputSchema: { required = [] } }) => {
        const args = Object.fromEntries(required.map((argument) => [argument, given[argument]]));
        const { isError, structuredContent } = await call(client, name, args);
        return [name, isError ? structuredContent.errors.map(({ code }: any) => code) : 'answered'] as const;
      }),
    );
    const unserved = answers.filter(
      ([, outcome]) => outcome !== 'answered' && outcome.some((code: string) => code !== 'NOT_FOUND'),
    );
    // Ids of clients, interventions and reports are UUIDs, and the number is none.
    const byUuid = ['get_client', 'get_intervention', 'get_report'];
    expect(unserved.filter(([name]) => !byUuid.includes(name))).toEqual([]);
  });
});

describe('a call', () => {
  test('changes what the graph and the log show, under the id of its request', async () => {
    const client = await connect(writing, { 'x-request-id': 'mcp-change-1' });
    const { structuredContent, content, isError } = await call(client, 'create_client', {
      input: { name: 'Boulangerie Éclair' },
    });
    expect(isError).toBeUndefined();
    const made = structuredContent.createClient.client;
    expect(made).toMatchObject({ name: 'Boulangerie Éclair', status: 'ACTIVE' });
    expect(JSON.parse(content[0].text)).toEqual(structuredContent);
    const { data } = await server.graphql('query ($id: ID!) { client(id: $id) { name } }', made, person.token);
    expect(data.client).toEqual({ name: 'Boulangerie Éclair' });
    const [event] = await server.sql(`select actor_id, request_id from events where type = 'client.created'`);
    expect(event).toEqual({ actor_id: person.id, request_id: 'mcp-change-1' });
  });

  test('that is refused says why, with the code and the fields of the graph', async () => {
    const client = await connect(writing);
    const errorsOf = async (name: string, args: object): Promise<any> => {
      const { isError, structuredContent, content } = await call(client, name, args);
      expect(isError).toBe(true);
      expect(JSON.parse(content[0].text)).toEqual(structuredContent);
      return structuredContent.errors;
    };
    expect(await errorsOf('create_client', { input: { name: '', email: 'nobody' } })).toMatchObject([
      {
        code: 'BAD_USER_INPUT',
        requestId: expect.any(String),
        fields: [
          { path: ['input', 'name'], code: 'required' },
          { path: ['input', 'email'], code: 'invalid_format' },
        ],
      },
    ]);
    expect(await errorsOf('list_clients', { frist: 5 })).toMatchObject([
      { code: 'BAD_USER_INPUT', fields: [{ path: ['frist'], code: 'not_allowed' }] },
    ]);
    expect(await errorsOf('list_invoices', { orderBy: 'SIZE' })).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    expect(await errorsOf('get_document', {})).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    expect(await errorsOf('list_documents', { first: 1000 })).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    expect(await errorsOf('create_tag', { input: { name: 'x' }, idempotencyKey: '' })).toMatchObject([
      { code: 'BAD_USER_INPUT', fields: [{ path: ['Idempotency-Key'] }] },
    ]);
    await expect(call(client, 'drop_tables')).rejects.toMatchObject({ code: -32602 });
  });

  test.each([
    ['a token that only reads', () => reading],
    ['a session', () => person.token],
  ])('that changes is refused to %s', async (_, token) => {
    const { isError, structuredContent } = await call(await connect(token()), 'create_client', {
      input: { name: 'Nobody' },
    });
    expect(isError).toBe(true);
    expect(structuredContent.errors).toMatchObject([{ code: 'FORBIDDEN', reason: 'scope' }]);
    expect(await server.sql(`select 1 from clients where name = 'Nobody'`)).toEqual([]);
  });

  test('that is repeated with its key is made once', async () => {
    const client = await connect(writing);
    const args = { input: { name: 'Une fois' }, idempotencyKey: 'once-1' };
    const [first, second] = [await call(client, 'create_client', args), await call(client, 'create_client', args)];
    expect(second).toEqual(first);
    expect(first.structuredContent.createClient.client.name).toBe('Une fois');
    expect(await server.sql(`select count(*)::int as count from clients where name = 'Une fois'`)).toEqual([
      { count: 1 },
    ]);
    const other = await call(client, 'create_client', { ...args, input: { name: 'Deux fois' } });
    expect(other.structuredContent.errors).toMatchObject([{ reason: 'idempotency.mismatch' }]);
    const refused = { input: { name: '' }, idempotencyKey: 'once-2' };
    const refusals = [await call(client, 'create_client', refused), await call(client, 'create_client', refused)];
    for (const { isError, structuredContent } of refusals) {
      expect(isError).toBe(true);
      expect(structuredContent.errors).toMatchObject([{ code: 'BAD_USER_INPUT', path: ['createClient'] }]);
    }
  });

  test('shows nobody the rows of somebody else, however many ask at once', async () => {
    const [one, other] = [await server.person(), await server.person()];
    const [own, others] = [await upload(one, 'Le mien'), await upload(other, 'Le sien')];
    const [mine, theirs] = await Promise.all([one, other].map(async (who) => connect(await apiToken(who, ['READ']))));
    if (!mine || !theirs) throw new Error('not connected');
    const answers = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const client = index % 2 ? theirs : mine;
        const { structuredContent } = await call(client, 'list_documents');
        return structuredContent.documents.nodes.map(({ id }: any) => id);
      }),
    );
    for (const [index, ids] of answers.entries()) expect(ids).toEqual([index % 2 ? others : own]);
    const { structuredContent } = await call(mine, 'get_document', { id: others });
    expect(structuredContent).toEqual({ document: null });
    await expect(mine.readResource({ uri: `passerelle://documents/${others}` })).rejects.toMatchObject({
      code: -32002,
    });
  });
});

describe('the resources', () => {
  test('are the schema, its types, and the texts of documents', async () => {
    const client = await connect(reading);
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(['passerelle://schema']);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates).toHaveLength(2);
    const read = async (uri: string): Promise<any> => (await client.readResource({ uri })).contents[0];
    expect((await read('passerelle://schema')).text).toContain('type Mutation {');
    expect((await read('passerelle://types/InvoiceStatus')).text).toMatch(/enum InvoiceStatus \{/);
    const id = await upload(person, 'Rendez-vous au chantier', 'chantier.txt');
    await expect
      .poll(async () => (await read(`passerelle://documents/${id}`)).text)
      .toContain('Rendez-vous au chantier');
    for (const uri of ['passerelle://types/None', 'passerelle://documents/999999', 'file:///etc/passwd'])
      await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32002 });
  });
});

describe('at the door', () => {
  test('a credential is needed, and one that was revoked is refused from the next request on', async () => {
    const missing = await server.request('POST', '/mcp', { json: message('tools/list') });
    expect(missing.status).toBe(401);
    expect(missing.headers.get('www-authenticate')).toBe('Bearer realm="passerelle"');
    expect(missing.json).toMatchObject({ jsonrpc: '2.0', id: null, error: { data: { code: 'UNAUTHENTICATED' } } });

    const token = await apiToken(person, ['READ']);
    const client = await connect(token);
    await client.listTools();
    const [{ id }] = await server.sql(`select max(id) as id from api_tokens`);
    const revoke = 'mutation ($input: RevokeApiTokenInput!) { revokeApiToken(input: $input) { apiToken { id } } }';
    expect((await server.graphql(revoke, { input: { id } }, person.token)).errors).toBeUndefined();
    const refused = await post(message('tools/list'), { token });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
    await expect(client.listTools()).rejects.toMatchObject({ code: 401 });
  });

  test('requests of a key beyond its limit are refused with 429 and the time to wait', async () => {
    const make = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }';
    const input = { name: 'model', scopes: ['READ'], limitPerMinute: 4 };
    const { data } = await server.graphql(make, { input }, server.admin.token);
    server.secrets.remember(data.createApiKey.secret);
    const answers = [];
    for (let asked = 0; asked < 5; asked += 1)
      answers.push(await post(message('tools/list'), { token: data.createApiKey.secret }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429]);
    expect(Number(answers[4]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answers[4]?.json.error.data).toMatchObject({ code: 'RATE_LIMITED' });
  });

  test.each<[string, number, RequestInit['headers'], number]>([
    ['a page of this origin', 200, { origin: 'PUBLIC' }, 0],
    ['a page of another', 403, { origin: 'https://evil.example' }, -32000],
    ['a page whose origin is only its host', 403, { origin: 'HOST' }, -32000],
    ['a compressed body', 415, { 'content-encoding': 'gzip' }, -32000],
    ['a client that wants no JSON', 406, { accept: 'text/html' }, -32000],
    ['another protocol version', 400, { 'mcp-protocol-version': '1999-01-01' }, -32000],
  ])('%s gets %i', async (_, status, headers, code) => {
    const { PUBLIC, HOST } = { PUBLIC: new URL(server.services.config.publicUrl).origin, HOST: server.url };
    expect(PUBLIC).not.toBe(HOST);
    const sent = Object.fromEntries(
      Object.entries(headers as Record<string, string>).map(([name, value]) => [
        name,
        { PUBLIC, HOST }[value] ?? value,
      ]),
    );
    const answer = await post(message('ping'), { headers: sent });
    expect([answer.status, answer.json.error?.code ?? 0]).toEqual([status, code]);
  });

  test.each<[string, string, number, number]>([
    ['no JSON', '{', 400, -32700],
    ['what nests too deep', '['.repeat(100) + ']'.repeat(100), 400, -32700],
    ['a batch', '[]', 400, -32600],
    ['no message', '{"hello":1}', 400, -32700],
    ['an unknown method', JSON.stringify(message('tools/steal')), 200, -32601],
    ['wrong parameters', JSON.stringify(message('tools/call', { arguments: [] })), 200, -32602],
    ['more than 1 MiB', JSON.stringify(message('ping', { text: 'x'.repeat(1024 * 1024) })), 413, -32000],
  ])('%s is an error of JSON-RPC', async (_, body, status, code) => {
    const answer = await post(undefined, { body });
    expect([answer.status, answer.json.error.code]).toEqual([status, code]);
    expect(answer.text).not.toMatch(/at .*\.js|zod|node_modules/i);
  });

  test('messages come by POST, and one that asks nothing is accepted', async () => {
    for (const method of ['GET', 'DELETE', 'PUT']) {
      const { status, headers } = await server.request(method, '/mcp', { token: reading });
      expect([status, headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    }
    expect((await server.request('OPTIONS', '/mcp')).status).toBe(204);
    const accepted = await post({ jsonrpc: '2.0', method: 'notifications/initialized' });
    expect([accepted.status, accepted.text]).toEqual([202, '']);
  });

  test('a client that leaves in the middle harms nobody', async () => {
    const body = JSON.stringify(message('tools/call', { name: 'list_documents', arguments: {} }));
    await new Promise<void>((resolve) => {
      const leaving = httpRequest(`${server.url}/mcp`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${reading}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'content-length': body.length,
        },
      });
      leaving.on('error', () => undefined).on('close', resolve);
      leaving.end(body, () => leaving.destroy());
    });
    expect((await post(message('ping'))).json).toEqual({ jsonrpc: '2.0', id: 7, result: {} });
    expect(server.log.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
  });

  test('the figures name the operations, and the metrics the door', async () => {
    await call(await connect(reading), 'list_clients');
    await expect
      .poll(async () => (await server.request('GET', '/metrics', { token: server.admin.token })).text)
      .toMatch(/xcore_graphql_operations_total\{operation="ListClients",type="query"\} [1-9]/);
  });
});

test("the operations of a plugin's dialect are tools while it is served, and nothing else of it", async () => {
  const system = (method: string, path: string, json?: object) =>
    server.request(method, `/system/plugins${path}`, { token: server.admin.token, ...(json && { json }) });
  const [reader, writer] = [await connect(reading), await connect(writing)];
  const names = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name);
  const before = { reader: await names(reader), writer: await names(writer) };
  const ofPlugin = async (client: Client, known: string[]) =>
    (await names(client)).filter((name) => !known.includes(name));
  expect(
    (await system('POST', '', { name: 'vehicle-fleet', source: resolve('examples/plugins/vehicle-fleet') })).status,
  ).toBe(201);
  expect(await ofPlugin(writer, before.writer)).toEqual([]);
  expect((await system('POST', '/vehicle-fleet/enable')).status).toBe(200);
  expect(await ofPlugin(reader, before.reader)).toEqual(['list_vehicles']);
  expect(await ofPlugin(writer, before.writer)).toEqual([
    'add_vehicle',
    'list_vehicles',
    'read_counter',
    'remove_vehicle',
  ]);
  const { tools } = await writer.listTools();
  expect(tools.find(({ name }) => name === 'add_vehicle')).toMatchObject({
    description: 'Ajouter un véhicule (Parc de véhicules)',
    inputSchema: { required: ['input'], properties: { input: { required: ['plate', 'model'] }, idempotencyKey: {} } },
    annotations: { readOnlyHint: false, destructiveHint: false },
  });

  const add = { input: { plate: 'AB-123-CD', model: 'Kangoo' }, idempotencyKey: 'one' };
  const added = [await call(writer, 'add_vehicle', add), await call(writer, 'add_vehicle', add)];
  for (const { structuredContent } of added)
    expect(structuredContent.createVehicle.vehicle).toMatchObject({ id: '1', plate: 'AB-123-CD' });
  expect((await call(reader, 'list_vehicles')).structuredContent.vehicles).toMatchObject({ totalCount: 1 });
  const refused = await call(reader, 'add_vehicle', { input: { plate: 'AB-123-CE', model: 'Zoe' } });
  expect(refused.structuredContent.errors).toMatchObject([{ code: 'FORBIDDEN', reason: 'scope' }]);
  const wrong = await call(writer, 'add_vehicle', { input: { plate: 'x', model: 'Zoe' } });
  expect(wrong.structuredContent.errors[0]).toMatchObject({
    code: 'BAD_USER_INPUT',
    fields: [{ path: ['input', 'plate'] }],
  });

  expect((await system('POST', '/vehicle-fleet/disable')).status).toBe(200);
  expect(await names(writer)).toEqual(before.writer);
  await expect(call(writer, 'list_vehicles')).rejects.toThrow('no tool of this name');
  const metrics = async () => (await server.request('GET', '/metrics', { token: server.admin.token })).text;
  await expect.poll(metrics, { timeout: 30_000 }).not.toMatch(/ListVehicles|AddVehicle/);
  expect((await system('DELETE', '/vehicle-fleet')).status).toBe(204);
});

test('the examples of docs/mcp.md give what they say', async () => {
  const text = readFileSync('docs/mcp.md', 'utf8');
  const [make = '', byHand = ''] = [...text.matchAll(/^```bash\n(.*?)^```/gms)].map(([, block]) => block);
  const run = (command: string, args: string[], env: Record<string, string>) =>
    promisify(execFile)(command, args, { env: { ...process.env, BASE: server.url, ...env } });
  const made = JSON.parse((await run('bash', ['-euc', make], { SESSION: person.token })).stdout);
  server.secrets.remember(made.data.createApiToken.token);
  const answers = (await run('bash', ['-euc', byHand], { TOKEN: writing })).stdout.split('\n');
  const [listed, clients, created, type] = answers.map((line) => JSON.parse(line).result);
  expect(listed.tools.map(({ name }: any) => name)).toContain('create_client');
  expect(clients.structuredContent.clients.nodes.length).toBeGreaterThan(0);
  expect(created.structuredContent.createClient.client.name).toBe('Fournil du Port');
  expect(type.contents[0].text).toContain('enum ClientStatus {');
  const [, program = ''] = /^ *```js\n(.*?)^ *```/ms.exec(text) ?? [];
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], {
    TOKEN: made.data.createApiToken.token,
  });
  expect(stdout).toMatch(/^\d+ documents\n$/);
});

test('no secret stands in the log or the database', async () => {
  expect(await server.leaks()).toEqual([]);
});
