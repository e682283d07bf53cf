import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import type { PluginShelf, StartPlugin } from '../../src/app/plugins/plugin-ports.js';
import type { RunningPlugins } from '../../src/app/plugins/plugin-runtime.js';
import type { ActivePlugin } from '../../src/modules/plugins/plugin-runtime.js';
import { checkedContribution } from '../../src/plugin-host/contribution-shape.js';
import { manifestShape } from '../../src/plugin-host/manifest.js';
import { startPlugin } from '../../src/plugin-host/start-plugin.js';
import { settled } from '../support/events.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

/** What the database will hold: plugins by their folders. */
const shelf = {
  revision: 0,
  plugins: [] as ActivePlugin[],
  folders: new Map<string, string>(),
  failed: [] as string[],
  served: '',
};
const nothing = (): Promise<never> => Promise.reject(new Error('none here'));
const keeper: PluginShelf = {
  active: async () => ({ revision: String(shelf.revision), plugins: [...shelf.plugins] }),
  folderOf: async ({ packageHash }) => shelf.folders.get(packageHash) ?? nothing(),
  sweep: async () => undefined,
  servicesOf: () => ({ storage: nothing, settings: async () => ({ greeting: 'hello' }) }),
  failed: async ({ id }, reason) => void shelf.failed.push(`${id}: ${reason}`),
  serves: async (revision) => void (shelf.served = revision),
};

/** Nothing here is about how fast a process starts on a machine that is busy. */
const patiently: StartPlugin = (options) =>
  startPlugin({ ...options, limits: { ...options.limits, startMs: 60_000, callMs: 30_000 } });

let server: TestServer;
let owner: Person;
let stranger: Person;
let runtime: RunningPlugins;

beforeAll(async () => {
  server = await startTestServer({ plugins: () => ({ shelf: keeper, start: patiently }) });
  [owner, stranger] = [await server.person(), await server.person()];
  runtime = server.app.plugins as RunningPlugins;
  await server.sql(
    `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, content,
       document_type_id, owner_id)
     select 'Document ' || i, i || '.pdf', i || '.pdf', 'k', lpad(to_hex(i), 64, '0'), 1000 + i, 'application/pdf', 'Texte ' || i,
       1, ? from generate_series(1, 3) i`,
    [owner.id],
  );
});
afterAll(() => server?.stop());

const grants = ['graph:read', 'graph:write', 'events:read', 'events:write'];

/** Writes a plugin and serves it beside the others, in the place of its former self. */
async function serve(id: string, code: string, { prefix = `/${id}`, handlesAs = owner.id } = {}): Promise<void> {
  const folder = mkdtempSync(join(inject('folder'), 'plugin-'));
  const manifest = manifestShape.parse({
    id,
    name: id.toUpperCase(),
    version: '1.0.0',
    api_prefix: prefix,
    capabilities: grants,
  });
  writeFileSync(join(folder, 'plugin.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'index.js'), code);
  const others = shelf.plugins.filter((other) => other.id !== id);
  const tried = await runtime.tryOut({ manifest, folder, grants, settings: {}, others, isComposed: true });
  if (tried.outcome !== 'fits') throw new Error(JSON.stringify(tried));
  shelf.revision += 1;
  shelf.folders.set(`${id}-${shelf.revision}`, folder);
  const contribution = checkedContribution(tried.contribution);
  shelf.plugins = [
    ...others,
    {
      id,
      manifest,
      contribution,
      packageHash: `${id}-${shelf.revision}`,
      grants,
      runAsId: handlesAs,
      since: String(shelf.revision),
    },
  ];
  await runtime.follow();
  expect(shelf.served).toBe(String(shelf.revision));
}

async function withdraw(id: string): Promise<void> {
  shelf.plugins = shelf.plugins.filter((plugin) => plugin.id !== id);
  shelf.revision += 1;
  await runtime.follow();
}

const stars = (greeting = 'first'): string => `
import { batch, definePlugin, refuse, reply } from '@passerelle/plugin';
let calls = 0;
const given = new Map();
export default definePlugin({
  sdl: \`
    type StarPayload { document: Document stars: Int! }
    input GiveStarInput { id: ID! }
    extend type Document { stars: Int! greeting: String }
    extend type Query { starCalls: Int mine: Int seen: [String!] }
    extend type Mutation { giveStar(input: GiveStarInput!): StarPayload }
    extend type Subscription { starGiven: StarPayload }
  \`,
  events: ['star_given'],
  subscriptions: { starGiven: { events: ['star_given'], resolve: (event) => ({ document: { id: event.subjectId }, stars: event.data.stars }) } },
  resolvers: {
    Document: {
      stars: batch((parents) => { calls += 1; return parents.map(({ id }) => given.get(String(id)) ?? 0); }),
      greeting: async (_parent, _args, api) => '${greeting} ' + (await api.settings()).greeting,
    },
    Query: {
      starCalls: () => calls,
      mine: async (_parent, _args, api) => (await api.graph('{ documents { totalCount } }')).documents.totalCount,
      seen: () => seen,
    },
    Mutation: {
      giveStar: async (_parent, { input }, api) => {
        if (!/^\\d+$/.test(input.id)) refuse('BAD_USER_INPUT', 'No such id', [{ path: ['input', 'id'], message: 'is no id' }]);
        const count = (given.get(input.id) ?? 0) + 1;
        await api.emit('star_given', { subjectType: 'Document', subjectId: input.id, data: { stars: count } });
        given.set(input.id, count);
        return { document: { id: input.id }, stars: count };
      },
    },
  },
  handlers: { 'document.created': (event) => { if (event.subjectId === '2') throw new Error('no'); seen.push(event.subjectId); } },
  routes: [
    { method: 'GET', path: '/stars/:id', summary: 'Stars', handler: ({ params, query }, api) => ({ id: params.id, q: query.q ?? null, by: api.viewer.id, stars: given.get(params.id) ?? 0 }) },
    { method: 'POST', path: '/echo', handler: ({ body }) => reply(201, { body }, { Location: '/x', 'Set-Cookie': 'a=b' }) },
    { method: 'GET', path: '/open', credential: 'none', handler: (_request, api) => ({ by: api.viewer.id }) },
    { method: 'GET', path: '/crash', handler: () => { process.exit(3); } },
  ],
  dialect: {
    prefix: '/sterne',
    title: 'Sterne',
    envelope: { fehler: '{{message}}', nr: '{{status}}', felder: '{{fields}}', kennung: '{{request_id}}', text: 'Fehler {{code}}' },
    statuses: { BAD_USER_INPUT: 418 },
    routes: [
      {
        method: 'GET', path: '/dokumente/:id', summary: 'Ein Dokument', operation: 'query SterneDokument($id: ID!) { document(id: $id) { id title stars } }',
        params: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
        query: { type: 'object', properties: { mal: { type: 'integer', minimum: 1 } } },
        response: { type: 'object', properties: { nummer: { type: 'string' }, sterne: { type: 'integer' } }, required: ['nummer'] },
        toVariables: ({ params }) => ({ id: params.id }),
        toResponse: ({ document }, { query }) => document ? { nummer: document.id, sterne: document.stars * (query.mal ?? 1) } : refuse('NOT_FOUND', 'Nicht da'),
      },
      {
        method: 'POST', path: '/dokumente', summary: 'Stern', operation: 'mutation SterneGeben($id: ID!) { giveStar(input: { id: $id }) { stars } }', status: 201,
        body: { type: 'object', properties: { nummer: { type: 'string' } }, required: ['nummer'] },
        fields: { id: 'nummer' },
        toVariables: ({ body }) => ({ id: body.nummer }),
      },
    ],
  },
});
const seen = [];
`;

const ask = async (query: string, person: Person = owner, variables = {}) =>
  server.graphql(query, variables, person.token);

describe('a plugin that is served', () => {
  beforeAll(() => serve('stars', stars()));

  test('answers in the graph, in one call a field, and acts as whoever asks', async () => {
    const { data, errors } = await ask('{ documents(orderBy: ID_ASC) { nodes { id stars greeting } } mine starCalls }');
    expect(errors).toBeUndefined();
    expect(data.documents.nodes).toEqual(['1', '2', '3'].map((id) => ({ id, stars: 0, greeting: 'first hello' })));
    expect(data.mine).toBe(3);
    expect((await ask('{ starCalls }')).data).toEqual({ starCalls: 1 });
    expect((await ask('{ mine }', stranger)).data).toEqual({ mine: 0 });
    const refused = await ask('mutation { giveStar(input: { id: "x" }) { stars } }');
    expect(refused.errors?.[0].extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: ['input', 'id'] }],
    });
  });

  test('answers below its prefix and as a dialect of its own, each with its envelope', async () => {
    const get = (path: string, token: string | undefined = owner.token) => server.request('GET', path, { token });
    expect((await get('/stars/stars/7?q=1')).json).toEqual({ id: '7', q: '1', by: owner.id, stars: 0 });
    expect((await server.request('GET', '/stars/stars/7')).json.error.code).toBe('AUTHENTICATION_ERROR');
    expect((await server.request('GET', '/stars/open')).json).toEqual({ by: null });
    const echo = await server.request('POST', '/stars/echo', { token: owner.token, json: { a: [1, { b: null }] } });
    expect([echo.status, echo.json, echo.headers.get('location'), echo.headers.get('set-cookie')]).toEqual([
      201,
      { body: { a: [1, { b: null }] } },
      '/x',
      null,
    ]);
    expect((await get('/stars/nowhere')).status).toBe(404);
    expect((await server.request('DELETE', '/stars/echo', { token: owner.token })).status).toBe(405);

    const made = await server.request('POST', '/sterne/dokumente', { token: owner.token, json: { nummer: '3' } });
    expect([made.status, made.json]).toEqual([201, { giveStar: { stars: 1 } }]);
    expect((await get('/sterne/dokumente/3?mal=2')).json).toEqual({ nummer: '3', sterne: 2 });
    const wrong = await get('/sterne/dokumente/3?mal=x');
    expect([wrong.status, wrong.json]).toEqual([
      418,
      {
        fehler: 'Validation failed',
        nr: 418,
        felder: [{ field: 'mal', message: expect.any(String) }],
        kennung: wrong.headers.get('x-request-id'),
        text: 'Fehler BAD_USER_INPUT',
      },
    ]);
    const refused = await server.request('POST', '/sterne/dokumente', { token: owner.token, json: { nummer: 'x' } });
    expect([refused.status, refused.json.felder]).toEqual([418, [{ field: 'nummer', message: 'is no id' }]]);
    expect((await get('/sterne/dokumente/3', stranger.token)).json.nr).toBe(404);
    expect((await server.request('GET', '/core-docs/stars.json')).json.paths['/dokumente/{id}'].get.summary).toBe(
      'Ein Dokument',
    );
    expect((await server.request('GET', '/core-docs?api=stars')).status).toBe(200);
  });

  test('tells of its events whoever may see what they are about, by subscription and on /ws', async () => {
    const heard: string[] = [];
    const sockets = await Promise.all(
      [owner, stranger].map(async (person) => {
        const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`);
        await once(socket, 'open');
        socket.on('message', (text) => void heard.push(`${person.username} ${JSON.parse(String(text)).type}`));
        socket.send(JSON.stringify({ type: 'auth', token: person.token, events: ['stars.star_given'] }));
        return socket;
      }),
    );
    const graph = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(graph, 'open');
    const delivered: unknown[] = [];
    graph.on('message', (text) => {
      const message = JSON.parse(String(text));
      if (message.type === 'connection_ack')
        graph.send(
          JSON.stringify({
            id: '1',
            type: 'subscribe',
            payload: { query: 'subscription { starGiven { stars document { title } } }' },
          }),
        );
      if (message.type === 'next' || message.type === 'error') delivered.push(message.payload);
    });
    graph.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${owner.token}` } }));
    await expect.poll(() => heard.filter((line) => line.endsWith('auth.ok')).length, { timeout: 20_000 }).toBe(2);
    await expect
      .poll(
        async () => {
          await ask('mutation { giveStar(input: { id: "1" }) { stars } }');
          return delivered.length > 0 && heard.some((line) => line.endsWith('stars.star_given'));
        },
        { timeout: 30_000, interval: 300 },
      )
      .toBe(true);
    expect(delivered[0]).toEqual({
      data: { starGiven: { stars: expect.any(Number), document: { title: 'Document 1' } } },
    });
    expect(heard.filter((line) => line.startsWith(stranger.username))).toEqual([`${stranger.username} auth.ok`]);
    for (const socket of [...sockets, graph]) socket.terminate();
  });

  test('handles what its person may hear; an event that it fails with does not hold up the others', async () => {
    const created = (id: number) =>
      server.sql(
        `insert into events (type, subject_type, subject_id, actor_id, request_id, data) values ('document.created', 'Document', ?, ?, 'r', '{}')`,
        [String(id), owner.id],
      );
    for (const id of [1, 2, 3]) await created(id);
    await settled(server.app);
    await expect.poll(async () => (await ask('{ seen }')).data.seen, { timeout: 30_000 }).toContain('3');
    const failures = await server.sql(`select consumer from event_failures where consumer = 'plugin:stars'`);
    expect(failures).toHaveLength(1);
  });

  test('may crash: its routes are unavailable, the others go on, and it comes back', async () => {
    const crashed = await server.request('GET', '/stars/crash', { token: owner.token });
    expect([crashed.status, crashed.json.error.code, crashed.headers.get('retry-after')]).toEqual([
      503,
      'SERVICE_UNAVAILABLE',
      '5',
    ]);
    expect((await ask('{ documents { totalCount } }')).data).toEqual({ documents: { totalCount: 3 } });
    await expect.poll(async () => (await server.request('GET', '/stars/open')).status, { timeout: 30_000 }).toBe(200);
  });

  test('is replaced while it is asked, without a request that fails, and leaves no trace when it goes', async () => {
    let isOver = false;
    const wrong: unknown[] = [];
    let asked = 0;
    const asking = async (): Promise<void> => {
      while (!isOver) {
        const [graph, rest, core] = await Promise.all([
          ask('{ documents(first: 2) { nodes { greeting } } }'),
          server.request('GET', '/sterne/dokumente/3', { token: owner.token }),
          ask('{ documents { totalCount } }'),
        ]);
        asked += 3;
        if (graph.errors || rest.status !== 200 || core.errors) wrong.push([graph.errors, rest.text, core.errors]);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const askers = [asking(), asking()];
    try {
      for (const greeting of ['second', 'third']) await serve('stars', stars(greeting));
    } finally {
      isOver = true;
      await Promise.all(askers);
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(10);
    expect((await ask('{ documents(first: 1) { nodes { greeting } } }')).data.documents.nodes).toEqual([
      { greeting: 'third hello' },
    ]);

    await withdraw('stars');
    const { errors } = await ask('{ documents { nodes { stars } } }');
    expect(errors?.[0].message).toMatch(/Cannot query field "stars"/);
    expect((await server.request('GET', '/sterne/dokumente/3', { token: owner.token })).status).toBe(404);
    expect((await server.request('GET', '/core-docs/stars.json')).status).toBe(404);
    expect(server.app.eventTypes.list().filter((name) => name.startsWith('stars.'))).toEqual([]);
    await expect
      .poll(async () => (await server.request('GET', '/metrics')).text.includes('plugin="stars"'), {
        timeout: 30_000,
        interval: 500,
      })
      .toBe(false);
    await expect(
      server.app.consumers.add({ name: 'plugin:stars', consume: async () => undefined }),
    ).resolves.toBeUndefined();
    await server.app.consumers.remove('plugin:stars');
  });
});

describe('what does not fit', () => {
  const broken = `import { definePlugin } from '@passerelle/plugin'; export default definePlugin({ sdl: 'type Document { a: Int }' });`;

  test('is named, and changes nothing', async () => {
    const before = server.app.graph.live.current;
    await expect(serve('other', broken)).rejects.toThrow(/type Document is there already, of the core/);
    await expect(serve('other', 'export default {')).rejects.toThrow(/failed/);
    const routes = `import { definePlugin } from '@passerelle/plugin';
      export default definePlugin({ routes: [{ method: 'GET', path: '/a', handler: () => 1 }] });`;
    await expect(serve('other', routes, { prefix: '/auth' })).rejects.toThrow(/the prefix \/auth is the server's own/);
    expect(server.app.graph.live.current).toBe(before);
    expect(runtime.reserved().has('graphql')).toBe(true);
  });

  test('no secret is in the log', async () => {
    expect(await server.leaks()).toEqual([]);
  });
});
