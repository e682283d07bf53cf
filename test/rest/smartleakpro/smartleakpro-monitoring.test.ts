import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../support/harness.js';
import { act } from '../../support/tasks.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const get = (path: string, token = server.admin.token) => server.request('GET', `/api/monitoring${path}`, { token });
const check = (): Promise<void> => act(server, 'check_alerts');
const moment = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
const measures = {
  requetes: expect.any(Number),
  refus: expect.any(Number),
  erreurs: expect.any(Number),
  taux_erreur: expect.any(Number),
  temps_moyen_ms: expect.any(Number),
  mediane_ms: expect.any(Number),
  p95_ms: expect.any(Number),
  max_ms: expect.any(Number),
};

test('the metrics of the document: times, counts and error rates by endpoint, API keys, webhooks', async () => {
  await server.request('GET', '/api/utilisateurs', { token: server.admin.token });
  const { status, json } = await get('/metriques/');
  expect(status).toBe(200);
  expect(json).toEqual({
    periode: '1h',
    debut: moment,
    fin: moment,
    total: measures,
    endpoints: [{ endpoint: 'GET /api/utilisateurs', ...measures, requetes: 1, refus: 0 }],
    operations_graphql: [],
    cles_api: [],
    webhooks: [],
    alertes_actives: 0,
  });
  for (const [periode, hours] of Object.entries({ '1h': 1, '24h': 24, '7j': 168, '30j': 720 })) {
    const { json: of } = await get(`/metriques?periode=${periode}`);
    const lasts = (Date.parse(of.fin) - Date.parse(of.debut)) / 3_600_000;
    expect([of.periode, Math.floor(lasts)]).toEqual([periode, hours]);
  }
  const wrong = await get('/metriques?periode=1an');
  expect([wrong.status, Object.keys(wrong.json.field_errors)]).toEqual([422, ['periode']]);
});

test('the three alerts of the document, with what raised and what ended each', async () => {
  const [{ id: webhook, uuid }] = await server.sql(
    `insert into webhook_endpoints (owner_id, name, url, events, secret, failing_since)
     values (?, 'Tableur', 'https://hook.invalid/', '{none.such}', 'sealed', now()) returning id, uuid`,
    [server.admin.id],
  );
  const [{ id: delivery }] = await server.sql(
    `insert into webhook_deliveries (endpoint_id, message_id, kind, event_position, event_type, resource, body, attempts,
                                     next_attempt_at)
     values (?, 'm', 'event', 1, 'user.login', 'r', '{}', 4, '2099-01-01') returning id`,
    [webhook],
  );
  const add = (count: number, name: string, outcome: 'answered' | 'failed', ms: number): void => {
    for (let i = 0; i < count; i += 1) server.services.figures.add({ kind: 'route', name, outcome, ms });
  };
  add(800, 'GET /api/fine', 'answered', 10);
  add(24, 'GET /api/slow', 'answered', 2_500);
  add(23, 'GET /api/broken', 'answered', 10);
  add(2, 'GET /api/broken', 'failed', 10);
  await check();
  const frame = {
    id: expect.any(String),
    date_debut: moment,
    statut: 'active',
    livraison_id: null,
    date_fin: null,
    raison_fin: null,
    valeur_fin: null,
  };
  const expected = {
    temps_reponse: {
      ...frame,
      type: 'temps_reponse',
      sujet_type: 'endpoint',
      sujet: 'GET /api/slow',
      valeur: expect.closeTo(2.475, 2),
      seuil: 2,
      unite: 's',
      nombre_requetes: 24,
    },
    taux_erreur: {
      ...frame,
      type: 'taux_erreur',
      sujet_type: 'endpoint',
      sujet: 'GET /api/broken',
      valeur: 8,
      seuil: 5,
      unite: '%',
      nombre_requetes: 25,
    },
    echec_webhook: {
      ...frame,
      type: 'echec_webhook',
      sujet_type: 'webhook',
      sujet: uuid,
      valeur: 4,
      seuil: 3,
      unite: 'tentatives',
      nombre_requetes: null,
      livraison_id: String(delivery),
    },
  };
  const { status, json } = await get('/alertes');
  expect([status, { ...json, alertes: json.alertes.length }]).toEqual([
    200,
    { alertes: 3, total: 3, page: 1, size: 10, pages: 1 },
  ]);
  for (const [type, alert] of Object.entries(expected)) {
    const { json: list } = await get(`/alertes?type=${type}&statut=active&page=1&size=5`);
    expect(list.alertes).toEqual([alert]);
    expect((await get(`/alertes/${list.alertes[0].id}`)).json).toEqual(alert);
  }
  expect((await get('/metriques')).json.alertes_actives).toBe(3);

  await server.sql('update webhook_endpoints set is_active = false where id = ?', [webhook]);
  await check();
  expect((await get('/alertes?statut=terminee')).json.alertes).toEqual([
    { ...expected.echec_webhook, statut: 'terminee', date_fin: moment, raison_fin: 'webhook_desactive' },
  ]);
  const unknown = await get('/alertes/00000000-0000-0000-0000-000000000000');
  expect([unknown.status, unknown.json.detail]).toEqual([404, 'Alerte non trouvée']);
  expect((await get('/alertes?type=autre&size=101')).json.field_errors).toEqual({
    type: [expect.any(String)],
    size: [expect.any(String)],
  });
});

test('is for administrators', async () => {
  const { token } = await server.person({ roles: ['manager'] });
  for (const path of ['/metriques', '/alertes', '/alertes/x']) expect((await get(path, token)).status).toBe(403);
});
