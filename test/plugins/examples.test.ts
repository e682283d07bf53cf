import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../support/harness.js';
import { changePlugin, writePlugin } from '../support/plugins.js';

/** Plugins as an administrator has them: from a folder, in processes of their own, on the server's database. */
let server: TestServer;
let person: Person;
let root: string;
const examples = resolve('examples/plugins');
/** A machine that is busy starts processes slowly. */
const patience = { timeout: 30_000, interval: 200 };

beforeAll(async () => {
  root = await mkdtemp(join(inject('folder'), 'plugins-'));
  server = await startTestServer({ env: { PLUGIN_SOURCES: `${examples},${root}` } });
  person = await server.person();
});
afterAll(() => server?.stop());

const plugins = (method: string, path: string, json?: object): Promise<Answer> =>
  server.request(method, `/system/plugins${path}`, { token: server.admin.token, ...(json && { json }) });
const install = async (name: string, source: string): Promise<void> => {
  expect(await plugins('POST', '', { name, source })).toMatchObject({ status: 201, json: { status: 'installed' } });
  expect(await plugins('POST', `/${name}/enable`)).toMatchObject({ status: 200 });
  expect(await statusOf(name)).toBe('active');
};
const statusOf = async (name: string): Promise<string> => (await plugins('GET', `/${name}`)).json.status;
const ask = async (query: string, variables: object = {}, token = person.token): Promise<any> => {
  const { data, errors } = await server.graphql(query, variables, token);
  return errors ?? data;
};

test('document-stars gives documents stars, tells of them, and takes them along with a document', async () => {
  await install('document-stars', join(examples, 'document-stars'));
  const body = new FormData();
  body.append('files', new Blob(['Un texte']), 'bail.txt');
  const made = await server.request('POST', '/kdocs/api/documents/upload', { token: person.token, body });
  const documentId = String(made.json.results[0].id);

  const heard = new AbortController();
  const stream = await fetch(`${server.url}/graphql/stream`, {
    method: 'POST',
    signal: heard.signal,
    headers: {
      authorization: `Bearer ${person.token}`,
      accept: 'text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ query: 'subscription { documentStarEvents { documentId stars isGiven } }' }),
  });
  const star = `mutation ($documentId: ID!, $isStarred: Boolean) {
    starDocument(input: { documentId: $documentId, isStarred: $isStarred }) { document { stars isStarred } }
  }`;
  const starred = { starDocument: { document: { stars: 1, isStarred: true } } };
  expect(await ask(star, { documentId })).toEqual(starred);
  expect(await ask(star, { documentId })).toEqual(starred);
  let said = '';
  for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
    said += Buffer.from(chunk).toString();
    if (said.includes('documentStarEvents')) break;
  }
  heard.abort();
  expect(said).toContain(`{"documentStarEvents":{"documentId":"${documentId}","stars":1,"isGiven":true}}`);

  const stranger = await server.person();
  expect((await ask(star, { documentId }, stranger.token))[0].extensions.code).toBe('NOT_FOUND');
  expect(await ask('{ documents { nodes { stars isStarred } } }', {}, server.admin.token)).toEqual({
    documents: { nodes: [{ stars: 1, isStarred: false }] },
  });
  expect(await ask('{ starredDocuments { id title } }')).toEqual({
    starredDocuments: [{ id: documentId, title: 'bail' }],
  });
  const stars = (): Promise<any[]> => server.sql('select user_id as "userId" from plugin_document_stars.stars');
  expect(await stars()).toEqual([{ userId: person.id }]);
  for (const name of ['trashDocument', 'purgeDocument'])
    expect(await ask(`mutation ($id: ID!) { ${name}(input: { id: $id }) { __typename } }`, { id: documentId })).toEqual(
      expect.objectContaining({ [name]: expect.anything() }),
    );
  await expect.poll(stars, patience).toEqual([]);
});

describe('vehicle-fleet', () => {
  const garage = (method: string, path: string, json?: object): Promise<Answer> =>
    server.request(method, `/parc/v1/vehicules${path}`, { token: person.token, ...(json && { json }) });

  beforeAll(() => install('vehicle-fleet', join(examples, 'vehicle-fleet')));

  test("speaks the garage's contract, on types that the graph has too", async () => {
    const made = await garage('POST', '', { immatriculation: 'ab-123-cd', modele: 'Kangoo', kilometrage: 30_000 });
    const vehicule = {
      id: 1,
      immatriculation: 'AB-123-CD',
      modele: 'Kangoo',
      kilometrage: 30_000,
      revision_due: false,
    };
    expect([made.status, made.json]).toEqual([201, vehicule]);
    const wrong = await garage('POST', '', { immatriculation: 'x', modele: '' });
    expect([wrong.status, wrong.json]).toEqual([
      400,
      {
        erreur: {
          code: 'BAD_USER_INPUT',
          message: 'Validation failed',
          champs: [
            { field: 'immatriculation', message: 'is a plate such as AB-123-CD' },
            { field: 'modele', message: 'has 1 to 100 characters' },
          ],
          requete: wrong.headers.get('x-request-id'),
        },
      },
    ]);
    expect((await garage('POST', '', { immatriculation: 'AB-123-CD', modele: 'Zoe' })).status).toBe(409);
    const read = await garage('PUT', '/1/kilometrage', { kilometrage: 51_000 });
    expect(read.json).toEqual({ ...vehicule, kilometrage: 51_000, revision_due: true });
    expect((await garage('GET', '?revision_due=true')).json).toMatchObject({ total: 1, page: 1 });
    expect(await ask('{ vehicles { totalCount nodes { plate isServiceDue } } }')).toEqual({
      vehicles: { totalCount: 1, nodes: [{ plate: 'AB-123-CD', isServiceDue: true }] },
    });
    expect((await garage('DELETE', '/9')).json.erreur.code).toBe('NOT_FOUND');
    expect((await server.request('GET', '/parc/v1/vehicules')).status).toBe(401);
    expect(await server.sql(`select type, data from events where type like 'vehicle_fleet.%'`)).toEqual([
      { type: 'vehicle_fleet.service_due', data: { plate: 'AB-123-CD', mileage: 51_000 } },
    ]);
  });

  test('has a task whose runs keep what it says, and which rests while the plugin is disabled', async () => {
    const id = 'vehicle-fleet_report_services';
    const query = `query ($id: ID!) { task(id: $id) { status action runs { nodes { status log { message } } } } }`;
    const task = async (): Promise<any> => (await ask(query, { id }, server.admin.token)).task;
    const act = (name: string): Promise<any> =>
      ask(`mutation ($id: ID!) { ${name}(input: { id: $id }) { __typename } }`, { id }, server.admin.token);
    expect(await act('runTask')).toMatchObject({ runTask: {} });
    await expect.poll(async () => (await task()).runs.nodes[0]?.status, patience).toBe('SUCCESS');
    expect((await task()).runs.nodes[0].log).toEqual([{ message: 'service due: AB-123-CD' }]);
    await plugins('POST', '/vehicle-fleet/disable');
    expect((await task()).status).toBe('PAUSED');
    expect((await act('runTask'))[0].extensions.reason).toBe('task.plugin_away');
    expect((await garage('GET', '')).status).toBe(404);
    await plugins('POST', '/vehicle-fleet/enable');
    expect((await task()).status).toBe('SCHEDULED');
    expect((await garage('GET', '')).json.total).toBe(1);
  });

  test('leaves no trace when it goes', async () => {
    expect((await plugins('DELETE', '/vehicle-fleet')).status).toBe(204);
    const schema = await ask('{ __schema { types { name } } }', {}, server.admin.token);
    expect(JSON.stringify(schema)).not.toContain('Vehicle');
    expect((await garage('GET', '')).status).toBe(404);
    expect((await server.request('GET', '/core-docs/vehicle-fleet.json')).status).toBe(404);
    for (const trace of [
      `select 1 from tasks where plugin_id is not null and plugin_id = 'vehicle-fleet'`,
      `select 1 from event_cursors where name like '%vehicle-fleet%'`,
      `select 1 from pg_namespace where nspname = 'plugin_vehicle_fleet'`,
    ])
      expect(await server.sql(trace), trace).toEqual([]);
    expect(server.services.tasks.actions.names().filter((name) => name.includes('vehicle'))).toEqual([]);
    expect(server.app.eventTypes.list().filter((name) => name.includes('vehicle'))).toEqual([]);
    const traces = async (): Promise<string[]> =>
      (await server.request('GET', '/metrics')).text.split('\n').filter((line) => /vehicle|parc/.test(line));
    await expect.poll(traces, patience).toEqual([]);
  });
});

test('a plugin with a syntax error is failed with its reason, and active once its file is mended', async () => {
  const manifest = { id: 'mended', api_prefix: '/mended' };
  const source = await writePlugin(root, manifest, { 'index.js': 'export default {{' });
  expect(await plugins('POST', '', { name: 'mended', source })).toMatchObject({
    status: 201,
    json: { status: 'failed' },
  });
  expect((await plugins('GET', '/mended')).json).toMatchObject({
    status: 'failed',
    reason: expect.stringContaining('SyntaxError'),
  });
  const code = (greeting: string): string => `
    import { definePlugin } from '@passerelle/plugin';
    export default definePlugin({ routes: [{ method: 'GET', path: '/', credential: 'none', handler: () => '${greeting}' }] });
  `;
  const greeting = async (): Promise<unknown> => (await server.request('GET', '/mended')).json;
  for (const word of ['bonjour', 'salut']) {
    await changePlugin(source, manifest, { 'index.js': code(word) });
    expect(await plugins('POST', '/mended/reload')).toMatchObject({ status: 200 });
    expect(await statusOf('mended')).toBe('active');
    expect(await greeting()).toBe(word);
  }
  await changePlugin(source, manifest, { 'index.js': 'export default {{' });
  expect((await plugins('POST', '/mended/reload')).status).toBe(422);
  expect(await greeting()).toBe('salut');
});
