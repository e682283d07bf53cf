import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let person: Person;
let uuid: string;
beforeAll(async () => {
  server = await startTestServer({ env: { TRUST_PROXY: '1' } });
  person = await server.person();
  [{ uuid }] = (await server.sql('select uuid from users where id = ?', [person.id])) as [{ uuid: string }];
  const insert = (action: string, occurredAt: string, i: number) =>
    server.sql(
      `insert into events (position, type, subject_type, subject_id, actor_id, request_id, ip, data, occurred_at)
       values (?, ?, 'Document', ?, ?, ?, '203.0.113.7', '{"title": "Bail"}', ?::timestamptz)`,
      [1000 + i, action, String(1 + (i % 3)), person.id, `req_${i}`, occurredAt],
    );
  for (let i = 1; i <= 24; i++)
    await insert(i % 2 ? 'document.created' : 'document.shared', `2026-02-${String(i).padStart(2, '0')}T10:00:00Z`, i);
});
afterAll(() => server?.stop());

const logs = (query = '', token = server.admin.token) => server.request('GET', `/api/audit/logs${query}`, { token });

test('lists the log in the dialect, newest first, ten a page', async () => {
  const { status, json } = await logs();
  expect(status).toBe(200);
  expect(json).toMatchObject({ total: 24, page: 1, size: 10, pages: 3 });
  expect(json.logs).toHaveLength(10);
  expect(json.logs[0]).toEqual({
    id: '1024',
    date: '2026-02-24T10:00:00Z',
    action: 'update',
    evenement: 'document.shared',
    utilisateur_id: uuid,
    nom_utilisateur: person.username,
    resource: 'document',
    resource_id: '1',
    ressource: 'document',
    ressource_id: '1',
    adresse_ip: '203.0.113.7',
    request_id: 'req_24',
    details: { title: 'Bail' },
  });
  expect((await logs('/?page=3&size=10')).json.logs.map((l: any) => l.id)).toEqual(['1004', '1003', '1002', '1001']);
});

test.each([
  ['action=create', 12],
  ['action=update', 12],
  ['action=delete', 0],
  ['action=login', 0],
  ['action=document.shared', 12],
  ['action=create&resource=document', 12],
  ['resource=document', 24],
  ['resource=document&resource_id=2', 8],
  ['resource=utilisateur', 0],
  ['utilisateur_id=:uuid', 24],
  ['utilisateur_id=4b2c1f6e-0000-4000-8000-000000000000', 0],
  ['ressource=Document', 24],
  ['ressource=Document&ressource_id=2', 8],
  ['ressource=Invoice', 0],
  ['adresse_ip=203.0.113.7', 24],
  ['adresse_ip=203.0.113.8', 0],
  ['date_debut=2026-02-20', 5],
  ['date_fin=2026-02-20', 20],
  ['date_debut=2026-02-20T10:00:00Z&date_fin=2026-02-22T10:00:00Z', 2],
  ['date_debut=2026-02-20T11:00:00%2B01:00&date_fin=2026-02-20', 1],
  ['action=&date_debut=2026-02-01T00:00:00', 24],
])('%s finds %i', async (query, total) => {
  const { status, json } = await logs(`?${query.replace(':uuid', uuid)}`);
  expect([status, json.total]).toEqual([200, total]);
});

test.each([
  ['page=0', 'page'],
  ['size=0', 'size'],
  ['size=101', 'size'],
  ['size=x', 'size'],
  ['utilisateur_id=1', 'utilisateur_id'],
  ['ressource_id=2', 'ressource'],
  ['resource_id=2', 'resource'],
  ['date_debut=hier', 'date_debut'],
  ['date_fin=2026-02-30', 'date_fin'],
  ['date_fin=9999-12-31', 'date_fin'],
  ['date_debut=0000-01-01', 'date_debut'],
  ['action=%00', 'action'],
])('%s is 422 and names %s', async (query, field) => {
  const { status, json } = await logs(`?${query}`);
  expect([status, json.error_code]).toEqual([422, 'VALIDATION_ERROR']);
  expect(Object.keys(json.field_errors)).toEqual([field]);
});

test('only administrators read it', async () => {
  for (const roles of [['lecteur'], ['manager'], ['technicien']]) {
    const { status, json } = await logs('', (await server.person({ roles })).token);
    expect([status, json.error_code]).toEqual([403, 'AUTHORIZATION_ERROR']);
  }
  expect((await server.request('GET', '/api/audit/logs')).status).toBe(401);
});

test('a failed login under a name that nobody has names neither person nor resource', async () => {
  await server.request('POST', '/auth/login', {
    json: { username: 'nobody-has-this', password: 'Wrong-1-password' },
    headers: { 'x-forwarded-for': '198.51.100.4' },
  });
  await expect.poll(async () => (await logs('?adresse_ip=198.51.100.4')).json.total).toBe(1);
  const { json } = await logs('?adresse_ip=198.51.100.4');
  expect(json.logs[0]).toMatchObject({
    action: 'login_failed',
    evenement: 'user.login_failed',
    utilisateur_id: null,
    nom_utilisateur: null,
    resource: 'utilisateur',
    resource_id: null,
  });
});

test('what happens to an account stands in the log by action and resource, without passwords', async () => {
  const mot_de_passe = 'Tres-secret-42';
  const headers = { 'x-forwarded-for': '198.51.100.9' };
  const api = (method: string, path: string, json?: object) =>
    server.request(method, `/api${path}`, { token: server.admin.token, headers, ...(json && { json }) });
  const made = await api('POST', '/utilisateurs/', {
    nom_utilisateur: 'audite',
    email: 'audite@example.org',
    nom: 'Audit',
    prenom: 'É',
    mot_de_passe,
    confirmer_mot_de_passe: mot_de_passe,
    role: 'lecteur',
    consentement_rgpd: true,
  });
  const [{ id }] = await server.sql("select id from users where username = 'audite'");
  await api('POST', '/auth/login', { nom_utilisateur: 'audite', mot_de_passe });
  await api('PUT', `/utilisateurs/${made.json.id}`, { nom: 'Audité' });
  await api('PUT', `/utilisateurs/${made.json.id}`, {
    mot_de_passe: 'Autre-secret-43',
    confirmer_mot_de_passe: 'Autre-secret-43',
  });
  await api('DELETE', `/utilisateurs/${made.json.id}`);
  const query = `?resource=utilisateur&resource_id=${id}`;
  await expect.poll(async () => (await logs(`${query}&action=delete`)).json.total).toBe(1);
  const { json, text } = await logs(`${query}&size=100`);
  const of = (action: string) => json.logs.filter((log: any) => log.action === action).length;
  expect([of('create'), of('login'), of('update'), of('delete')]).toEqual([1, 1, 2, 1]);
  for (const action of ['create', 'login', 'update', 'delete'])
    expect((await logs(`${query}&action=${action}`)).json.total).toBe(of(action));
  for (const word of [mot_de_passe, 'Autre-secret-43', 'mot_de_passe', 'argon2']) expect(text).not.toContain(word);
});
