import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settled } from '../../support/events.js';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let manager: Person;
beforeAll(async () => {
  server = await startTestServer();
  manager = await server.person({ roles: ['manager'] });
});
afterAll(() => server?.stop());

const api = (method: string, path = '', json?: unknown, token = manager.token): Promise<Answer> =>
  server.request(method, `/api/clients${path}`, { token, ...(json !== undefined && { json }) });
const create = async (json: object): Promise<any> => {
  const { status, json: made, text } = await api('POST', '/', json);
  expect(status, text).toBe(201);
  return made;
};

const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

describe('smartleakpro.md, « Clients »', () => {
  test('POST /clients/ with the body of the document, then GET, PUT and DELETE', async () => {
    const body = { nom: 'string', email: 'nom@example.com', telephone: '0123', adresse: 'string', statut: 'actif' };
    const made = await create(body);
    expect(made).toEqual({
      ...body,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      raison_sociale: null,
      contact_principal: null,
      notes: null,
      version: 1,
      date_creation: moment,
      date_modification: moment,
    });
    expect((await api('GET', `/${made.id}`)).json).toEqual(made);
    const put = await api('PUT', `/${made.id}/`, { telephone: '+33 (0)1.23-45', statut: 'inactif' });
    expect([put.status, put.json]).toEqual([
      200,
      { ...made, telephone: '+33 (0)1.23-45', statut: 'inactif', version: 2, date_modification: moment },
    ]);
    const gone = await api('DELETE', `/${made.id}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const { status, json } = await api(method, `/${made.id}`, method === 'PUT' ? { nom: 'x' } : undefined);
      expect([status, json]).toEqual([404, { detail: 'Client non trouvé', error_code: 'NOT_FOUND', field_errors: {} }]);
    }
  });

  test('GET /clients/ pages, searches in name and e-mail, and filters', async () => {
    const word = `Zed${Date.now()}`;
    for (let i = 1; i <= 12; i += 1) {
      const statut = i % 2 ? 'actif' : 'prospect';
      await create(i < 12 ? { nom: `${word} ${i}`, statut } : { nom: 'x', email: `${word}@example.org`, statut });
    }
    const list = async (query: string): Promise<any> =>
      (await api('GET', `/?search=${word.toLowerCase()}${query}`)).json;
    const first = await list('');
    expect(first).toMatchObject({ total: 12, page: 1, size: 10, pages: 2 });
    expect(Object.keys(first)).toEqual(['clients', 'total', 'page', 'size', 'pages']);
    // The newest first.
    expect(first.clients.map(({ nom }: any) => nom).slice(0, 2)).toEqual(['x', `${word} 11`]);
    expect((await list('&page=2')).clients).toHaveLength(2);
    expect((await list('&statut=prospect&size=100')).total).toBe(6);
    expect((await list('&statut=&page=')).total).toBe(12);
    expect((await api('GET', '?search=%25')).json.total).toBe(0);
  });

  test.each(['page=0', 'size=0', 'size=101', 'size=1000', 'size=x', 'statut=perdu'])(
    'GET /clients?%s is 422',
    async (q) => {
      const { status, json } = await api('GET', `?${q}`);
      expect([status, json.error_code, Object.keys(json.field_errors)]).toEqual([
        422,
        'VALIDATION_ERROR',
        [q.split('=')[0]],
      ]);
    },
  );

  test('roles: who reads and who writes', async () => {
    const { id } = await create({ nom: 'Rôles' });
    const bare = await server.person();
    for (const [role, reads, writes] of [
      ['lecteur', 200, 403],
      ['consultant', 200, 403],
      ['technicien', 200, 403],
      ['manager', 200, 200],
    ] as const) {
      const { token } = await server.person({ roles: [role] });
      expect([role, (await api('GET', '/', undefined, token)).status]).toEqual([role, reads]);
      expect([role, (await api('PUT', `/${id}`, { notes: role }, token)).status]).toEqual([role, writes]);
    }
    for (const path of ['', `/${id}`, `/${randomUUID()}`])
      expect((await api('GET', path, undefined, bare.token)).status).toBe(403);
    expect((await server.request('GET', '/api/clients')).status).toBe(401);
  });
});

describe('CONSUMERS.md, section 1, « clients »', () => {
  test('the form of the React application, where all but the name may be empty', async () => {
    const form = {
      nom: 'Durand',
      raison_sociale: '',
      adresse: '',
      telephone: '',
      email: '',
      notes: '',
      contact_principal: '',
    };
    const made = await create(form);
    expect(made).toMatchObject({ nom: 'Durand', raison_sociale: null, email: null, telephone: null, statut: 'actif' });
    // It is sent back whole, with what cannot change.
    const put = await api('PUT', `/${made.id}`, {
      ...made,
      nom: 'Durand et fils',
      id: randomUUID(),
      date_creation: 'hier',
      interventions: [],
    });
    expect([put.status, put.json]).toEqual([
      200,
      { ...made, nom: 'Durand et fils', version: 2, date_modification: moment },
    ]);
  });

  test.each([
    [{ nom: '', email: 'invalid_email' }, ['nom', 'email']],
    [{ nom: 'x', telephone: 'invalid_phone' }, ['telephone']],
    [{ nom: 'x', telephone: '0'.repeat(21) }, ['telephone']],
    [{ nom: 'x', statut: 'perdu' }, ['statut']],
    [{ nom: 'x\0' }, ['nom']],
    [{ nom: 'x', id: 'invalid-id' }, ['id']],
    [{}, ['nom']],
    [{ inconnu: 1 }, ['nom']],
    [{ nom: { id: 1 } }, ['nom']],
  ])('POST %j is 422', async (body, named) => {
    const { status, json } = await api('POST', '', body);
    expect([status, json.error_code, Object.keys(json.field_errors)]).toEqual([422, 'VALIDATION_ERROR', named]);
    expect(json.detail).toEqual(expect.any(String));
  });

  test('a name is not emptied', async () => {
    const { id } = await create({ nom: 'Plein' });
    const { status, json } = await api('PUT', `/${id}`, { nom: ' ' });
    expect([status, json.field_errors]).toEqual([422, { nom: ['Ce champ est obligatoire'] }]);
  });

  test('names with quotes and tags are kept as they are, and no error repeats them', async () => {
    for (const nom of ["O'Brien", '<script>alert(1)</script>', `"; drop table clients; --`, '../../etc/passwd']) {
      const made = await create({ nom, adresse: nom });
      expect([made.nom, made.adresse]).toEqual([nom, nom]);
      const bad = await api('POST', '', { nom, telephone: nom, email: nom });
      expect([bad.status, bad.text.includes(nom)]).toEqual([422, false]);
    }
  });

  test('clients that share an e-mail address: 409', async () => {
    await create({ nom: 'Un', email: 'double@example.org' });
    const duplicate = await api('POST', '', { nom: 'Deux', email: 'DOUBLE@example.org' });
    expect([duplicate.status, duplicate.json]).toEqual([
      409,
      {
        detail: 'Cette valeur existe déjà',
        error_code: 'CONFLICT',
        field_errors: { email: ['Cette valeur existe déjà'] },
      },
    ]);
  });

  test.each([
    ['00000000-0000-0000-0000-000000000000', 404],
    ['invalid-id', 404],
  ])('GET /clients/%s is %i', async (id, expected) => {
    expect((await api('GET', `/${id}`)).status).toBe(expected);
  });

  test('an old version is 409 with what is there now; an id of its own making makes one client', async () => {
    const id = randomUUID();
    const [made, again] = [await create({ id, nom: 'Hors ligne' }), await create({ id, nom: 'Hors ligne' })];
    expect([made.id, again]).toEqual([id, made]);
    const { json: now } = await api('PUT', `/${id}`, { notes: 'Vu', version: 1 });
    const stale = await api('PUT', `/${id}`, { notes: 'Autre', version: '1' });
    expect([stale.status, stale.json]).toEqual([
      409,
      {
        detail: 'Modifié entre-temps : comparez avec `current`',
        error_code: 'CONFLICT',
        field_errors: {},
        current: now,
      },
    ]);
    expect((await api('PUT', `/${id}`, { notes: 'Autre', version: 2 })).json).toMatchObject({ version: 3 });
    await api('DELETE', `/${id}`);
    const taken = await api('POST', '', { id, nom: 'Hors ligne' });
    expect([taken.status, taken.json.detail]).toEqual([409, 'Cet identifiant est déjà pris']);
  });

  test('GET /audit/logs shows who made it', async () => {
    const { id, nom } = await create({ nom: 'Audité', notes: 'mot_de_passe' });
    await settled(server.app);
    const { json, text } = await server.request('GET', `/api/audit/logs?resource=client&resource_id=${id}`, {
      token: server.admin.token,
    });
    expect(json.logs).toEqual([
      expect.objectContaining({
        action: 'create',
        resource: 'client',
        resource_id: id,
        evenement: 'client.created',
        nom_utilisateur: manager.username,
      }),
    ]);
    expect([text.includes('mot_de_passe'), text.includes(nom)]).toEqual([false, false]);
  });
});

test('DELETE takes what hangs on it along, also what is made at that moment', async () => {
  const post = async (path: string, json: object): Promise<Answer> =>
    server.request('POST', `/api${path}`, { token: manager.token, json });
  for (let round = 0; round < 5; round += 1) {
    const { id } = await create({ nom: 'Cascade' });
    const work = { client_id: id, type_intervention: 'inspection', lieu: 'x', description: 'y' };
    const visit = await post('/interventions/', { ...work, date_intervention: '2026-12-01T10:00:00' });
    expect(visit.status, visit.text).toBe(201);
    const book = (hour: number): Promise<Answer> =>
      post('/planning/', {
        client_id: id,
        intervention_id: hour % 2 ? visit.json.id : '',
        date_heure_debut: `2026-12-0${round + 1}T${hour}:00:00Z`,
        date_heure_fin: `2026-12-0${round + 1}T${hour}:30:00Z`,
      });
    const booked = Array.from({ length: 8 }, (_, i) => book(10 + i));
    const gone = api('DELETE', `/${id}`);
    const again = post('/interventions/', { ...work, date_intervention: '2026-12-02T10:00:00' });
    expect((await gone).status).toBe(204);
    for (const { status, text } of await Promise.all([...booked, again])) expect([201, 404], text).toContain(status);
    const read = await server.request('GET', `/api/interventions/${visit.json.id}`, { token: manager.token });
    expect([read.status, read.json.detail]).toEqual([404, 'Intervention non trouvée']);
    for (const table of ['interventions', 'appointments'])
      expect(await server.sql(`select 1 from ${table} where client_id = ? and deleted_at is null`, [id])).toEqual([]);
  }
});

test('POST /rgpd/anonymize: the client is ANONYME with the same e-mail, for administrators', async () => {
  const { id, email } = await create({ nom: 'À oublier', email: 'oubli@example.org', telephone: '0123' });
  const ask = (token: string, json: object) => server.request('POST', '/api/rgpd/anonymize', { token, json });
  const body = { resource_type: 'client', resource_id: id };
  expect((await ask(manager.token, body)).status).toBe(403);
  const done = await ask(server.admin.token, body);
  expect([done.status, done.json]).toEqual([
    200,
    {
      message: 'Données anonymisées avec succès',
      conserve: ["L'adresse e-mail, qui distingue le client des autres"],
    },
  ]);
  expect((await api('GET', `/${id}`)).json).toMatchObject({ nom: 'ANONYME', email, telephone: null });
  const refused = await api('PUT', `/${id}`, { nom: 'À oublier' });
  expect([refused.status, refused.json.detail]).toEqual([409, 'Ce client a été anonymisé']);
  const unknown = await ask(server.admin.token, { ...body, resource_id: randomUUID() });
  expect([unknown.status, unknown.json.detail]).toEqual([404, 'Client non trouvé']);
});

test('whatever is sent, it is no defect', async () => {
  const scalar = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      '',
      ' ',
      '\0',
      '\ud800',
      'x'.repeat(300),
      '0'.repeat(21),
      'a@b.fr',
      '2026-01-01',
      'actif',
      'Prospect',
    ),
    fc.integer(),
    fc.double(),
    fc.constantFrom(null, true, [], {}, [null], { id: 'x' }),
  );
  const keys = [
    'id',
    'nom',
    'email',
    'telephone',
    'adresse',
    'raison_sociale',
    'notes',
    'contact_principal',
    'statut',
    'version',
  ];
  const body = fc.oneof(fc.dictionary(fc.constantFrom(...keys, '__proto__', 'x'), scalar), scalar);
  const { id } = await create({ nom: 'Cible' });
  const path = fc.constantFrom('', `/${id}`, '/invalid-id', `/${randomUUID()}`, '/%00', '/%f0', '/..%2f');
  const query = fc.dictionary(
    fc.constantFrom('page', 'size', 'search', 'statut', 'tri'),
    fc.string({ unit: 'binary' }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
      path,
      body,
      query,
      async (method, where, json, q) => {
        // The target stays for the others.
        if (method === 'DELETE' && where === `/${id}`) return;
        const search = new URLSearchParams(
          Object.fromEntries(Object.entries(q).map(([name, value]) => [name, value.toWellFormed()])),
        );
        const { status } = await api(method, `${where}?${search}`, method === 'GET' ? undefined : json);
        expect(status).toBeLessThan(500);
      },
    ),
    { numRuns: 200 },
  );
});
