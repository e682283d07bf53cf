import ICAL from 'ical.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settled } from '../../support/events.js';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

let now = new Date('2026-03-25T10:00:00Z');
let server: TestServer;
let manager: Person;
let technician: Person;
beforeAll(async () => {
  server = await startTestServer({
    now: () => now,
    env: { TRAVEL_BUFFER_MINUTES: '30', SELLER: '{"name":"Fuites & Co","city":"Lyon","siren":"123456782"}' },
  });
  manager = await server.person({ roles: ['manager'] });
  technician = await server.person({ roles: ['technicien'] });
});
afterAll(() => server?.stop());

const api = (method: string, path: string, json?: unknown, token = manager.token): Promise<Answer> =>
  server.request(method, `/api/planning${path}`, { token, ...(json !== undefined && { json }) });

let day = 0;
async function book(changes: object = {}): Promise<any> {
  const [{ id: client_id }] = await server.sql(
    `insert into clients (name, address) values ('Hélène <Dupont>', '12, rue de la République') returning id`,
  );
  const date = new Date(Date.UTC(2026, 3, (day += 1))).toISOString().slice(0, 10);
  const { json, status } = await api('POST', '', {
    client_id,
    date_heure_debut: `${date}T07:00:00Z`,
    date_heure_fin: `${date}T08:00:00Z`,
    utilisateur_responsable: technician.username,
    ...changes,
  });
  expect(status).toBe(201);
  return json;
}

async function link(id: string, body: object = {}): Promise<{ path: string; expires_at: string }> {
  const { status, json } = await api('POST', `/${id}/customer-link`, body);
  expect(status).toBe(201);
  return { path: new URL(json.url).pathname, expires_at: json.expires_at };
}

const open = (path: string): Promise<Answer> => server.request('GET', path);
const answer = (path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> =>
  server.request('POST', path, { form, headers });
const told = async ({ token }: Person): Promise<string[]> => {
  await settled(server.app);
  const { data } = await server.graphql('{ notifications(first: 100) { nodes { type title } } }', {}, token);
  return data.notifications.nodes.map(({ type, title }: any) => `${type}: ${title}`);
};
const eventsOf = async (id: string): Promise<string[]> =>
  (await server.sql('select type from events where subject_id = ? order by id', [id])).map(({ type }) => type);

test('a client confirms the visit, once, and takes it into a calendar', async () => {
  const made = await book();
  const { path, expires_at } = await link(made.id);
  expect(path).toMatch(/^\/rdv\/rdv_[\w-]{43}$/);
  expect(expires_at).toBe(made.date_heure_fin);
  const page = await open(path);
  expect(page.status).toBe(200);
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(page.headers.get('x-robots-tag')).toBe('noindex');
  for (const shown of [
    'Fuites &amp; Co',
    'Hélène &lt;Dupont&gt;',
    'mercredi 1 avril 2026',
    '12, rue de la République',
    'Person 3',
  ])
    expect(page.text).toContain(shown);
  expect(page.text).not.toContain('<script');
  const english = await server.request('GET', path, { headers: { 'accept-language': 'en-GB, fr;q=0.5' } });
  expect([page, english].map(({ headers }) => headers.get('vary'))).toEqual(['Accept-Language', 'Accept-Language']);
  for (const shown of ['<html lang="en">', 'Your appointment', 'Wednesday', '1 April 2026', 'Confirm this appointment'])
    expect(english.text).toContain(shown);

  const confirmed = await answer(path, { reponse: 'confirmer' }, { origin: server.url });
  expect([confirmed.status, confirmed.headers.get('location')]).toEqual([303, `${path}?resultat=confirmed`]);
  expect((await open(`${path}?resultat=confirmed`)).text).toContain('votre rendez-vous est confirmé');
  await answer(path, { reponse: 'confirmer' });
  expect((await api('GET', `/${made.id}`)).json).toMatchObject({
    statut: 'confirme',
    date_confirmation_client: '2026-03-25T10:00:00Z',
    version: 2,
  });
  expect(await eventsOf(made.id)).toEqual(['appointment.created', 'appointment.link_created', 'appointment.confirmed']);
  expect(await told(technician)).toEqual(['APPOINTMENT: Rendez-vous confirmé', 'APPOINTMENT: Nouveau rendez-vous']);

  const file = await open(`${path}?format=ics`);
  expect(file.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
  const [event] = new ICAL.Component(ICAL.parse(file.text)).getAllSubcomponents('vevent').map((e) => new ICAL.Event(e));
  expect(event).toMatchObject({
    uid: `${made.id}@127.0.0.1`,
    summary: 'Fuites & Co',
    location: '12, rue de la République',
  });
  expect(event?.component.getFirstPropertyValue('status')).toBe('CONFIRMED');
});

test('a client asks for another time, which the firm answers by moving the visit', async () => {
  const made = await book({ utilisateur_responsable: '' });
  const { path } = await link(made.id);
  const asked = await answer(path, {
    reponse: 'deplacer',
    message: 'Plutôt le matin\nmerci',
    horaire_1: '2026-04-20T09:30',
    horaire_2: '',
    horaire_3: '2026-04-21T14:00',
  });
  expect(asked.headers.get('location')).toBe(`${path}?resultat=asked`);
  const wish =
    'Horaires souhaités :\n- lundi 20 avril 2026 à 09:30\n- mardi 21 avril 2026 à 14:00\nPlutôt le matin\nmerci';
  expect((await api('GET', `/${made.id}`)).json).toMatchObject({
    statut: 'planifie',
    demande_deplacement: wish,
    date_demande_deplacement: '2026-03-25T10:00:00Z',
    date_heure_debut: made.date_heure_debut,
  });
  expect((await open(path)).text).toContain('Vous avez demandé un autre horaire');
  // Nobody goes there yet, so that who made it is told.
  expect(await told(manager)).toContain('APPOINTMENT: Autre horaire demandé');

  const moved = { date_heure_debut: '2026-04-20T07:30:00Z', date_heure_fin: '2026-04-20T08:30:00Z' };
  expect((await api('PUT', `/${made.id}`, moved)).json).toMatchObject({
    demande_deplacement: null,
    date_demande_deplacement: null,
  });
  now = new Date('2026-04-19T10:00:00Z');
  expect((await open(path)).text).toContain('lundi 20 avril 2026');
  now = new Date('2026-03-25T10:00:00Z');
});

test('what a form lacks is said on the page', async () => {
  const { path } = await link((await book()).id);
  const outcome = async (form: Record<string, string>) =>
    (await answer(path, { reponse: 'deplacer', ...form })).headers.get('location')?.split('=')[1];
  expect(await outcome({ message: '  ' })).toBe('empty');
  expect(await outcome({ horaire_1: '2026-03-01T09:00' })).toBe('times');
  expect(await outcome({ horaire_1: '2026-02-30T09:00' })).toBe('times');
  expect(await outcome({ horaire_1: 'demain' })).toBe('times');
  expect((await open(`${path}?resultat=times`)).text).toContain('role="alert"');
  expect((await open(`${path}?resultat=<script>`)).status).toBe(200);
});

test('another time may be asked for ten times an hour, by whichever door', async () => {
  const { id } = await book();
  const { path } = await link(id);
  const ask = async (message: string): Promise<unknown> => {
    const { data, errors } = await server.graphql(
      'mutation ($input: AnswerCustomerVisitInput!) { answerCustomerVisit(input: $input) { customerVisit { isMoveRequested } } }',
      { input: { token: path.slice(5), answer: 'MOVE', message } },
    );
    return data?.answerCustomerVisit ?? errors?.[0].extensions.code;
  };
  for (let i = 0; i < 10; i += 1)
    expect(await ask(`Plutôt le ${i}`)).toEqual({ customerVisit: { isMoveRequested: true } });
  expect(await ask('Encore')).toBe('RATE_LIMITED');
  expect(await ask('Plutôt le 9')).toEqual({ customerVisit: { isMoveRequested: true } });
  const refused = await answer(path, { reponse: 'deplacer', message: 'Encore' });
  expect(refused.headers.get('location')).toBe(`${path}?resultat=attempts`);
  expect((await api('GET', `/${id}`)).json.demande_deplacement).toBe('Plutôt le 9');
});

test('a form of another site is refused, and nothing but a form is taken', async () => {
  const made = await book();
  const { path } = await link(made.id);
  expect((await answer(path, { reponse: 'confirmer' }, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await server.request('POST', path, { json: { reponse: 'confirmer' } })).status).toBe(415);
  expect((await open(`${path}?reponse=confirmer`)).status).toBe(200);
  expect((await api('GET', `/${made.id}`)).json.statut).toBe('planifie');
});

test('a link ends with its appointment, its time, and by nothing that shows whether there was one', async () => {
  const gone = await open('/rdv/rdv_unknown');
  expect(gone.status).toBe(404);
  const ended = async (path: string) => {
    for (const { status, text } of [await open(path), await answer(path, { reponse: 'confirmer' })])
      expect([status, text]).toEqual([404, gone.text]);
    expect((await open(`${path}?format=ics`)).status).toBe(404);
  };
  const cancelled = await book();
  const { path } = await link(cancelled.id);
  await api('PUT', `/${cancelled.id}`, { statut: 'annule' });
  await ended(path);
  expect((await api('POST', `/${cancelled.id}/customer-link`, {})).status).toBe(409);

  const deleted = await book();
  const second = await link(deleted.id);
  await api('DELETE', `/${deleted.id}`);
  await ended(second.path);
  expect(await server.sql('select 1 from customer_links where appointment_id = ?::uuid', [deleted.id])).toEqual([]);

  const short = await link((await book()).id, { expires_at: '2026-03-26T00:00:00Z' });
  expect(short.expires_at).toBe('2026-03-26T00:00:00Z');
  const { id } = await book();
  expect((await api('POST', `/${id}/customer-link`, { expires_at: '2026-03-01' })).status).toBe(422);
  const whole = await link(id);
  now = new Date('2026-03-26T00:00:00Z');
  await ended(short.path);
  now = new Date('2026-06-01T00:00:00Z');
  await ended(whole.path);
  now = new Date('2026-03-25T10:00:00Z');
});

test('a link opens as long as who made it might make it', async () => {
  const leaving = await server.person({ roles: ['manager'] });
  const { id } = await book();
  const { json } = await api('POST', `/${id}/customer-link`, {}, leaving.token);
  const { pathname: path } = new URL(json.url);
  const opens = async (): Promise<number[]> => [
    (await open(path)).status,
    (await open(`${path}?format=ics`)).status,
    (await answer(path, { reponse: 'confirmer' })).status,
  ];
  expect(await opens()).toEqual([200, 200, 303]);
  await server.sql('delete from role_assignments where user_id = ?', [leaving.id]);
  await server.sql(`insert into role_assignments (user_id, role_id) select ?, id from roles where name = 'lecteur'`, [
    leaving.id,
  ]);
  expect(await opens()).toEqual([404, 404, 404]);
  await server.sql(
    `insert into role_assignments (user_id, role_id) select ?, id from roles where name = 'technicien'`,
    [leaving.id],
  );
  expect(await opens()).toEqual([200, 200, 303]);
  await server.sql('update users set is_active = false where id = ?', [leaving.id]);
  expect(await opens()).toEqual([404, 404, 404]);
});

test('a technician has the time that the way takes between two appointments', async () => {
  const at = (from: string, to: string) => ({
    date_heure_debut: `2026-05-04T${from}:00Z`,
    date_heure_fin: `2026-05-04T${to}:00Z`,
  });
  await book(at('09:00', '10:00'));
  const next = await book(at('10:30', '11:00'));
  const moved = await api('PUT', `/${next.id}`, at('10:29', '11:00'));
  expect([moved.status, moved.json.detail]).toEqual([409, 'Conflit détecté avec 1 rendez-vous existant(s)']);
  expect((await api('PUT', `/${next.id}`, at('08:31', '09:00'))).status).toBe(409);
  expect((await api('PUT', `/${next.id}`, at('08:00', '08:30'))).status).toBe(200);
});
