import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { startApiKeyUsage } from '../../../src/modules/identity/api-keys/api-key-usage.js';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let holder: Person;
let otherHolder: Person;
/** What the server's clock is ahead by. */
let aheadMs = 0;

beforeAll(async () => {
  server = await startTestServer({ now: () => new Date(Date.now() + aheadMs) });
  await server.sql("insert into roles (name) values ('integrateur')");
  await server.sql(
    `insert into role_permissions select r.id, p.id from roles r, permissions p
      where r.name = 'integrateur' and p.resource || ':' || p.action in ('api_keys:read', 'api_keys:write', 'documents:own')`,
  );
  [holder, otherHolder] = [
    await server.person({ roles: ['integrateur'] }),
    await server.person({ roles: ['integrateur'] }),
  ];
});
afterAll(() => server?.stop());
afterEach(() => {
  aheadMs = 0;
});

const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const nobodysId = '00000000-0000-4000-8000-000000000000';

const api = (method: string, path: string, json?: unknown, token: string | null = holder.token): Promise<Answer> =>
  server.request(method, `/api/api-keys${path}`, { token: token ?? undefined, ...(json !== undefined && { json }) });

/** smartleakpro.md, « POST /api-keys/ ». */
const documented = {
  nom: 'string',
  description: 'string',
  scopes: ['read', 'write'],
  limite_requetes_par_minute: 100,
  limite_requetes_par_jour: 1000,
  limite_requetes_par_mois: 30000,
};

async function create(changes: object = {}, token = holder.token): Promise<any> {
  const { status, json } = await api('POST', '/', { ...documented, ...changes }, token);
  expect(status).toBe(201);
  return json;
}
const opens = async (secret: string): Promise<boolean> => {
  const { status } = await server.request('GET', '/v1/users/me', { headers: { 'x-api-key': secret } });
  expect(status).toBeOneOf([200, 401]);
  return status === 200;
};
const eventsOf = async (id: string): Promise<[string, any][]> =>
  (
    await server.sql("select type, data from events where subject_type = 'ApiKey' and subject_id = ? order by id", [id])
  ).map((e) => [e.type, e.data]);

function expectError({ status, json }: Answer, expected: number, code: string, fields: string[] = []): void {
  expect({ status, code: json?.error_code, fields: Object.keys(json?.field_errors ?? {}).toSorted() }).toEqual({
    status: expected,
    code,
    fields: fields.toSorted(),
  });
  expect(Object.keys(json)).toEqual(['detail', 'error_code', 'field_errors']);
}

describe('keys', () => {
  test('are made with the body of the contract; the secret is shown once and kept as a hash', async () => {
    const { status, json } = await api('POST', '/', { ...documented, inconnu: 1 });
    expect(status).toBe(201);
    const { cle_api, ...shown } = json;
    expect(cle_api).toMatch(/^sk_[\w-]{43}$/);
    expect(shown).toEqual({
      id: expect.stringMatching(uuid),
      ...documented,
      prefixe: cle_api.slice(0, 10),
      statut: 'active',
      date_expiration: null,
      date_creation: expect.stringMatching(moment),
      date_modification: expect.stringMatching(moment),
      derniere_utilisation: null,
      requetes_total: 0,
      utilisateur_id: expect.stringMatching(uuid),
    });
    expect((await api('GET', `/${json.id}`)).json).toEqual(shown);
    const list = await api('GET', '/?size=100');
    expect(Object.keys(list.json)).toEqual(['api_keys', 'total', 'page', 'size', 'pages']);
    expect(list.json.api_keys).toContainEqual(shown);
    for (const { text } of [list, await api('GET', `/${json.id}`)]) expect(text).not.toContain(cle_api);
    expect(JSON.stringify(await server.sql('select * from api_keys'))).not.toContain(cle_api);
    expect(JSON.stringify(await server.sql('select * from events'))).not.toContain(cle_api.slice(3));
    expect(server.log.join()).not.toContain(cle_api.slice(3));
  });

  test('have the least scope and the documented limits by default', async () => {
    const { status, json } = await api('POST', '/', { nom: 'Bus' });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      description: '',
      scopes: ['read'],
      limite_requetes_par_minute: 100,
      limite_requetes_par_jour: 10_000,
      limite_requetes_par_mois: 300_000,
    });
  });

  test('are refused with every problem at once, also by the graph', async () => {
    const wrong = {
      nom: ' ',
      description: 'x'.repeat(1001),
      scopes: [],
      limite_requetes_par_minute: 10_001,
      limite_requetes_par_jour: 0,
      limite_requetes_par_mois: 10_000_001,
      date_expiration: 'demain',
    };
    expectError(await api('POST', '/', wrong), 422, 'VALIDATION_ERROR', Object.keys(wrong));
    expectError(await api('POST', '/', {}), 422, 'VALIDATION_ERROR', ['nom']);
    expectError(
      await api('POST', '/', { ...documented, nom: 'nul\0', scopes: 'read', limite_requetes_par_jour: 'dix' }),
      422,
      'VALIDATION_ERROR',
      ['nom', 'scopes', 'limite_requetes_par_jour'],
    );
    expectError(await api('POST', '/', { ...documented, scopes: ['read', 'tout'] }), 422, 'VALIDATION_ERROR', [
      'scopes.1',
    ]);
    expectError(
      await api('POST', '/', { ...documented, date_expiration: '2020-01-01T00:00:00Z' }),
      422,
      'VALIDATION_ERROR',
      ['date_expiration'],
    );
    const { id } = await create();
    expectError(await api('PUT', `/${id}`, { ...wrong, statut: 'expired' }), 422, 'VALIDATION_ERROR', [
      ...Object.keys(wrong),
      'statut',
    ]);
    const { errors } = await server.graphql(
      `mutation ($id: ID!) { updateApiKey(input: { id: $id, name: "", description: "${'x'.repeat(1001)}", scopes: [], limitPerMinute: 0, limitPerDay: 1000001,
         limitPerMonth: -1, expiresAt: "2020-01-01T00:00:00Z", status: EXPIRED }) { apiKey { id } } }`,
      { id },
      holder.token,
    );
    expect(errors?.[0].extensions.fields.map((f: any) => f.path.slice(1).join('.')).toSorted()).toEqual([
      'description',
      'expiresAt',
      'limitPerDay',
      'limitPerMinute',
      'limitPerMonth',
      'name',
      'scopes',
      'status',
    ]);
  });

  test('are found by who made them, for whoever sees everybody’s', async () => {
    const another = await server.person({ roles: ['integrateur'] });
    await create({ nom: 'Mine' });
    await create({ nom: 'Theirs' }, another.token);
    const madeBy = async (userId: number): Promise<string[]> => {
      const query =
        'query ($userId: ID!) { apiKeys(first: 100, filter: { userId: $userId }) { nodes { user { id } } } }';
      const { data } = await server.graphql(query, { userId }, server.admin.token);
      return [...new Set<string>(data.apiKeys.nodes.map(({ user }: any) => user.id))];
    };
    expect(await madeBy(holder.id)).toEqual([String(holder.id)]);
    expect(await madeBy(another.id)).toEqual([String(another.id)]);
    expect(await madeBy(999_999)).toEqual([]);
  });

  test('are found by name and walked by cursor', async () => {
    for (const nom of ['Relevés un', 'Relevés deux', 'Relevés trois']) await create({ nom });
    const { json } = await api('GET', `/?search=${encodeURIComponent('relevés')}&size=2&page=2`);
    expect(json).toMatchObject({ api_keys: [{ nom: 'Relevés un' }], total: 3, page: 2, size: 2, pages: 2 });
    for (const orderBy of ['CREATED_AT_ASC', 'NAME_DESC']) {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const { data }: any = await server.graphql(
          `query ($after: String) { apiKeys(first: 1, after: $after, orderBy: ${orderBy}, filter: { search: "Relevés" }) { nodes { name } pageInfo { hasNextPage endCursor } } }`,
          { after },
          holder.token,
        );
        seen.push(...data.apiKeys.nodes.map((n: any) => n.name));
        after = data.apiKeys.pageInfo.hasNextPage ? data.apiKeys.pageInfo.endCursor : null;
      } while (after);
      expect(seen).toEqual(
        orderBy === 'NAME_DESC'
          ? ['Relevés un', 'Relevés trois', 'Relevés deux']
          : ['Relevés un', 'Relevés deux', 'Relevés trois'],
      );
    }
    for (const query of ['page=0', 'size=101'])
      expectError(await api('GET', `/?${query}`), 422, 'VALIDATION_ERROR', [query.split('=')[0] as string]);
  });

  test('change by the given fields only, with an event that names them', async () => {
    const {
      id,
      cle_api: _,
      date_modification: __,
      ...made
    } = await create({ date_expiration: '2999-01-01T00:00:00Z' });
    expect((await api('PUT', `/${id}`, {})).json).toMatchObject(made);
    const changed = await api('PUT', `/${id}`, {
      nom: 'Capteurs',
      limite_requetes_par_jour: 5,
      date_expiration: null,
      description: 'string',
    });
    expect(changed.status).toBe(200);
    expect(changed.json).toMatchObject({
      ...made,
      nom: 'Capteurs',
      limite_requetes_par_jour: 5,
      date_expiration: null,
    });
    expect((await eventsOf(id)).at(-1)).toEqual([
      'api_key.updated',
      { userId: holder.id, fields: ['name', 'limitPerDay', 'expiresAt'] },
    ]);
    expect(await eventsOf(id)).toHaveLength(2);
  });
});

describe('access', () => {
  test('whoever may not have keys is refused', async () => {
    const { id } = await create();
    for (const role of ['technicien', 'manager', 'lecteur']) {
      const { token } = await server.person({ roles: [role] });
      for (const [method, path] of [
        ['GET', '/'],
        ['POST', '/'],
        ['GET', `/${id}`],
        ['PUT', `/${id}`],
        ['DELETE', `/${id}`],
        ['POST', `/${id}/regenerate`],
        ['GET', `/${id}/usage`],
      ] as const) {
        const json = path === '/' ? documented : {};
        expectError(
          await api(method, path, method === 'GET' || method === 'DELETE' ? undefined : json, token),
          403,
          'AUTHORIZATION_ERROR',
        );
      }
    }
    for (const path of ['/', `/${id}`, `/${id}/usage`])
      expectError(await api('GET', path, undefined, null), 401, 'AUTHENTICATION_ERROR');
  });

  test("another holder's key is not there; an administrator sees and manages everybody's", async () => {
    const key = await create();
    for (const id of [key.id, nobodysId, '1', 'x']) {
      for (const [method, path] of [
        ['GET', `/${id}`],
        ['PUT', `/${id}`],
        ['DELETE', `/${id}`],
        ['POST', `/${id}/regenerate`],
        ['GET', `/${id}/usage`],
      ] as const) {
        const answer = await api(
          method,
          path,
          method === 'PUT' || method === 'POST' ? {} : undefined,
          otherHolder.token,
        );
        expectError(answer, 404, 'NOT_FOUND');
        expect(answer.json.detail).toBe('Clé API non trouvée');
      }
    }
    expect((await api('GET', '/', undefined, otherHolder.token)).json.total).toBe(0);
    expect(await opens(key.cle_api)).toBe(true);

    expect(
      (await api('GET', '/?size=100', undefined, server.admin.token)).json.api_keys.map((k: any) => k.id),
    ).toContain(key.id);
    expect((await api('GET', `/${key.id}`, undefined, server.admin.token)).json.utilisateur_id).toBe(
      key.utilisateur_id,
    );
    expect((await api('PUT', `/${key.id}`, { statut: 'suspended' }, server.admin.token)).json.statut).toBe('suspended');
    expect(await opens(key.cle_api)).toBe(false);
    const lifted = await api('PUT', `/${key.id}`, { statut: 'active' });
    expectError(lifted, 403, 'AUTHORIZATION_ERROR');
    expect(lifted.json.detail).toBe('Seul un administrateur lève une suspension');
    // Neither a new secret nor another setting gets around it.
    const { json } = await api('POST', `/${key.id}/regenerate`);
    await api('PUT', `/${key.id}`, { nom: 'Autre' });
    expect(await opens(json.cle_api)).toBe(false);
    expect((await api('PUT', `/${key.id}`, { statut: 'active' }, server.admin.token)).json.statut).toBe('active');
    expect(await opens(json.cle_api)).toBe(true);
  });

  test('keys are managed in person only: neither a key nor an API token sees or makes one', async () => {
    const scopes = ['read', 'write', 'admin', 'webhooks', 'integrations'];
    const { id, cle_api } = await create({ scopes }, server.admin.token);
    const made = await server.graphql(
      'mutation ($scopes: [CredentialScope!]) { createApiToken(input: { name: "x", scopes: $scopes }) { token } }',
      { scopes: scopes.map((scope) => scope.toUpperCase()) },
      server.admin.token,
    );
    for (const token of [cle_api, made.data.createApiToken.token]) {
      for (const [method, path] of [
        ['GET', '/'],
        ['POST', '/'],
        ['GET', `/${id}`],
        ['PUT', `/${id}`],
        ['DELETE', `/${id}`],
        ['POST', `/${id}/regenerate`],
        ['GET', `/${id}/usage`],
      ] as const) {
        const json = path === '/' ? documented : {};
        const answer = await api(method, path, method === 'GET' || method === 'DELETE' ? undefined : json, token);
        expectError(answer, 403, 'AUTHORIZATION_ERROR');
        expect(answer.json.detail).toBe("Cette action demande un token d'accès");
      }
    }
  });
});

describe('a key', () => {
  test('acts as its person at every door, in every scheme', async () => {
    const { cle_api } = await create();
    const me = { viewer: { id: String(holder.id) } };
    for (const headers of [
      { 'x-api-key': cle_api },
      { authorization: `Bearer ${cle_api}` },
      { authorization: `ApiToken ${cle_api}` },
    ] as Record<string, string>[]) {
      expect((await server.request('GET', '/v1/users/me', { headers })).json.user.id).toBe(holder.id);
      expect((await server.request('GET', '/auth/me', { headers })).json.id).toBe(holder.id);
      expect((await server.request('GET', '/kdocs/api/documents', { headers })).status).toBe(200);
      expect(
        (await server.request('POST', '/graphql', { headers, json: { query: '{ viewer { id } }' } })).json.data,
      ).toEqual(me);
    }
    for (const connectionParams of [{ apiKey: cle_api }, { authorization: `Bearer ${cle_api}` }]) {
      const client = createClient({
        url: `${server.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams,
        retryAttempts: 0,
      });
      const { value } = await client.iterate({ query: '{ viewer { id } }' }).next();
      expect(value.data).toEqual(me);
      await client.dispose();
    }
  });

  test('without `write` is refused every change', async () => {
    const { cle_api } = await create({ scopes: ['read'] }, server.admin.token);
    const headers = { 'x-api-key': cle_api };
    expect((await server.request('PUT', '/v1/users/me', { headers, json: { firstName: 'X' } })).status).toBe(404);
    expect((await server.request('POST', '/kdocs/api/tags', { headers, json: { name: 'X' } })).status).toBe(403);
    const { json } = await server.request('POST', '/graphql', {
      headers,
      json: { query: 'mutation { updateUser(input: { id: 1, firstName: "X" }) { user { id } } }' },
    });
    expect(json.errors[0].extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'scope' });
  });

  test('stops at its date', async () => {
    const { id, cle_api } = await create({ date_expiration: new Date(Date.now() + 3_600_000).toISOString() });
    expect(await opens(cle_api)).toBe(true);
    aheadMs = 3_601_000;
    expect(await opens(cle_api)).toBe(false);
    // The session of the test lives by the same clock, and has ended.
    const token = server.services.accessTokens.sign(
      holder.id,
      (await server.sql('select id from sessions where user_id = ?', [holder.id]))[0].id,
      server.services.now(),
    );
    expect((await api('GET', `/${id}`, undefined, token)).json.statut).toBe('expired');
    const listed = async (statut: string) =>
      (await api('GET', `/?size=100&statut=${statut}`, undefined, token)).json.api_keys.map((key: any) => key.id);
    expect([await listed('expired'), (await listed('active')).includes(id)]).toEqual([[id], false]);
    const later = new Date(Date.now() + 7_200_000).toISOString();
    expect((await api('PUT', `/${id}`, { date_expiration: later }, token)).json.statut).toBe('active');
    expect(await opens(cle_api)).toBe(true);
  });

  test('is refused from the next request on once it is switched off, regenerated or deleted, and its sockets close', async () => {
    const changes: { reason: string; change: (id: string) => Promise<Answer> }[] = [
      { reason: 'inactive', change: (id) => api('PUT', `/${id}`, { statut: 'inactive' }) },
      { reason: 'suspended', change: (id) => api('PUT', `/${id}`, { statut: 'suspended' }) },
      { reason: 'regenerated', change: (id) => api('POST', `/${id}/regenerate`) },
      { reason: 'deleted', change: (id) => api('DELETE', `/${id}`) },
    ];
    for (const { reason, change } of changes) {
      const { id, cle_api } = await create();
      expect(await opens(cle_api)).toBe(true);
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      await once(socket, 'open');
      socket.send(JSON.stringify({ type: 'connection_init', payload: { apiKey: cle_api } }));
      await once(socket, 'message');
      const closed = once(socket, 'close');
      expect((await change(id)).status).toBe(reason === 'deleted' ? 204 : 200);
      expect(await opens(cle_api)).toBe(false);
      expect((await closed)[0]).toBe(4403);
      expect((await eventsOf(id)).at(-1)).toEqual(['api_key.revoked', { userId: holder.id, reason }]);
    }
  });

  test('keeps its id and settings with a new secret', async () => {
    const { cle_api: before, date_modification: _, prefixe: __, ...made } = await create({ nom: 'Relais' });
    const { status, json } = await api('POST', `/${made.id}/regenerate`);
    expect(status).toBe(200);
    expect(json).toEqual({
      ...made,
      cle_api: expect.stringMatching(/^sk_/),
      prefixe: json.cle_api.slice(0, 10),
      date_modification: expect.stringMatching(moment),
    });
    expect(json.cle_api).not.toBe(before);
    expect([await opens(before), await opens(json.cle_api)]).toEqual([false, true]);
  });

  test('dies with the account of its person', async () => {
    const person = await server.person({ roles: ['integrateur'] });
    const { cle_api } = await create({}, person.token);
    expect(await opens(cle_api)).toBe(true);
    await server.graphql(
      'mutation ($id: ID!) { deactivateUser(input: { id: $id }) { user { id } } }',
      { id: person.id },
      server.admin.token,
    );
    expect(await opens(cle_api)).toBe(false);
  });
});

describe('usage', () => {
  test('is counted by day, with refusals apart', async () => {
    const { id, cle_api } = await create();
    const day = (offset = 0): string => new Date(Date.now() + offset).toISOString().slice(0, 10);
    const today = day();
    for (let n = 0; n < 3; n += 1) await opens(cle_api);
    server.services.apiKeyUsage.count(id, 'refused');
    await server.services.apiKeyUsage.flush();
    aheadMs = 86_400_000;
    const tomorrow = day(aheadMs);
    await opens(cle_api);
    await server.services.apiKeyUsage.flush();
    aheadMs = 0;
    const { status, json } = await api('GET', `/${id}/usage`);
    expect(status).toBe(200);
    expect(json).toEqual({
      id,
      requetes_total: 4,
      refus_total: 1,
      derniere_utilisation: expect.stringMatching(moment),
      jours: [
        { date: tomorrow, requetes: 1, refus: 0 },
        { date: today, requetes: 3, refus: 1 },
      ],
    });
    expect((await api('GET', `/${id}`)).json).toMatchObject({
      requetes_total: 4,
      derniere_utilisation: expect.stringMatching(moment),
    });
  });

  test('sums exactly over several processes, passes over a deleted key and keeps what it could not write', async () => {
    const { id } = await create();
    const gone = await create();
    const log = { error: () => undefined } as never;
    const counters = [1, 2, 3].map(() => startApiKeyUsage(server.db.client, () => new Date(), log));
    for (let round = 0; round < 5; round += 1) {
      for (const counter of counters) for (const key of [id, gone.id]) counter.count(key, 'requests');
      if (round === 2) await api('DELETE', `/${gone.id}`);
      await Promise.all(counters.map((counter) => counter.flush()));
    }
    counters[0]?.count(id, 'refused');
    await server.sql('alter table api_key_usage rename to elsewhere');
    await counters[0]?.flush();
    await server.sql('alter table elsewhere rename to api_key_usage');
    await Promise.all(counters.map((counter) => counter.stop()));
    expect((await api('GET', `/${id}/usage`)).json).toMatchObject({ requetes_total: 15, refus_total: 1 });
  });
});
