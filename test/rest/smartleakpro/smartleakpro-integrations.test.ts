import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKey } from '../../access/people.js';
import { settled } from '../../support/events.js';
import type { Answer, Person, TestServer } from '../../support/harness.js';
import { patience, startWebhookStage, type WebhookStage } from '../../support/webhooks.js';

let stage: WebhookStage;
let server: TestServer;
let manager: Person;
beforeAll(async () => {
  stage = await startWebhookStage();
  ({ server } = stage);
  manager = await server.person({ roles: ['manager'] });
});
afterAll(() => stage?.stop());

const moment = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

/** smartleakpro.md, « POST /integrations/ ». */
const documented = {
  nom: 'string',
  description: 'string',
  type_integration: 'zapier',
  configuration: {
    webhook_url: 'https://hooks.zapier.com/test',
    api_key: 'string',
  },
};

const api = (method: string, path: string, json?: unknown, { token } = manager): Promise<Answer> =>
  server.request(method, `/api/integrations${path}`, { token, ...(json !== undefined && { json }) });
async function create(changes: object = {}, owner = manager): Promise<any> {
  const { status, json, text } = await api('POST', '', { ...documented, ...changes }, owner);
  expect(status, text).toBe(201);
  return json;
}
let paths = 0;
const ownPath = (): string => `/integration${(paths += 1)}`;
const urlOf = (path: string): string => `${stage.receiver.url}${path}`;
/** Somebody new is registered: an event that the document shows. */
async function register(): Promise<{ id: string; nom_utilisateur: string }> {
  const name = `nouveau${(paths += 1)}`;
  const { status, json, text } = await server.request('POST', '/api/utilisateurs', {
    token: server.admin.token,
    json: {
      nom_utilisateur: name,
      email: `${name}@example.org`,
      nom: 'Durand',
      prenom: 'Jeanne',
      mot_de_passe: 'Motdepasse-1',
      confirmer_mot_de_passe: 'Motdepasse-1',
      role: 'technicien',
      consentement_rgpd: true,
    },
  });
  expect(status, text).toBe(201);
  return json;
}
const fieldsOf = ({ status, json }: Answer): unknown => [status, Object.keys(json.field_errors ?? {}).toSorted()];

describe('the documented calls', () => {
  test('an integration is made, read, listed, changed and deleted', async () => {
    const { status, json } = await api('POST', '/', documented);
    expect(status).toBe(201);
    const shown = {
      id: uuid,
      ...documented,
      configuration: { webhook_url: 'https://hooks.zapier.com/test', api_key: '***' },
      statut: 'active',
      derniere_synchronisation: null,
      nombre_synchronisations: 0,
      utilisateur_id: uuid,
      date_creation: moment,
      date_modification: moment,
    };
    expect(json).toEqual(shown);
    expect((await api('GET', `/${json.id}`)).json).toEqual(json);
    const list = await api('GET', '/?size=100');
    expect(list.json).toEqual({ integrations: [json], total: 1, page: 1, size: 100, pages: 1 });

    // A whole object comes back, with what cannot change.
    const renamed = await api('PUT', `/${json.id}`, { ...json, nom: 'CRM', type_integration: 'mqtt' });
    expect(renamed.json).toEqual({ ...json, nom: 'CRM', date_modification: moment });
    expect((await api('DELETE', `/${json.id}`)).status).toBe(204);
    const gone = await api('GET', `/${json.id}`);
    expect([gone.status, gone.json.detail]).toEqual([404, 'Intégration non trouvée']);
    for (const path of ['/00000000-0000-0000-0000-000000000000', '/invalid-id'])
      for (const [method, body] of [['GET'], ['PUT', {}], ['DELETE']] as const)
        expect((await api(method, path, body)).status).toBe(404);
  });

  test('the types are a bare array, with the configuration and the events of each', async () => {
    const { status, json } = await api('GET', '/types/available');
    expect(status).toBe(200);
    const types = ['zapier', 'n8n', 'custom', 'salesforce', 'hubspot', 'mailchimp', 'mqtt'];
    expect(json.map(({ type }: any) => type)).toEqual(types);
    for (const type of json) {
      expect(type).toEqual({
        type: expect.any(String),
        name: expect.any(String),
        description: expect.any(String),
        disponible: ['zapier', 'n8n', 'custom'].includes(type.type),
        configuration_fields: expect.any(Array),
        supported_events: type.disponible ? expect.arrayContaining(['user_created']) : [],
      });
      for (const field of type.configuration_fields)
        expect(field).toEqual({
          name: expect.any(String),
          type: expect.stringMatching(/^(url|string|password|number|array|object)$/),
          required: expect.any(Boolean),
          description: expect.stringMatching(/./),
        });
    }
  });

  test('lists are narrowed by type, state and text', async () => {
    const made = [
      await create({ nom: 'Liste zap', type_integration: 'zapier' }),
      await create({ nom: 'Liste bus', type_integration: 'mqtt', configuration: { broker_url: 'mqtt.example.org' } }),
      await create({ nom: 'Liste flux', type_integration: 'n8n' }),
    ];
    await api('PUT', `/${made[2].id}`, { statut: 'inactive' });
    const find = async (query: string): Promise<string[]> =>
      (await api('GET', `?search=liste&${query}`)).json.integrations.map(({ nom }: any) => nom);
    expect(await find('')).toEqual(['Liste flux', 'Liste bus', 'Liste zap']);
    expect(await find('type_integration=mqtt')).toEqual(['Liste bus']);
    expect(await find('statut=active')).toEqual(['Liste zap']);
    expect(await find('statut=inactive')).toEqual(['Liste flux']);
    expect(await find('statut=non_disponible&type_integration=')).toEqual(['Liste bus']);
    expect(fieldsOf(await api('GET', '?type_integration=fax&statut=x'))).toEqual([422, ['statut', 'type_integration']]);
  });

  test('every problem is told at once, by the key of the configuration', async () => {
    expect(fieldsOf(await api('POST', '', {}))).toEqual([422, ['configuration', 'nom', 'type_integration']]);
    const wrong = {
      webhook_url: 'ftp://example.org',
      api_key: 'clé\nperdue',
      auth_type: 'basic',
      headers: { Host: 'example.org', 'X-Bon': 'oui' },
      secret: 'court',
      evenements: ['user_created', 'jamais'],
    };
    const answer = await api('POST', '', { ...documented, type_integration: 'custom', configuration: wrong });
    expect(fieldsOf(answer)).toEqual([
      422,
      [
        'configuration.api_key',
        'configuration.auth_type',
        'configuration.evenements',
        'configuration.headers.Host',
        'configuration.secret',
        'configuration.webhook_url',
      ],
    ]);
    expect(answer.json.field_errors['configuration.evenements'][0]).toContain('user_created');
    expect(answer.text).not.toContain('perdue');
    for (const type_integration of ['zapier', 'n8n', 'custom'])
      expect(fieldsOf(await api('POST', '', { ...documented, type_integration, configuration: {} }))).toEqual([
        422,
        ['configuration.webhook_url'],
      ]);
    expect(fieldsOf(await api('POST', '', { ...documented, configuration: 'x' }))).toEqual([422, ['configuration']]);
    const masks = { webhook_url: 'https://hooks.zapier.com/x', api_key: '***' };
    expect(fieldsOf(await api('POST', '', { ...documented, configuration: masks }))).toEqual([
      422,
      ['configuration.api_key'],
    ]);
    let deep: object = {};
    for (let i = 0; i < 10; i += 1) deep = { deep };
    const { errors } = await server.graphql(
      `mutation ($c: JSON!) { createIntegration(input: { name: " ", kind: MQTT, configuration: $c }) { integration { id } } }`,
      { c: deep },
      manager.token,
    );
    expect(errors?.[0].extensions.fields.map(({ path }: any) => path.join('.'))).toEqual([
      'input.name',
      'input.configuration',
    ]);
  });
});

describe('what is delivered', () => {
  test('zapier gets every documented event that the owner may hear, with its key, signed, in the documented form', async () => {
    const [path, others] = [ownPath(), ownPath()];
    const configuration = { webhook_url: urlOf(path), api_key: 'cle-du-zap' };
    const { id } = await create({ nom: 'Zap', configuration }, server.admin);
    await create({ configuration: { ...configuration, webhook_url: urlOf(others) } });
    const person = await register();
    await stage.arrived({ path }, 1);
    const [{ headers, json }] = stage.got({ path }) as [any];
    const { json: row } = await server.request('GET', `/api/utilisateurs/${person.id}`, { token: server.admin.token });
    expect(json).toEqual({ type: 'user_created', timestamp: moment, data: row, resource_id: person.id });
    expect(headers).toMatchObject({
      'x-api-key': 'cle-du-zap',
      'x-webhook-signature': expect.stringMatching(/^sha256=[0-9a-f]{64}$/),
      'webhook-signature': expect.stringMatching(/^v1,/),
    });
    // People are no business of a manager's, so their integration hears nothing of them.
    await settled(server.app);
    expect(stage.got({ path: others })).toEqual([]);
    const { json: state } = await api('GET', `/${id}/status`, undefined, server.admin);
    expect(state).toMatchObject({ id, nom: 'Zap', statut: 'active', message: 'Active', envois: { echoues: 0 } });
    await expect
      .poll(async () => (await api('GET', `/${id}/status`)).json.envois, patience)
      .toMatchObject({
        reussis: 1,
        en_attente: 0,
        dernier_envoi: moment,
        dernier_code_http: 200,
        derniere_erreur: null,
      });
  });

  test('a program of one’s own gets a bearer, headers and a signature by its secret, and only the events it asks for', async () => {
    const path = ownPath();
    const secret = 'un-secret-a-moi-2026';
    const { id, configuration } = await create(
      {
        type_integration: 'custom',
        configuration: {
          url: urlOf(path),
          api_key: 'jeton-du-programme',
          auth_type: 'bearer',
          secret,
          headers: { 'X-Tenant': 'firme-7' },
          evenements: ['user_updated'],
          note: 'gardée',
        },
      },
      server.admin,
    );
    expect(configuration).toEqual({
      url: urlOf(path),
      api_key: '***',
      auth_type: 'bearer',
      secret: '***',
      headers: { 'X-Tenant': '***' },
      evenements: ['user_updated'],
      note: 'gardée',
    });
    const { id: person } = await register();
    await server.request('PUT', `/api/utilisateurs/${person}`, {
      token: server.admin.token,
      json: { telephone: '+33 6 12 34 56 78' },
    });
    await stage.arrived({ path }, 1);
    const [{ headers, json, text }] = stage.got({ path }) as [any];
    expect(json).toMatchObject({ type: 'user_updated', resource_id: person });
    expect(headers).toMatchObject({
      authorization: 'Bearer jeton-du-programme',
      'x-tenant': 'firme-7',
      'x-webhook-signature': `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`,
    });
    expect((await api('GET', `/${id}`)).text).not.toMatch(/jeton-du-programme|un-secret-a-moi|firme-7/);
  });

  test('sync sends a test and is counted; what is switched off gets nothing', async () => {
    const path = ownPath();
    const { id } = await create({ type_integration: 'n8n', configuration: { webhook_url: urlOf(path) } });
    const synced = await api('POST', `/${id}/sync`);
    expect(synced.json).toMatchObject({
      id,
      message: 'Synchronisation lancée avec succès',
      derniere_synchronisation: moment,
      nombre_synchronisations: 1,
    });
    await stage.arrived({ path }, 1);
    expect(stage.got({ path })[0]?.json).toEqual({
      type: 'integration_test',
      timestamp: moment,
      data: { nom: 'string' },
      resource_id: id,
    });
    expect((await api('PUT', `/${id}`, { statut: 'inactive' })).json.statut).toBe('inactive');
    const refused = await api('POST', `/${id}/sync`);
    expect([refused.status, refused.json]).toEqual([
      409,
      { detail: "L'intégration est désactivée", error_code: 'CONFLICT', field_errors: {} },
    ]);
    expect((await api('GET', `/${id}/status`)).json).toMatchObject({ statut: 'inactive', message: 'Désactivée' });
    expect((await api('PUT', `/${id}`, { statut: 'active' })).json.statut).toBe('active');
    expect((await api('POST', `/${id}/sync`)).json.nombre_synchronisations).toBe(2);
    await stage.arrived({ path }, 2);
  });

  test('an address that answers 410 is switched off, and its owner told of the integration', async () => {
    const path = ownPath();
    stage.receiver.answer(path, (response) => response.writeHead(410).end());
    const { id } = await create({ nom: 'Parti', configuration: { webhook_url: urlOf(path) } });
    await api('POST', `/${id}/sync`);
    await expect.poll(async () => (await api('GET', `/${id}`)).json.statut, patience).toBe('inactive');
    expect((await api('GET', `/${id}/status`)).json).toMatchObject({
      message: "Désactivée : l'adresse a répondu 410, elle n'existe plus",
      envois: { echoues: 1, dernier_code_http: 410 },
    });
    await settled(server.app);
    const told = await server.sql(`select title, message from notifications where user_id = ?`, [manager.id]);
    expect(told).toEqual([
      { title: 'Intégration désactivée', message: expect.stringMatching(/^L'intégration Parti a été désactivée : /) },
    ]);
  });

  test('the kinds that are not built are kept and say so', async () => {
    const configuration = {
      client_id: 'abc',
      client_secret: 'Secret-du-CRM-1',
      pin_token: 4711,
      nested: [{ access_token: 'tok-99' }],
      broker_url: 'mqtts://capteurs:Mot-9@broker.example:8883/fuites?cle=abc&x=1#haut',
    };
    for (const type_integration of ['salesforce', 'hubspot', 'mailchimp', 'mqtt']) {
      const made = await create({ type_integration, configuration });
      expect([made.statut, made.configuration]).toEqual([
        'non_disponible',
        {
          client_id: 'abc',
          client_secret: '***',
          pin_token: '***',
          nested: [{ access_token: '***' }],
          broker_url: 'mqtts://***@broker.example:8883/fuites?cle=***&x=***#haut',
        },
      ]);
      const unavailable = "Ce type d'intégration n'est pas encore disponible";
      expect((await api('GET', `/${made.id}/status`)).json).toMatchObject({
        statut: 'non_disponible',
        message: unavailable,
        envois: null,
      });
      const sync = await api('POST', `/${made.id}/sync`, {});
      expect([sync.status, sync.json.detail]).toEqual([409, unavailable]);
      expect((await api('PUT', `/${made.id}`, { statut: 'active' })).status).toBe(409);
      expect((await api('PUT', `/${made.id}`, made)).status).toBe(200);
    }
  });
});

describe('secrets', () => {
  test('in an address are masked, kept when they come back, and go nowhere else', async () => {
    const path = ownPath();
    const { id, configuration } = await create({ configuration: { webhook_url: `${urlOf(path)}?jeton=Jeton-9` } });
    expect(configuration).toEqual({ webhook_url: `${urlOf(path)}?jeton=***` });
    expect((await api('PUT', `/${id}`, { nom: 'Autre nom', configuration })).json).toMatchObject({ configuration });
    await api('POST', `/${id}/sync`);
    await stage.arrived({ path: `${path}?jeton=Jeton-9` }, 1);
    const elsewhere = { webhook_url: `${urlOf('/ailleurs')}?jeton=***` };
    expect(fieldsOf(await api('PUT', `/${id}`, { configuration: elsewhere }))).toEqual([
      422,
      ['configuration.webhook_url'],
    ]);
  });

  test('that come back masked are kept, and nothing stands in the open', async () => {
    const path = ownPath();
    const made = await create({ configuration: { webhook_url: urlOf(path), api_key: 'Cle-gardee-2026' } });
    const moved = ownPath();
    const changed = await api('PUT', `/${made.id}`, {
      ...made,
      configuration: { ...made.configuration, webhook_url: urlOf(moved) },
    });
    expect(changed.json.configuration).toEqual({ webhook_url: urlOf(moved), api_key: '***' });
    await api('POST', `/${made.id}/sync`);
    await stage.arrived({ path: moved }, 1);
    expect(stage.got({ path: moved })[0]?.headers['x-api-key']).toBe('Cle-gardee-2026');
    const renewed = { webhook_url: urlOf(moved), api_key: 'Cle-neuve-2026' };
    expect((await api('PUT', `/${made.id}`, { configuration: renewed })).status).toBe(200);
    await api('POST', `/${made.id}/sync`);
    await stage.arrived({ path: moved }, 2);
    expect(stage.got({ path: moved })[1]?.headers['x-api-key']).toBe('Cle-neuve-2026');

    const stored = JSON.stringify([
      await server.sql('select * from integrations'),
      await server.sql('select * from webhook_endpoints'),
      await server.sql('select * from webhook_deliveries'),
      await server.sql('select * from events'),
      server.log,
    ]);
    expect(stored).not.toMatch(/Cle-gardee|Cle-neuve|Secret-du-CRM|jeton-du-programme|un-secret-a-moi/);
    const { json: events } = await server.request('GET', '/api/audit/logs?resource=integration&size=100', {
      token: server.admin.token,
    });
    expect(events.logs[0]).toMatchObject({ action: 'update', resource: 'integration', resource_id: made.id });
  });

  test('are the owner’s: others manage the integration, and cannot say where its events go', async () => {
    const path = ownPath();
    const made = await create({ configuration: { webhook_url: urlOf(path), api_key: 'Cle-admin-2026' } }, server.admin);
    const taken = { ...made, configuration: { ...made.configuration, webhook_url: urlOf(ownPath()) } };
    const refused = await api('PUT', `/${made.id}`, taken);
    expect([refused.status, refused.json.detail]).toEqual([
      403,
      'Seul son auteur change la configuration de cette intégration',
    ]);
    // The same comes back: nothing of it is changed.
    expect((await api('PUT', `/${made.id}`, { ...made, nom: 'Renommée', statut: 'inactive' })).json).toMatchObject({
      nom: 'Renommée',
      statut: 'inactive',
      configuration: made.configuration,
    });
    expect((await api('DELETE', `/${made.id}`)).status).toBe(204);
    expect(await server.sql('select 1 from webhook_endpoints where url = ?', [urlOf(path)])).toEqual([]);
  });

  test('a key needs the scope for changes; the webhook behind is nobody’s to change by itself', async () => {
    const made = await create({ nom: 'Cachée' });
    const reader = { 'x-api-key': await apiKey(server, manager, { scopes: '{read,write}' }) };
    const writer = { 'x-api-key': await apiKey(server, manager, { scopes: '{read,write,integrations}' }) };
    const put = (headers: Record<string, string>): Promise<Answer> =>
      server.request('PUT', `/api/integrations/${made.id}`, { headers, json: { description: 'x' } });
    expect((await put(reader)).status).toBe(403);
    expect((await put(writer)).status).toBe(200);
    const { data } = await server.graphql(
      '{ webhookEndpoints(first: 100) { totalCount nodes { name } } }',
      {},
      manager.token,
    );
    expect(data.webhookEndpoints).toEqual({ totalCount: 0, nodes: [] });
    const [{ id }] = await server.sql("select id from webhook_endpoints where name = 'Cachée'");
    const removed = await server.request('DELETE', `/api/v1/webhooks/${id}`, { token: manager.token });
    expect(removed.status).toBe(404);
  });

  test('twenty a person', async () => {
    const busy = await server.person({ roles: ['manager'] });
    const mqtt = { type_integration: 'mqtt', configuration: { broker_url: 'b' } };
    await create(mqtt, busy);
    await server.sql(
      `insert into integrations (id, owner_id, kind, name, configuration)
       select gen_random_uuid(), ?, 'mqtt', 'Autre', 'sealed' from generate_series(2, 20)`,
      [busy.id],
    );
    const refused = await api('POST', '', { ...documented, ...mqtt }, busy);
    expect([refused.status, refused.json.error_code]).toEqual([409, 'CONFLICT']);
  });
});

test('the graph shows the same, and an erased person takes their integrations along', async () => {
  const person = await server.person({ roles: ['manager'] });
  const run = async (query: string, variables: object): Promise<any> => {
    const { data, errors } = await server.graphql(query, variables, person.token);
    expect(errors).toBeUndefined();
    return data;
  };
  const { createIntegration } = await run(
    `mutation ($input: CreateIntegrationInput!) { createIntegration(input: $input) {
       integration { id nodeId kind status configuration owner { username } health { deliveredCount pendingCount } } } }`,
    {
      input: { name: 'Graphe', kind: 'N8N', configuration: { webhook_url: 'https://n8n.invalid/x', api_key: 'Cle-g' } },
    },
  );
  const { id } = createIntegration.integration;
  expect(createIntegration.integration).toMatchObject({
    kind: 'N8N',
    status: 'ACTIVE',
    configuration: { webhook_url: 'https://n8n.invalid/x', api_key: '***' },
    owner: { username: person.username },
    health: { deliveredCount: 0, pendingCount: 0 },
  });
  const { integrations } = await run(
    `query ($filter: IntegrationFilter) { integrations(filter: $filter) { totalCount nodes { id name } } }`,
    { filter: { kind: 'N8N', search: 'graphe' } },
  );
  expect(integrations).toEqual({ totalCount: 1, nodes: [{ id, name: 'Graphe' }] });
  const erased = await server.request('POST', '/api/rgpd/anonymize', {
    token: server.admin.token,
    json: {
      resource_type: 'utilisateur',
      resource_id: (await server.sql('select uuid from users where id = ?', [person.id]))[0].uuid,
    },
  });
  expect(erased.status, erased.text).toBe(200);
  expect((await api('GET', `/${id}`)).status).toBe(404);
  expect(await server.sql('select 1 from webhook_endpoints where owner_id = ?', [person.id])).toEqual([]);
});
