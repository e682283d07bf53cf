import { randomUUID } from 'node:crypto';
import ICAL from 'ical.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

let now = new Date('2026-03-25T10:00:00Z');
let server: TestServer;
let technician: Person;
beforeAll(async () => {
  server = await startTestServer({ now: () => now, env: { PUBLIC_URL: 'https://erp.example.com' } });
  technician = await server.person({ roles: ['technicien'] });
});
afterAll(() => server?.stop());

const daysLater = (days: number): void => void (now = new Date(now.getTime() + days * 86_400_000));
const api = (method: string, path: string, json?: unknown, token = technician.token): Promise<Answer> =>
  server.request(method, `/api/planning${path}`, { token, ...(json !== undefined && { json }) });

async function client(name = 'Dupont'): Promise<string> {
  const [row] = await server.sql('insert into clients (name, address) values (?, ?) returning id', [
    name,
    '1, rue du Bac',
  ]);
  return row.id;
}

async function book(changes: object = {}): Promise<any> {
  const { json, status } = await api('POST', '', {
    client_id: await client(),
    date_heure_debut: '2026-03-30T07:00:00Z',
    date_heure_fin: '2026-03-30T08:00:00Z',
    utilisateur_responsable: `Tech ${randomUUID()}`,
    ...changes,
  });
  expect([status, json.detail]).toEqual([201, undefined]);
  return json;
}

async function feed(
  body: object = {},
  token = technician.token,
): Promise<{ id: string; url: string; technicien: string | null }> {
  const { status, json } = await api('POST', '/calendar/feeds', body, token);
  expect(status).toBe(201);
  return json;
}

/** What a program that follows the address gets, without any other credential. */
const follow = (url: string, headers: Record<string, string> = {}): Promise<Answer> =>
  server.request('GET', url.replace('https://erp.example.com', ''), { headers });

type Entry = InstanceType<typeof ICAL.Event>;
/** Its entries by the id before the @, as ical.js reads them. */
async function entriesAt(url: string): Promise<Map<string, Entry>> {
  const { status, text } = await follow(url);
  expect(status).toBe(200);
  ICAL.TimezoneService.reset();
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  const entries = calendar.getAllSubcomponents('vevent').map((event) => new ICAL.Event(event));
  return new Map(entries.map((entry) => [entry.uid.split('@')[0] as string, entry]));
}
const statusOf = (entry: Entry | undefined): string => String(entry?.component.getFirstPropertyValue('status'));

test('an address opens the calendar for programs that know no other credential', async () => {
  const { id, url, technicien } = await feed();
  expect(url).toMatch(/^https:\/\/erp\.example\.com\/api\/planning\/calendar\.ics\?secret=cal_[\w-]{43}$/);
  expect(technicien).toBeNull();
  const made = await book({
    client_id: await client('Dupont, fuite; ét. 2'),
    notes: 'Dupont, fuite; ét. 2\nC:\\new',
    rappel_avant: 2,
    utilisateur_responsable: technician.username,
  });
  const answer = await follow(url);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/calendar; charset=utf-8',
    'content-disposition': 'inline; filename="planning.ics"',
    'cache-control': 'private, no-cache',
  });
  expect(answer.text).toContain('DTSTART;TZID=Europe/Paris:20260330T090000\r\n');
  const entry = (await entriesAt(url)).get(made.id);
  expect(entry?.uid).toBe(`${made.id}@erp.example.com`);
  expect(entry?.startDate.toJSDate()).toEqual(new Date('2026-03-30T07:00:00Z'));
  expect(entry).toMatchObject({
    summary: 'Dupont, fuite; ét. 2 - RDV',
    location: '1, rue du Bac',
    description: 'Technicien : Person 2\nDupont, fuite; ét. 2\nC:\\new',
    sequence: 0,
  });
  expect(entry?.component.getAllSubcomponents('valarm')).toHaveLength(1);

  const tag = answer.headers.get('etag') as string;
  const again = await follow(url, { 'if-none-match': tag, 'cache-control': 'max-age=0' });
  expect([again.status, again.text]).toEqual([304, '']);
  await api('PUT', `/${made.id}`, { notes: 'other' });
  expect((await follow(url, { 'if-none-match': tag, 'cache-control': 'max-age=0' })).status).toBe(200);

  // A signed-in person needs no feed.
  expect((await api('GET', '/calendar.ics')).text).toContain(made.id);
  expect((await server.request('GET', '/api/planning/calendar.ics')).status).toBe(401);
  expect((await api('GET', '/calendar/feeds')).json).toEqual([{ id, url, technicien: null }]);
});

test('moving keeps the id and raises the sequence; what changes nothing does not', async () => {
  const { url } = await feed();
  const made = await book({ couleur: '#007bff' });
  const seen = async () => {
    const entry = (await entriesAt(url)).get(made.id);
    return { uid: entry?.uid, sequence: entry?.sequence, starts: entry?.startDate.toJSDate().toISOString() };
  };
  const uid = `${made.id}@erp.example.com`;
  expect(await seen()).toEqual({ uid, sequence: 0, starts: '2026-03-30T07:00:00.000Z' });
  await api('PUT', `/${made.id}`, made);
  await api('PUT', `/${made.id}`, { couleur: '#ff0000' });
  expect((await seen()).sequence).toBe(0);
  await api('PUT', `/${made.id}`, { date_heure_debut: '2026-03-31T07:00:00Z', date_heure_fin: '2026-03-31T08:00:00Z' });
  expect(await seen()).toEqual({ uid, sequence: 1, starts: '2026-03-31T07:00:00.000Z' });
  expect(statusOf((await entriesAt(url)).get(made.id))).toBe('TENTATIVE');
  await api('PUT', `/${made.id}`, { statut: 'confirme' });
  expect(statusOf((await entriesAt(url)).get(made.id))).toBe('CONFIRMED');
  expect((await seen()).sequence).toBe(2);
});

test('what is cancelled or deleted stays for 90 days as cancelled', async () => {
  const { url } = await feed();
  const times = { date_heure_debut: '2026-12-01T09:00:00Z', date_heure_fin: '2026-12-01T10:00:00Z' };
  const [cancelled, deleted] = [await book(times), await book(times)];
  await api('PUT', `/${cancelled.id}`, { statut: 'annule' });
  expect((await api('DELETE', `/${deleted.id}`)).status).toBe(204);
  const entries = async () => {
    const found = await entriesAt(url);
    return [cancelled, deleted]
      .map(({ id }) => found.get(id))
      .map((entry) => entry && [statusOf(entry), entry.sequence]);
  };
  expect(await entries()).toEqual([
    ['CANCELLED', 1],
    ['CANCELLED', 1],
  ]);
  daysLater(89);
  expect(await entries()).toEqual([
    ['CANCELLED', 1],
    ['CANCELLED', 1],
  ]);
  daysLater(2);
  expect(await entries()).toEqual([undefined, undefined]);
  daysLater(-91);
});

describe('a feed of one technician', () => {
  test('shows theirs only, however they are named, with the interventions that they work at', async () => {
    const [{ uuid }] = await server.sql('select uuid from users where id = ?', [technician.id]);
    const clientId = await client();
    const intervention = async (kind: string): Promise<string> =>
      (
        await server.sql(
          `insert into interventions (client_id, kind, scheduled_at, estimated_minutes, location)
           values (?::uuid, ?, '2026-04-07T08:00:00Z', 90, 'Cave') returning id`,
          [clientId, kind],
        )
      )[0].id;
    const [helped, led, others] = [
      await intervention('repair'),
      await intervention('inspection'),
      await intervention('other'),
    ];
    await server.sql(
      'insert into intervention_technicians (intervention_id, position, name, user_id) values (?::uuid, 1, ?, ?)',
      [helped, technician.username, technician.id],
    );
    await server.sql('update interventions set technician = ?, technician_user_id = ? where id = ?::uuid', [
      technician.username,
      technician.id,
      led,
    ]);
    const times = (day: string) => ({ date_heure_debut: `${day}T09:00:00Z`, date_heure_fin: `${day}T10:00:00Z` });
    const mine = await book({ ...times('2026-04-01'), utilisateur_responsable: uuid });
    const named = await book({ ...times('2026-04-02'), utilisateur_responsable: 'Éloïse' });
    const foreign = await book({ ...times('2026-04-03'), utilisateur_responsable: 'Paul' });
    const shown = async (technicien: string) => {
      const entries = await entriesAt((await feed({ technicien })).url);
      return [mine, named, foreign, { id: led }, { id: helped }, { id: others }].map(({ id }) => entries.has(id));
    };
    expect(await shown(uuid)).toEqual([true, false, false, true, true, false]);
    expect(await shown(technician.username.toUpperCase())).toEqual([true, false, false, true, true, false]);
    expect(await shown('ELOISE')).toEqual([false, true, false, false, false, false]);
    const entry = (await entriesAt((await feed({ technicien: uuid })).url)).get(led);
    expect(entry).toMatchObject({ summary: 'Dupont - inspection', location: 'Cave' });
    expect(entry?.duration.toSeconds()).toBe(5400);
    const bearers = await api('GET', `/calendar.ics?technicien=eloise`);
    expect(bearers.text).toContain(named.id);
    expect(bearers.text).not.toContain(mine.id);
  });

  test('shows a visit once: its appointment takes the place of the intervention', async () => {
    const clientId = await client();
    const [{ id }] = await server.sql(
      `insert into interventions (client_id, kind, scheduled_at) values (?::uuid, 'detection', '2026-04-08T08:00:00Z') returning id`,
      [clientId],
    );
    const { url } = await feed();
    expect((await entriesAt(url)).has(id)).toBe(true);
    const made = await book({ client_id: clientId, intervention_id: id });
    const entries = await entriesAt(url);
    expect(entries.has(id)).toBe(false);
    expect(entries.get(made.id)?.summary).toBe('Dupont - détection');
  });
});

describe('the address holds', () => {
  test('until its owner ends it, and is the owner’s alone', async () => {
    const { id, url } = await feed();
    const colleague = await server.person({ roles: ['technicien'] });
    expect((await api('GET', '/calendar/feeds', undefined, colleague.token)).json).toEqual([]);
    expect((await api('DELETE', `/calendar/feeds/${id}`, undefined, colleague.token)).status).toBe(404);
    expect((await follow(url)).status).toBe(200);
    expect((await api('DELETE', `/calendar/feeds/${id}`)).status).toBe(204);
    const gone = await follow(url);
    expect([gone.status, gone.json.detail]).toEqual([404, 'Calendrier non trouvé']);
    expect((await follow(url.replace(/cal_.*/, 'cal_unknown'))).status).toBe(404);
    expect((await api('DELETE', `/calendar/feeds/${id}`)).status).toBe(404);
  });

  test('as long as its owner may read appointments', async () => {
    const leaving = await server.person({ roles: ['technicien'] });
    const { url } = await feed({}, leaving.token);
    await server.sql('delete from role_assignments where user_id = ?', [leaving.id]);
    expect((await follow(url)).status).toBe(404);
    await server.sql(`insert into role_assignments (user_id, role_id) select ?, id from roles where name = 'lecteur'`, [
      leaving.id,
    ]);
    expect((await follow(url)).status).toBe(200);
    await server.sql('update users set is_active = false where id = ?', [leaving.id]);
    expect((await follow(url)).status).toBe(404);
  });

  test('names no client to whoever may not see clients', async () => {
    await server.sql(`insert into roles (name) values ('dispatch')`);
    await server.sql(
      `insert into role_permissions (role_id, permission_id)
       select r.id, p.id from roles r, permissions p where r.name = 'dispatch' and p.name = 'appointments:read'`,
    );
    const dispatcher = await server.person({ roles: ['dispatch'] });
    const { url } = await feed({}, dispatcher.token);
    const made = await book({ client_id: await client('Secret Garden') });
    const { text } = await follow(url);
    expect(text).toContain(made.id);
    expect(text).not.toContain('Secret');
    const { json } = await api('GET', '/calendar', undefined, dispatcher.token);
    expect(json.find((event: any) => event.id === made.id)).toMatchObject({ client: '', title: 'RDV' });
  });

  test('is made and shown in person only, for readers of the planning, twenty at most', async () => {
    const reader = await server.person({ roles: ['lecteur'] });
    const key = `apt_${'x'.repeat(43)}`;
    await server.sql(
      `insert into api_tokens (user_id, name, prefix, token_hash, scopes)
       values (?, 'k', 'apt_xxxxxx', encode(sha256(convert_to(?, 'UTF8')), 'hex'), '{read,write}')`,
      [reader.id, key],
    );
    expect((await api('POST', '/calendar/feeds', {}, key)).status).toBe(403);
    expect((await api('GET', '/calendar/feeds', undefined, key)).status).toBe(403);
    expect((await api('GET', '/calendar.ics', undefined, key)).status).toBe(200);
    const bare = await server.person();
    expect((await api('POST', '/calendar/feeds', {}, bare.token)).status).toBe(403);
    for (let made = 0; made < 20; made += 1) await feed({}, reader.token);
    expect((await api('POST', '/calendar/feeds', {}, reader.token)).status).toBe(409);
    expect((await api('POST', '/calendar/feeds', { technicien: 'x'.repeat(256) })).status).toBe(422);
  });
});
