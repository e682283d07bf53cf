/**
 * The calendar of a month with 10,000 appointments among 100,000, asked over HTTP as consumers ask: `npm run bench:calendar`.
 *
 * Needs PostgreSQL (BENCH_DATABASE_URL, default postgres://postgres@127.0.0.1:5432/postgres), where it makes a database and drops
 * it again. Checks each answer against a plain statement first. Writes bench/results/calendar.md.
 */
import { cpus, loadavg } from 'node:os';
import { idOfPerson } from './firm.mjs';
import { log, rounds, timesOf, withOwnServer, writeResults } from './own-server.mjs';

const appointments = Number(process.env.BENCH_APPOINTMENTS ?? 100_000);
/** In the month that is asked for. */
const shown = appointments / 10;
const technicians = 50;
const clients = 2000;
const month = '2026-03';
const goalMs = 500;

await withOwnServer({ settings: { TIME_ZONE: 'UTC' } }, async ({ app, client, tokenOf }) => {
  await client.query(
    `insert into users (id, username, email) select ${idOfPerson(0)} + n, 'person' || n, n || '@example.org' from generate_series(1, 2) n`,
  );
  await client.query(
    `insert into role_assignments (user_id, role_id) select u.id, r.id from users u, roles r where u.username like 'person%' and r.name = 'manager'`,
  );
  await client.query(
    `insert into clients (name, email, address)
     select 'Client ' || n, n || '@client.example.org', n || ', rue du Bac' from generate_series(1, ${clients}) n`,
  );
  // Ten visits a day for each technician: some in the month, the rest over 90 days each before and after it.
  const fill = (count, from) =>
    client.query(
      `insert into appointments (client_id, technician, starts_at, ends_at, blocked_until, status, notes)
       select c.ids[1 + n % ${clients}], 'Tech ' || (n % ${technicians}), t.at, t.at + interval '45 minutes', t.at + interval '45 minutes',
              (array['planned', 'planned', 'confirmed', 'done', 'cancelled'])[1 + n % 5], 'Code ' || n
         from (select array_agg(id order by id) as ids from clients) c, generate_series(0, ${count - 1}) n,
              lateral (select n / ${technicians} as slot) s,
              lateral (select timestamptz '${from}T08:00:00Z' + slot / 10 * interval '1 day' + slot % 10 * interval '45 minutes' as at) t`,
    );
  log(`filling ${appointments} appointments`);
  await fill(shown, `${month}-01`);
  await fill((appointments - shown) / 2, '2025-01-01');
  await fill((appointments - shown) / 2, '2026-11-01');
  await client.query(
    `insert into interventions (client_id, kind, scheduled_at) select id, 'detection', timestamptz '${month}-15T08:00:00Z' from clients`,
  );
  await client.query('vacuum analyze');
  const token = await tokenOf(idOfPerson(1));
  const ask = async (path, how = 'json') => {
    const response = await fetch(`${app.url}/api/planning${path}`, { headers: { authorization: `Bearer ${token}` } });
    const body = await response[how]();
    if (response.status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
    return body;
  };
  const valueOf = async (statement) => Number(Object.values((await client.query(statement)).rows[0])[0]);
  const between = (from, to) => `tstzrange(starts_at, ends_at) && tstzrange('${from}', '${to}')`;
  const inMonth = between(`${month}-01`, '2026-04-01');
  const cases = [
    [
      `the month: ${shown.toLocaleString('en')} appointments, ${clients.toLocaleString('en')} interventions`,
      `/calendar?start=${month}-01&end=${month}-31`,
      (events) => events.length,
      async () => clients + (await valueOf(`select count(*) from appointments where ${inMonth}`)),
    ],
    [
      'the month of one technician',
      `/calendar?start=${month}-01&end=${month}-31&technicien=tech%2017`,
      (events) => events.length,
      () => valueOf(`select count(*) from appointments where technician = 'Tech 17' and ${inMonth}`),
    ],
    [
      'a week',
      `/calendar?start=2025-01-06&end=2025-01-12`,
      (events) => events.length,
      () => valueOf(`select count(*) from appointments where ${between('2025-01-06', '2025-01-13')}`),
    ],
    [
      'a page of the list',
      `/?date_debut=${month}-01&date_fin=${month}-31&size=100`,
      ({ total }) => total,
      () => valueOf(`select count(*) from appointments where starts_at >= '${month}-01' and starts_at < '2026-04-01'`),
    ],
    [
      'the figures of all',
      '/stats/planning',
      (figures) => figures.total_rdv,
      () => valueOf('select count(*) from appointments'),
    ],
    [
      'the iCalendar file: the 5,000 nearest to now',
      '/calendar.ics',
      (text) => text.split('BEGIN:VEVENT').length - 1,
      () => 5000,
      'text',
    ],
    [
      'the iCalendar file of one technician',
      '/calendar.ics?technicien=Tech%2017',
      (text) => text.split('BEGIN:VEVENT').length - 1,
      () =>
        valueOf(
          `select count(*) from appointments where technician = 'Tech 17' and starts_at > now() - interval '90 days'`,
        ),
      'text',
    ],
  ];
  const lines = [];
  for (const [title, path, figure, expected, how] of cases) {
    const found = figure(await ask(path, how));
    const wanted = await expected();
    if (found !== wanted) throw new Error(`${title}: ${found} instead of ${wanted}`);
    const { median, p95, best } = await timesOf(() => ask(path, how));
    const verdict = median < goalMs ? 'reached' : '**missed**';
    const line = `| ${title} | \`${path}\` | ${median.toFixed(1)} | ${p95.toFixed(1)} | ${best.toFixed(1)} | ${verdict} |`;
    lines.push(line);
    log(line);
  }
  const version = (await client.query('show server_version')).rows[0].server_version.split(' ')[0];
  const page = `# The calendar of a month with ${shown.toLocaleString('en')} appointments

\`npm run bench:calendar\`: ${appointments.toLocaleString('en')} appointments of ${technicians} technicians at ${clients.toLocaleString('en')} clients, and an intervention without an
appointment at each; PostgreSQL ${version}, Node ${process.versions.node}, ${cpus().length} cores for database, server and client together. Over HTTP,
${rounds} requests each, one after the other, after 5 to warm up; each answer was counted by a plain statement first. Load average of the
machine at the end: ${loadavg()
    .map((l) => l.toFixed(1))
    .join(', ')}.

| what | request | median ms | p95 ms | best ms | below ${goalMs} ms |
| --- | --- | ---: | ---: | ---: | --- |
${lines.join('\n')}
`;
  writeResults('calendar.md', page);
});
