import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeClient } from '../../support/fieldwork.js';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let technician: Person;
let manager: Person;
let reader: Person;
let clientId: string;
/** The server's clock, which the tests set forward by minutes. */
let now = new Date(Math.floor(Date.now() / 1000) * 1000);

beforeAll(async () => {
  server = await startTestServer({ now: () => now });
  technician = await server.person({ roles: ['technicien'] });
  manager = await server.person({ roles: ['manager'] });
  reader = await server.person({ roles: ['lecteur'] });
  clientId = await makeClient(server);
});
afterAll(() => server?.stop());

const clock = (): string => `${now.toISOString().slice(0, 19)}Z`;
const forward = (minutes: number): void => {
  now = new Date(now.getTime() + minutes * 60_000);
};
const nobodysId = '00000000-0000-0000-0000-000000000000';
const api = (method: string, path: string, json?: unknown, token: string | null = technician.token): Promise<Answer> =>
  server.request(method, `/api/interventions${path}`, {
    token: token ?? undefined,
    ...(json !== undefined && { json }),
  });

/** smartleakpro.md, « POST /interventions/ ». */
const documented = () => ({
  client_id: clientId,
  date_intervention: '2026-12-01T09:00:00Z',
  type_intervention: 'inspection',
  statut: 'planifie',
  lieu: 'string',
  description: 'string',
  technicien_assigné: 'string',
});

async function create(changes: object = {}, token = technician.token): Promise<any> {
  const { status, json, text } = await api('POST', '/', { ...documented(), ...changes }, token);
  expect(status, text).toBe(201);
  return json;
}
const move = (id: string, nouveau_statut: string, more: object = {}, token?: string): Promise<Answer> =>
  api('POST', `/${id}/change-status`, { nouveau_statut, ...more }, token);
const list = async (query: string): Promise<any> => {
  const { status, json, text } = await api('GET', `?${query}`);
  expect(status, text).toBe(200);
  return json;
};
const idsOf = async (query: string): Promise<string[]> => (await list(query)).interventions.map(({ id }: any) => id);
const eventsOf = async (id: string): Promise<string[]> =>
  (await server.sql('select type from events where subject_id = ? order by id', [id])).map(({ type }) => type);

describe('an intervention', () => {
  test('is made with the body of the contract, and answered with what it and its readers ask for', async () => {
    const { status, json } = await api('POST', '/', { ...documented(), inconnu: 1 });
    expect(status).toBe(201);
    const [client] = await server.sql('select name, email, phone from clients where id = ?', [clientId]);
    expect(json).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ...documented(),
      priorite: 'normale',
      duree_estimee: null,
      latitude: null,
      longitude: null,
      date_debut: null,
      date_fin: null,
      date_creation: clock(),
      date_modification: clock(),
      version: 1,
      client: { id: clientId, nom: client.name, email: client.email, telephone: client.phone },
    });
    expect((await api('GET', `/${json.id}`)).json).toEqual(json);
    expect((await api('GET', `/${json.id}/`)).json).toEqual(json);
    const page = await list(`client_id=${clientId}&size=100`);
    expect(Object.keys(page)).toEqual(['interventions', 'total', 'page', 'size', 'pages']);
    expect(page.interventions).toContainEqual(json);
    expect(await eventsOf(json.id)).toEqual(['intervention.created']);
  });

  test('takes what forms send: texts for numbers, empty texts, accents, either spelling, the whole object', async () => {
    const made = await create({
      statut: 'validé',
      type_intervention: 'détection',
      date_intervention: '2026-12-31T10:00',
      priorite: 'haute',
      duree_estimee: '90',
      latitude: '48.856614',
      longitude: '2.352222',
      technicien_assigné: undefined,
      technicien_assigne: 'Zoé Lefèvre',
    });
    expect(made).toMatchObject({
      statut: 'planifie',
      type_intervention: 'detection',
      date_intervention: '2026-12-31T10:00:00Z',
      priorite: 'haute',
      duree_estimee: 90,
      latitude: '48.856614',
      longitude: '2.352222',
      technicien_assigné: 'Zoé Lefèvre',
    });
    const decomposed = await create({ technicien_assigné: undefined, ['technicien_assigné'.normalize('NFD')]: 'NFD' });
    expect(decomposed.technicien_assigné).toBe('NFD');
    const python = await create({ date_intervention: '2026-11-30T03:16:45.123456' });
    expect(python.date_intervention).toBe('2026-11-30T03:16:45Z');

    // The whole object comes back, with keys that cannot change.
    const back = await api('PUT', `/${made.id}`, { ...made, client_id: nobodysId, date_creation: '' });
    expect(back.status).toBe(200);
    expect(back.json).toEqual(made);
    expect(await eventsOf(made.id)).toEqual(['intervention.created']);
    const emptied = await api('PUT', `/${made.id}`, {
      lieu: '',
      duree_estimee: '',
      latitude: '',
      longitude: '',
      priorite: '',
      type_intervention: '',
      date_intervention: '',
      technicien_assigné: '',
    });
    expect(emptied.json).toEqual({
      ...made,
      lieu: null,
      duree_estimee: null,
      latitude: null,
      longitude: null,
      technicien_assigné: null,
      version: 2,
    });
  });

  test('names a person by UUID or user name, and keeps any other text', async () => {
    const [{ uuid }] = await server.sql('select uuid from users where id = ?', [technician.id]);
    for (const [text, userId] of [
      [uuid, technician.id],
      [technician.username.toUpperCase(), technician.id],
      ["L'équipe du lundi", null],
    ]) {
      const { id, technicien_assigné } = await create({ technicien_assigné: text });
      expect(technicien_assigné).toBe(text);
      const [row] = await server.sql('select technician_user_id as id from interventions where id = ?', [id]);
      expect(row.id).toBe(userId);
    }
    const { status, json } = await api('POST', '/', { ...documented(), technicien_assigné: nobodysId });
    expect([status, Object.keys(json.field_errors)]).toEqual([422, ['technicien_assigné']]);
  });

  test('is refused with every problem, values before the client', async () => {
    const empty = await api('POST', '/', {});
    expect(empty.status).toBe(422);
    expect(empty.json).toMatchObject({ error_code: 'VALIDATION_ERROR' });
    expect(Object.keys(empty.json.field_errors)).toEqual(['client_id', 'date_intervention', 'type_intervention']);
    const wrong = await api('POST', '/', { ...documented(), client_id: nobodysId, date_intervention: 'invalid_date' });
    expect([wrong.status, Object.keys(wrong.json.field_errors)]).toEqual([422, ['date_intervention']]);
    const alone = await api('POST', '/', { ...documented(), latitude: 48, client_id: nobodysId });
    expect([alone.status, Object.keys(alone.json.field_errors)]).toEqual([422, ['longitude']]);
    const { status, json } = await api('POST', '/', { ...documented(), client_id: nobodysId });
    expect([status, json.detail, json.error_code]).toEqual([404, 'Client non trouvé', 'NOT_FOUND']);
    for (const id of [nobodysId, 'invalid-id']) {
      const missing = await api('GET', `/${id}`);
      expect([missing.status, missing.json.detail]).toEqual([404, 'Intervention non trouvée']);
      expect((await api('PUT', `/${id}`, { lieu: 'x' })).status).toBe(404);
      expect((await api('DELETE', `/${id}`)).status).toBe(404);
      expect((await move(id, 'en_cours')).status).toBe(404);
    }
    const { id } = await create();
    const bad = { priorite: 'très', duree_estimee: 0, latitude: 91, date_debut: '2026-02-30', statut: 'fini' };
    const refused = await api('PUT', `/${id}`, bad);
    expect([refused.status, Object.keys(refused.json.field_errors).toSorted()]).toEqual([
      422,
      Object.keys(bad).toSorted(),
    ]);
  });

  test('is for those whose role says so', async () => {
    const { id } = await create();
    const user = await server.person();
    const ask = async (token: string): Promise<number[]> => {
      const answers = [
        await api('GET', '', undefined, token),
        await api('GET', `/${id}`, undefined, token),
        await api('GET', '/stats/summary', undefined, token),
        await api('POST', '', documented(), token),
        await api('PUT', `/${id}`, { lieu: 'x' }, token),
        await move(id, 'archive', {}, token),
        await api('DELETE', `/${id}`, undefined, token),
      ];
      return answers.map(({ status }) => status);
    };
    expect(await ask(user.token)).toEqual([403, 403, 403, 403, 403, 403, 403]);
    expect(await ask(reader.token)).toEqual([200, 200, 200, 403, 403, 403, 403]);
    expect(await ask(manager.token)).toEqual([200, 200, 200, 201, 200, 200, 204]);
  });
});

describe('the list', () => {
  test('has the filters of the contract and of its readers, the latest first', async () => {
    const other = await makeClient(server, 'Martin');
    const days = ['2027-03-01T23:59:59Z', '2027-03-02T00:00:00Z', '2027-03-03T08:00:00Z'];
    const [first, second, third] = [
      await create({ client_id: other, date_intervention: days[0], lieu: '12 rue des Lilas', priorite: 'urgente' }),
      await create({
        client_id: other,
        date_intervention: days[1],
        type_intervention: 'réparation',
        description: 'Fuite Évier',
      }),
      await create({ client_id: other, date_intervention: days[2], technicien_assigné: 'Ben Ali' }),
    ].map(({ id }) => id);
    await move(second, 'en_cours');
    const of = (query: string): Promise<string[]> => idsOf(`client_id=${other}&${query}`);
    expect(await of('statut=&search=&priorite=')).toEqual([third, second, first]);
    expect(await of('statut=en_cours')).toEqual([second]);
    expect(await of(`statut=${encodeURIComponent('planifié')}`)).toEqual([third, first]);
    expect(await of(`type_intervention=${encodeURIComponent('réparation')}`)).toEqual([second]);
    expect(await of('priorite=urgente')).toEqual([first]);
    expect(await of('technicien=ben')).toEqual([third]);
    expect(await of('search=LILAS')).toEqual([first]);
    expect(await of(`search=${encodeURIComponent('évier')}`)).toEqual([second]);
    expect(await of('date_debut=2027-03-02')).toEqual([third, second]);
    expect(await of('date_debut=2027-03-02T00:00:01')).toEqual([third]);
    // A bare day is whole.
    expect(await of('date_fin=2027-03-01')).toEqual([first]);
    expect(await of('date_debut=2027-03-02&date_fin=2027-03-02')).toEqual([second]);
    expect(await list(`client_id=${other}&size=2&page=2`)).toMatchObject({ total: 3, page: 2, size: 2, pages: 2 });
    for (const query of ['page=0', 'size=101', 'statut=fini', 'client_id=x', 'date_fin=demain'])
      expect((await api('GET', `?${query}`)).status).toBe(422);
  });

  test('is summed up', async () => {
    const before = (await api('GET', '/stats/summary')).json;
    expect(Object.keys(before)).toEqual(['par_statut', 'par_type', 'cette_semaine', 'total']);
    expect(Object.keys(before.par_statut)).toEqual(['planifie', 'en_cours', 'valide', 'archive']);
    expect(Object.keys(before.par_type)).toEqual(['inspection', 'detection', 'reparation', 'maintenance', 'autre']);
    const old = await create();
    await server.sql(`update interventions set created_at = created_at - interval '7 days' where id = ?`, [old.id]);
    await create({ type_intervention: 'maintenance' });
    const after = (await api('GET', '/stats/summary')).json;
    expect(after).toEqual({
      par_statut: { ...before.par_statut, planifie: before.par_statut.planifie + 2 },
      par_type: {
        ...before.par_type,
        inspection: before.par_type.inspection + 1,
        maintenance: before.par_type.maintenance + 1,
      },
      cette_semaine: before.cette_semaine + 1,
      total: before.total + 2,
    });
  });
});

describe('the status', () => {
  test('moves as the contract says, notes when, and keeps the comments', async () => {
    const { id, ...made } = await create();
    const moments = [clock()];
    const later = (): string => {
      forward(2);
      moments.push(clock());
      return clock();
    };
    const began = later();
    const { status, json } = await move(id, 'en_cours', { commentaire: 'string' });
    expect(status).toBe(200);
    expect(json).toEqual({
      id,
      ...made,
      statut: 'en_cours',
      date_debut: began,
      date_modification: began,
      version: 2,
      message: 'Statut changé avec succès',
    });
    const ended = later();
    expect((await move(id, 'validé', { commentaire: '' })).json).toMatchObject({
      statut: 'valide',
      date_debut: began,
      date_fin: ended,
    });
    later();
    expect((await move(id, 'archive', { date_debut: '', date_fin: null })).json.statut).toBe('archive');
    const { data } = await server.graphql(
      '{ intervention(id: "%") { statusHistory { fromStatus toStatus comment changedAt } } }'.replace('%', id),
      {},
      technician.token,
    );
    expect(data.intervention.statusHistory.map((change: any) => Object.values(change))).toEqual([
      [null, 'PLANNED', null, moments[0]],
      ['PLANNED', 'IN_PROGRESS', 'string', moments[1]],
      ['IN_PROGRESS', 'VALIDATED', null, moments[2]],
      ['VALIDATED', 'ARCHIVED', null, moments[3]],
    ]);
    expect(await eventsOf(id)).toEqual(['intervention.created', ...Array(3).fill('intervention.status_changed')]);
  });

  test('takes when the work began and was done', async () => {
    const { id } = await create();
    const begun = await move(id, 'en_cours', { date_debut: '2026-11-28T08:00' });
    expect(begun.json.date_debut).toBe('2026-11-28T08:00:00Z');
    const backwards = await move(id, 'valide', { date_fin: '2026-11-28T07:59:00Z' });
    expect([backwards.status, Object.keys(backwards.json.field_errors)]).toEqual([422, ['date_fin']]);
    expect((await move(id, 'valide', { date_fin: '2026-11-28T10:00:00Z' })).json.date_fin).toBe('2026-11-28T10:00:00Z');
  });

  test('moves no other way, by no door', async () => {
    const states = ['planifie', 'en_cours', 'valide', 'archive'];
    const allowed: Record<string, string[]> = {
      planifie: ['en_cours', 'archive'],
      en_cours: ['valide', 'archive'],
      valide: ['archive'],
      archive: [],
    };
    const at = async (state: string): Promise<string> => {
      const { id } = await create();
      await server.sql(`update interventions set status = ? where id = ?`, [
        { planifie: 'planned', en_cours: 'in_progress', valide: 'validated', archive: 'archived' }[state],
        id,
      ]);
      return id;
    };
    for (const from of states)
      for (const to of states) {
        const isAllowed = allowed[from]?.includes(to);
        const { status, json } = await move(await at(from), to);
        expect([from, to, status]).toEqual([from, to, isAllowed ? 200 : 400]);
        if (!isAllowed) expect(json.detail).toBe(`Transition invalide de ${from} vers ${to}`);
        const id = await at(from);
        const put = await api('PUT', `/${id}`, { statut: to, lieu: 'Cave' });
        expect([from, to, put.status]).toEqual([from, to, isAllowed || from === to ? 200 : 400]);
        expect((await api('GET', `/${id}`)).json).toMatchObject(
          put.status === 200 ? { statut: to, lieu: 'Cave' } : { statut: from, lieu: 'string' },
        );
        const types = isAllowed ? ['status_changed', 'updated'] : from === to ? ['updated'] : [];
        expect(await eventsOf(id)).toEqual(['created', ...types].map((type) => `intervention.${type}`));
      }
    expect((await move(await at('planifie'), 'fini')).status).toBe(422);
  });

  test('of two people who move one at once, one does', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await create();
      const people = [technician.token, manager.token];
      const answers = await Promise.all(people.map((token) => move(id, 'en_cours', {}, token)));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400]);
      expect(await eventsOf(id)).toEqual(['intervention.created', 'intervention.status_changed']);
      const [{ version }] = await server.sql('select version from interventions where id = ?', [id]);
      expect(version).toBe(2);
    }
  });
});

describe('deletion', () => {
  test('takes what hangs on it along, unless it is under way or validated', async () => {
    const { id } = await create();
    await move(id, 'en_cours');
    for (const state of ['en_cours', 'valide']) {
      if (state === 'valide') await move(id, state);
      const { status, json } = await api('DELETE', `/${id}`);
      expect([status, json.detail]).toEqual([400, 'Une intervention en cours ou validée ne peut pas être supprimée']);
    }
    await move(id, 'archive');
    await server.sql(
      `insert into appointments (client_id, intervention_id, starts_at, ends_at, blocked_until)
       values (?, ?, '2026-12-01T09:00Z', '2026-12-01T10:00Z', '2026-12-01T10:00Z')`,
      [clientId, id],
    );
    await server.sql(
      `insert into reports (intervention_id, kind, title, author) values (?, 'inspection', 'Rapport', 'A')`,
      [id],
    );
    await server.sql(
      `insert into media (intervention_id, kind, original_filename, content_key, content_hash, file_size, mime_type)
       values (?, 'photo', 'a.jpg', 'k', 'h', 1, 'image/jpeg')`,
      [id],
    );
    expect((await api('DELETE', `/${id}`)).status).toBe(204);
    expect((await api('GET', `/${id}`)).status).toBe(404);
    expect((await api('DELETE', `/${id}`)).status).toBe(404);
    expect((await move(id, 'archive')).status).toBe(404);
    const moments = await server.sql(
      `select deleted_at::text as at from interventions where id = ?1
       union all select deleted_at::text from appointments where intervention_id = ?1
       union all select deleted_at::text from media where intervention_id = ?1
       union all select deleted_at::text from reports where intervention_id = ?1`.replaceAll('?1', `'${id}'`),
    );
    expect(moments).toHaveLength(4);
    expect(new Set(moments.map(({ at }) => at)).size).toBe(1);
    expect(moments[0].at).not.toBeNull();
    expect((await eventsOf(id)).at(-1)).toBe('intervention.deleted');
  });
});

describe('offline', () => {
  test('an id of the sender makes one, however often it is sent; by somebody else it is taken', async () => {
    const id = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11';
    const first = await create({ id });
    expect(first.id).toBe(id.toLowerCase());
    const again = await create({ id, lieu: 'Ailleurs' });
    expect(again).toEqual(first);
    const taken = await api('POST', '', { ...documented(), id }, manager.token);
    expect([taken.status, taken.json.error_code, taken.json.detail]).toEqual([
      409,
      'CONFLICT',
      'Cet identifiant est déjà pris',
    ]);
    expect(await eventsOf(first.id)).toEqual(['intervention.created']);
    const many = { ...documented(), id: 'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => api('POST', '', many)));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(201));
    expect(await eventsOf(many.id)).toEqual(['intervention.created']);
    await api('DELETE', `/${first.id}`);
    expect((await api('POST', '', { ...documented(), id })).status).toBe(409);
    expect((await api('POST', '', { ...documented(), id: 'pas-un-uuid' })).status).toBe(422);
  });

  test('an old version is refused with what is there now and what has changed', async () => {
    const made = await create();
    const path = `/${made.id}`;
    expect((await api('PUT', path, { lieu: 'Grenier', version: 1 }, manager.token)).json.version).toBe(2);
    await move(made.id, 'en_cours');
    const stale = await api('PUT', path, { description: 'Vu sans réseau', version: 1 });
    expect([stale.status, stale.json.error_code]).toEqual([409, 'CONFLICT']);
    expect(stale.json.current).toEqual((await api('GET', path)).json);
    expect(stale.json.current).toMatchObject({
      lieu: 'Grenier',
      statut: 'en_cours',
      description: 'string',
      version: 3,
    });
    const { errors } = await server.graphql(
      'mutation ($id: ID!) { updateIntervention(input: { id: $id, version: 1 }) { intervention { id } } }',
      { id: made.id },
      technician.token,
    );
    expect(errors?.[0].extensions).toMatchObject({
      code: 'CONFLICT',
      reason: 'stale_version',
      details: { version: 3, changed: ['location', 'startedAt', 'status'] },
    });
    expect((await api('PUT', path, { description: 'Fusionné', version: 3 })).status).toBe(200);
    expect((await api('PUT', path, { version: 9 })).status).toBe(422);
  });
});
