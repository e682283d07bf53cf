import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeClient } from '../../support/fieldwork.js';
import type { Answer, Person } from '../../support/harness.js';
import type { Received } from '../../support/receiver.js';
import { emptied, minute, patience, startWebhookStage, type WebhookStage } from '../../support/webhooks.js';

let stage: WebhookStage;
let manager: Person;
let paths = 0;
beforeAll(async () => {
  stage = await startWebhookStage();
  manager = await stage.server.person({ roles: ['manager'] });
});
afterAll(() => stage?.stop());

const api = (method: string, path: string, json?: unknown, person: Person = manager): Promise<Answer> =>
  stage.server.request(method, `/api${path}`, { token: person.token, ...(json !== undefined && { json }) });

/** smartleakpro.md, « POST /webhooks/ ». */
const documented = {
  nom: 'string',
  description: 'string',
  url: 'https://webhook.site/test',
  type_webhook: 'intervention_created',
  secret: 'string',
  conditions: [{ field: 'data.statut', operator: 'equals', value: 'en_cours' }],
};

interface Hook {
  id: string;
  path: string;
  number: number;
}

/** A webhook of the manager's that the receiver hears. */
async function hook(changes: object = {}, person: Person = manager): Promise<Hook> {
  const path = `/slp${(paths += 1)}`;
  const json = { nom: `Webhook ${paths}`, url: `${stage.receiver.url}${path}`, type_webhook: 'intervention_created' };
  const answer = await api('POST', '/webhooks', { ...json, ...changes }, person);
  expect(answer.status, answer.text).toBe(201);
  const [{ id: number }] = await stage.server.sql('select id from webhook_endpoints where uuid = ?', [answer.json.id]);
  return { id: answer.json.id, path, number };
}
async function intervention(changes: object = {}): Promise<string> {
  const answer = await api('POST', '/interventions/', {
    client_id: await makeClient(stage.server),
    date_intervention: '2026-12-01T09:00:00Z',
    type_intervention: 'inspection',
    ...changes,
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.json.id;
}
const move = (id: string, nouveau_statut: string): Promise<Answer> =>
  api('POST', `/interventions/${id}/change-status`, { nouveau_statut });

describe('a webhook', () => {
  test("is made by the document's example, without its address being called, and read back", async () => {
    const { status, json } = await api('POST', '/webhooks/', documented);
    expect(status).toBe(201);
    const { secret, ...shown } = json;
    const [{ uuid }] = await stage.server.sql('select uuid from users where id = ?', [manager.id]);
    const { secret: _given, ...rest } = documented;
    expect(json).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ...rest,
      statut: 'active',
      utilisateur_id: uuid,
      derniere_execution: null,
      nombre_executions_total: 0,
      nombre_executions_reussies: 0,
      nombre_executions_echec: 0,
      nombre_tentatives_max: 8,
      delai_entre_tentatives: null,
      timeout: 10,
      headers_customises: {},
      ressources_filtrees: [],
    });
    expect(secret).toBeNull();
    for (const path of [`/webhooks/${json.id}`, `/webhooks/${json.id}/`])
      expect((await api('GET', path)).json).toEqual(shown);
    const list = await api('GET', '/webhooks/?page=1&size=10');
    expect(list.json).toMatchObject({ total: expect.any(Number), page: 1, size: 10, pages: 1 });
    expect(list.json.webhooks).toContainEqual(shown);
  });

  test("is made by the front end's form, sent back whole, and keeps its secrets", async () => {
    const form = {
      ...documented,
      secret: '',
      nombre_tentatives_max: 3,
      delai_entre_tentatives: 60,
      timeout: 30,
      headers_customises: { 'X-Source': 'Tres-secret-2026' },
      ressources_filtrees: [],
    };
    const made = await api('POST', '/webhooks', form);
    expect(made.json).toMatchObject({
      secret: expect.stringMatching(/^whsec_/),
      nombre_tentatives_max: 3,
      delai_entre_tentatives: 60,
      timeout: 30,
      headers_customises: { 'X-Source': '***' },
    });
    const { secret: _made, ...shown } = made.json;
    const { id, ...whole } = (await api('GET', `/webhooks/${made.json.id}`)).json;
    const changed = await api('PUT', `/webhooks/${id}`, { ...whole, id, nom: 'Autre', inconnu: 1 });
    expect(changed).toMatchObject({
      status: 200,
      json: { ...shown, nom: 'Autre', date_modification: expect.any(String) },
    });
    const [row] = await stage.server.sql('select header_values, secret from webhook_endpoints where uuid = ?', [id]);
    expect(row.header_values).toMatch(/^v1\./);
    expect((await api('DELETE', `/webhooks/${id}`)).status).toBe(204);
    const gone = await api('GET', `/webhooks/${id}`);
    expect([gone.status, gone.json]).toMatchObject([404, { detail: 'Webhook non trouvé', error_code: 'NOT_FOUND' }]);
  });

  test('is found by type, state and text', async () => {
    const owner = await stage.server.person({ roles: ['manager'] });
    await hook({ nom: 'Comptabilité', type_webhook: 'intervention_created' }, owner);
    const second = await hook({ nom: 'Planning', type_webhook: '*' }, owner);
    await api('PUT', `/webhooks/${second.id}`, { statut: 'suspendu' }, owner);
    const third = await hook({ nom: 'Stock', type_webhook: 'user_created' }, owner);
    await api('PUT', `/webhooks/${third.id}`, { statut: 'inactive' }, owner);
    const names = async (query: string): Promise<string[]> =>
      (await api('GET', `/webhooks?${query}`, undefined, owner)).json.webhooks.map(({ nom }: any) => nom);
    expect(await names('')).toEqual(['Comptabilité', 'Planning', 'Stock']);
    expect(await names('statut=active')).toEqual(['Comptabilité']);
    expect(await names('statut=suspendu')).toEqual(['Planning']);
    expect(await names('statut=inactive')).toEqual(['Stock']);
    expect(await names('type_webhook=intervention_created')).toEqual(['Comptabilité']);
    expect(await names('type_webhook=*&statut=')).toEqual(['Planning']);
    expect(await names('search=compta')).toEqual(['Comptabilité']);
    const back = await api('PUT', `/webhooks/${second.id}`, { statut: 'active' }, owner);
    expect(back.json.statut).toBe('active');
    // What is sent elsewhere in another form is not the dialect's.
    await stage.hook(owner);
    expect(await names('')).toHaveLength(3);
  });

  test('is refused with a message for each field', async () => {
    const wrong = {
      nom: '',
      url: 'ftp://example.org',
      type_webhook: 'imagined',
      secret: 'abc',
      timeout: 31,
      conditions: [{ field: 'data.statut', operator: 'resembles', value: 1 }],
    };
    const { status, json } = await api('POST', '/webhooks', wrong);
    expect([status, json.error_code]).toEqual([422, 'VALIDATION_ERROR']);
    expect(Object.keys(json.field_errors).toSorted()).toEqual([
      'conditions.0.operator',
      'nom',
      'secret',
      'timeout',
      'type_webhook',
    ]);
    const found = await api('POST', '/webhooks', {
      ...documented,
      url: 'ftp://example.org',
      conditions: [{ field: 'data..statut', operator: 'in', value: 'x' }],
      headers_customises: { Host: 'example.org', 'X-A': 'a\r\nX-B: b' },
    });
    expect(found.status).toBe(422);
    expect(Object.keys(found.json.field_errors).toSorted()).toEqual([
      'conditions.0.field',
      'conditions.0.value',
      'headers_customises.0.name',
      'headers_customises.1.value',
      'url',
    ]);
    expect((await api('POST', '/webhooks', {})).status).toBe(422);
    for (const id of ['00000000-0000-0000-0000-000000000000', 'invalid-id'])
      for (const [method, rest] of [
        ['GET', ''],
        ['PUT', ''],
        ['DELETE', ''],
        ['POST', '/test'],
        ['GET', '/executions'],
      ] as const)
        expect((await api(method, `/webhooks/${id}${rest}`)).status).toBe(404);
  });

  test('is its owner’s alone, and made by those who may have documented events', async () => {
    const [technician, admin] = [await stage.server.person({ roles: ['technicien'] }), stage.server.admin];
    const refused = await api('POST', '/webhooks', documented, technician);
    expect([refused.status, refused.json.error_code]).toEqual([403, 'AUTHORIZATION_ERROR']);
    expect((await api('GET', '/webhooks', undefined, technician)).json).toMatchObject({ webhooks: [], total: 0 });
    const { id } = await hook();
    expect((await api('GET', `/webhooks/${id}`, undefined, admin)).status).toBe(404);
    const types = await api('GET', '/webhooks/types/available');
    expect(types.json.map(({ type }: any) => type)).toEqual([
      'intervention_created',
      'intervention_updated',
      'intervention_status_changed',
      'rapport_generated',
      'media_uploaded',
      'user_created',
      'user_updated',
      'client_created',
      'client_updated',
      'planning_created',
      'planning_updated',
      '*',
    ]);
  });
});

describe('what is sent', () => {
  test('is the documented event to the letter, the row as its GET answers it, signed byte for byte', async () => {
    const { path } = await hook({ secret: 's3cr3t' });
    const id = await intervention({ lieu: 'Évry', description: 'ligne\u2028séparée' });
    await stage.arrived({ path }, 1);
    const [{ text, json, headers }] = stage.got({ path }) as [Received];
    expect(Object.keys(json)).toEqual(['type', 'timestamp', 'data', 'resource_id']);
    expect(json).toEqual({
      type: 'intervention_created',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      data: (await api('GET', `/interventions/${id}`)).json,
      resource_id: id,
    });
    expect(headers['x-webhook-signature']).toBe(`sha256=${createHmac('sha256', 's3cr3t').update(text).digest('hex')}`);
  });

  test('shows the state of the moment, which conditions see, also when the row has moved on', async () => {
    const conditions = documented.conditions;
    const started = await hook({ type_webhook: 'intervention_status_changed', conditions });
    const everything = await hook({ type_webhook: '*' });
    const id = await intervention();
    expect((await move(id, 'en_cours')).status).toBe(200);
    expect((await move(id, 'valide')).status).toBe(200);
    await stage.arrived(everything, 3);
    await stage.arrived(started, 1);
    expect(stage.got(everything).map(({ json }) => [json.type, json.data.statut])).toEqual([
      ['intervention_created', 'planifie'],
      ['intervention_status_changed', 'en_cours'],
      ['intervention_status_changed', 'valide'],
    ]);
    expect(stage.got(started)[0]?.json).toMatchObject({ resource_id: id, data: { statut: 'en_cours' } });
    await emptied(stage, { id: started.number });
    expect(await stage.deliveriesOf({ id: started.number })).toHaveLength(1);
  });

  test('concerns the resources that are named, if any', async () => {
    const [one, other] = [await intervention(), await intervention()];
    const { path } = await hook({ type_webhook: 'intervention_status_changed', ressources_filtrees: [other] });
    for (const id of [one, other]) await move(id, 'en_cours');
    await stage.arrived({ path }, 1);
    expect(stage.got({ path })[0]?.json.resource_id).toBe(other);
  });
});

describe('a test', () => {
  const message = 'Test webhook envoyé avec succès';

  test('is queued, with an event or without', async () => {
    const { id, path, number } = await hook();
    expect(await api('POST', `/webhooks/${id}/test`)).toMatchObject({ status: 200, json: { message } });
    const event = {
      type: 'intervention_created',
      timestamp: '2024-01-01T10:00:00Z',
      data: { id: 'uuid', client_id: 'uuid', statut: 'planifie' },
      resource_id: 'uuid',
    };
    expect(await api('POST', `/webhooks/${id}/test`, event)).toMatchObject({ status: 200, json: { message } });
    await stage.arrived({ path }, 2);
    const sent = stage.got({ path }).map(({ json }) => json);
    expect(sent).toContainEqual(event);
    expect(sent).toContainEqual({
      type: 'webhook_test',
      timestamp: expect.any(String),
      data: { nom: expect.any(String) },
      resource_id: id,
    });
    await emptied(stage, { id: number });
    // Nothing answers there, and the queue does not mind.
    const { json: far } = await api('POST', '/webhooks', documented);
    expect((await api('POST', `/webhooks/${far.id}/test`, event)).status).toBe(200);
    await api('PUT', `/webhooks/${id}`, { statut: 'inactive' });
    const inactive = await api('POST', `/webhooks/${id}/test`);
    expect([inactive.status, inactive.json.detail]).toEqual([409, 'Ce webhook est désactivé']);
  });

  test('of a signature says whether it was made with the secret', async () => {
    const { id } = await hook({ secret: 's3cr3t' });
    const payload =
      '{"type":"client_created","timestamp":"2026-11-29T10:00:00Z","data":{"nom":"Hélène\\u2028","montant":1.0},"resource_id":"7"}';
    const signature = createHmac('sha256', 's3cr3t').update(payload).digest('hex');
    for (const right of [signature, `sha256=${signature}`])
      expect(await api('POST', `/webhooks/${id}/test`, { payload, signature: right })).toMatchObject({ status: 200 });
    for (const wrong of [`${signature.slice(1)}0`, 'sha256=', 'nonsense']) {
      const refused = await api('POST', `/webhooks/${id}/test`, { payload, signature: wrong });
      expect([refused.status, refused.json]).toMatchObject([
        401,
        { detail: 'Signature invalide', error_code: 'AUTHENTICATION_ERROR' },
      ]);
    }
    const reprinted = JSON.stringify(JSON.parse(payload));
    expect((await api('POST', `/webhooks/${id}/test`, { payload: reprinted, signature })).status).toBe(401);
    expect((await api('POST', `/webhooks/${id}/test`, { payload })).json.field_errors).toHaveProperty('signature');
    expect(stage.got({ path: `/slp${paths}` })).toEqual([]);
  });

  test('by an administrator goes to all webhooks of a type', async () => {
    const { path } = await hook({ type_webhook: 'user_updated', conditions: [] });
    const narrow = await hook({
      type_webhook: 'user_updated',
      conditions: [{ field: 'data.role', operator: 'equals', value: 'admin' }],
    });
    const { admin } = stage.server;
    const body = { data: { role: 'lecteur' }, resource_id: '7' };
    const { status, json } = await api('POST', '/webhooks/trigger/user_updated', body, admin);
    expect([status, json]).toEqual([200, { message: 'Événement envoyé aux webhooks', count: expect.any(Number) }]);
    await stage.arrived({ path }, 1);
    expect(stage.got({ path })[0]?.json).toMatchObject({ type: 'user_updated', ...body });
    await emptied(stage, { id: narrow.number });
    expect(stage.got(narrow)).toEqual([]);
    expect((await api('POST', '/webhooks/trigger/imagined', body, admin)).status).toBe(422);
    expect((await api('POST', '/webhooks/trigger/user_updated', body)).status).toBe(403);
  });
});

describe('executions', () => {
  test('are listed with request and answer, and sent again one by one', async () => {
    const { id, path, number } = await hook({ headers_customises: { 'X-Key': 'Tres-secret-2027' }, secret: 's3cr3t' });
    stage.receiver.answer(path, (response) => response.writeHead(500, { server: 'nginx' }).end('plus tard'));
    const resource = await intervention();
    await stage.attempted({ id: number }, 1);
    const failed = await api('GET', `/webhooks/${id}/executions`);
    expect(failed.json).toMatchObject({ total: 1, page: 1, size: 10, pages: 1 });
    const [execution] = failed.json.executions;
    expect(execution).toMatchObject({
      type_evenement: 'intervention_created',
      ressource_id: resource,
      donnees_evenement: { id: resource, statut: 'planifie' },
      statut: 'en_attente',
      numero_tentative: 1,
      code_reponse_http: 500,
      temps_reponse_ms: expect.any(Number),
      message_erreur: 'Answered 500',
      date_fin: null,
      requete: {
        url: `${stage.receiver.url}${path}`,
        entetes: { 'X-Key': '***', 'x-webhook-signature': 'sha256=***', 'webhook-signature': 'v1,***' },
        corps: stage.got({ path })[0]?.text,
      },
      reponse: { entetes: { server: 'nginx' }, corps: 'plus tard' },
    });
    expect(failed.text).not.toContain('s3cr3t');
    stage.receiver.answer(path, (response) => response.end());
    const hurried = await api('POST', `/webhooks/${id}/executions/${execution.id}/replay`);
    expect(hurried).toMatchObject({ status: 202, json: { id: execution.id } });
    await emptied(stage, { id: number });
    const again = await api('POST', `/webhooks/${id}/executions/${execution.id}/replay`);
    expect(again).toMatchObject({ status: 202, json: { statut: 'en_attente', numero_tentative: 0 } });
    await stage.arrived({ path }, 3);
    expect(new Set(stage.got({ path }).map(({ text, headers }) => `${headers['webhook-id']} ${text}`)).size).toBe(1);
    await emptied(stage, { id: number });
    expect((await api('GET', `/webhooks/${id}/executions?statut=succes&size=1`)).json).toMatchObject({
      total: 2,
      pages: 2,
    });
    expect((await api('GET', `/webhooks/${id}`)).json).toMatchObject({
      nombre_executions_total: 2,
      nombre_executions_reussies: 2,
      nombre_executions_echec: 0,
      derniere_execution: expect.any(String),
    });
    const other = await hook();
    const foreign = await api('POST', `/webhooks/${other.id}/executions/${execution.id}/replay`);
    expect([foreign.status, foreign.json.detail]).toEqual([404, 'Exécution non trouvée']);
  });

  test('since a moment are all sent again, by a job', async () => {
    const { id, path, number } = await hook();
    await intervention();
    await emptied(stage, { id: number });
    await stage.later(minute);
    const since = stage.now().toISOString();
    for (let n = 0; n < 3; n += 1) await intervention();
    await stage.arrived({ path }, 4);
    await emptied(stage, { id: number });
    const { status, json } = await api('POST', `/webhooks/${id}/replay`, { since });
    expect([status, json]).toEqual([202, { job_id: expect.stringMatching(/^[0-9a-f-]{36}$/), count: 3 }]);
    await stage.arrived({ path }, 7);
    const ids = stage.got({ path }).map(({ headers }) => headers['webhook-id']);
    // Several are on their way at once, in any order.
    expect(ids.slice(4).toSorted()).toEqual(ids.slice(1, 4).toSorted());
    expect((await api('POST', `/webhooks/${id}/replay`, {})).status).toBe(422);
  });

  test('wait while it is suspended, and a secret is replaced with an overlap', async () => {
    const { id, path, number } = await hook({ secret: 's3cr3t' });
    expect((await api('POST', `/webhooks/${id}/pause`)).json.statut).toBe('suspendu');
    await intervention();
    await expect.poll(() => stage.deliveriesOf({ id: number }), patience).toHaveLength(1);
    const rotated = await api('POST', `/webhooks/${id}/rotate-secret`);
    expect([rotated.status, rotated.json]).toEqual([200, { secret: expect.stringMatching(/^whsec_/) }]);
    expect(stage.got({ path })).toEqual([]);
    expect((await api('POST', `/webhooks/${id}/resume`)).json.statut).toBe('active');
    await stage.arrived({ path }, 1);
    const [{ headers, text }] = stage.got({ path }) as [Received];
    expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2);
    expect(headers['x-webhook-signature']).toBe(
      `sha256=${createHmac('sha256', rotated.json.secret).update(text).digest('hex')}`,
    );
  });
});
