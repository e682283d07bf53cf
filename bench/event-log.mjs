/**
 * Whether the event log slows down as it grows: `npm run bench:events [-- --rows=1000000,10000000]`.
 *
 * Needs PostgreSQL (BENCH_DATABASE_URL, default postgres://postgres@127.0.0.1:5432/postgres), where it makes a database and drops
 * it again: some 0.7 GB for a million events. At each size the log lies in a partition for each of the last twelve months, and one
 * that is over its time; what the server does with it is measured over its own code and doors. Writes bench/results/event-log.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { pino } from 'pino';
import { startApp } from '../src/app/start.js';
import { readConfig } from '../src/config/config.js';
import { emit, emitEach } from '../src/events/outbox.js';
import { pruneEvents } from '../src/events/prune-events.js';
import { theSystem } from '../src/kernel/viewer.js';
import { idOfPerson } from './firm.mjs';
import { log, summaryOf, timesOf, writeResults } from './own-server.mjs';

const { values: options } = parseArgs({ options: { rows: { type: 'string', default: '1000000,10000000' } } });
const sizes = options.rows.split(',').map(Number);
const people = 1_000;
/** Months ago: those that are kept, and one that is to be dropped. */
const kept = Array.from({ length: 12 }, (_, i) => 11 - i);
const months = [15, ...kept];
/** From the smallest log to the largest, something may take half as long again. */
const mostGrowth = 1.5;

const server = process.env.BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const name = `passerelle_bench_events_${process.pid}`;
const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
const folder = mkdtempSync(join(tmpdir(), 'passerelle-bench-'));
const origin = { viewer: { userId: undefined }, requestId: 'bench', ip: undefined };
const millions = (rows) => `${(rows / 1e6).toLocaleString('en')} M`;

const connect = async (connectionString) => {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

const start = () =>
  startApp({
    config: readConfig({
      DATABASE_URL: url,
      DATA_DIR: folder,
      PORT: '0',
      DEMO: '0',
      RATE_LIMITS: 'off',
      WATCH_DIR: 'off',
      TESSERACT: 'off',
      EVENT_RETENTION_DAYS: '400',
      JWT_SECRET: 'bench-secret-'.repeat(4),
      ENCRYPTION_KEY: 'bench-key-'.repeat(4),
    }),
    log: pino({ level: 'silent' }),
  });

/**
 * Fills the months, evenly: each anew, with its indexes built afterwards, as `add_event_month` makes them. In the whole
 * log 13 times 3 events have the rare type and the rare address, whatever its size.
 */
async function fill(db, rows) {
  await db.query(`set maintenance_work_mem = '256MB'; set synchronous_commit = off`);
  await db.query('truncate events');
  const each = Math.round(rows / months.length);
  for (const [i, ago] of months.entries()) {
    const { part, begins, ends, until } = (
      await db.query(
        `select 'events_' || to_char(m, 'YYYY_MM') as part, m::text as begins, (m + interval '1 month')::text as ends,
                least(m + interval '1 month', now() at time zone 'UTC')::text as until
           from (select date_trunc('month', now() at time zone 'UTC') - make_interval(months => $1) as m) x`,
        [ago],
      )
    ).rows[0];
    await db.query(`drop table if exists ${part}`);
    await db.query(`create table ${part} (like events including defaults including generated)`);
    await db.query(
      `insert into ${part} (id, position, type, subject_type, subject_id, actor_id, request_id, ip, data, occurred_at)
       select $1::bigint + i, $1::bigint + i,
              case when i % ($2 / 3) = 1 then 'user.login_failed' else t.types[1 + h % 10] end,
              case when i % ($2 / 3) = 1 then 'Device' when h % 10 < 6 then 'Document' when h % 10 < 8 then 'Client' else 'User' end,
              (case when h % 10 < 8 then h % greatest($2 / 2, 1) else ${idOfPerson(1)} + h % ${people} end)::text,
              ${idOfPerson(1)} + (h / 16) % ${people}, md5(i::text),
              case when i % ($2 / 3) = 2 then '192.0.2.7' else '10.' || h % 200 || '.' || (h / 256) % 200 || '.1' end,
              jsonb_build_object('ownerId', ${idOfPerson(1)} + h % ${people}, 'title', 'Bail ' || i, 'fields', '["title"]'::jsonb),
              ($3::timestamp + ($4::timestamp - $3::timestamp) * (i::float8 / ($2 + 1))) at time zone 'UTC'
         from generate_series(1, $2::int) i,
              lateral (select hashint8($1::bigint + i) & 2147483647 as h) hashed,
              (select array['document.updated', 'document.updated', 'document.updated', 'document.created',
                            'document.viewed', 'document.tagged', 'client.updated', 'client.created',
                            'user.login', 'user.activated'] as types) t`,
      [i * each, each, begins, until],
    );
    await db.query(`create unique index ${part}_position_key on ${part} (position)`);
    await db.query(`alter table events attach partition ${part} for values from ('${begins}+00') to ('${ends}+00')`);
  }
  const newest = each * months.length;
  await db.query(`select setval('event_ids', ${newest + 1})`);
  await db.query(`update event_log set pruned_position = 0`);
  await db.query(`update event_cursors set position = ${newest}`);
  await db.query('vacuum (analyze) events');
  return { newest, each };
}

/** What is asked of a log of this size, as titles with milliseconds. */
async function measure(db, { newest, each }) {
  const app = await start();
  const { client } = app.database;
  const figures = new Map();
  const note = (title, figure) => {
    figures.set(title, figure);
    log(`${title}: median ${figure.median.toFixed(2)} ms, best ${figure.best.toFixed(2)} ms`);
  };
  const reader = { id: idOfPerson(1) };
  const [session] = (
    await db.query(
      `insert into sessions (user_id, kind, expires_at) values ($1, 'token', now() + interval '1 day') returning id`,
      [reader.id],
    )
  ).rows;
  const authorization = `Bearer ${app.services.accessTokens.sign(reader.id, session.id, new Date())}`;
  const headers = { authorization, 'content-type': 'application/json' };

  /** As a client that was cut off: until it has as many events. */
  const resume = async (after, count) => {
    const response = await fetch(`${app.url}/graphql/stream`, {
      method: 'POST',
      headers: { ...headers, accept: 'text/event-stream' },
      body: JSON.stringify({
        query: 'subscription ($after: Position) { auditEvents(after: $after) { position subjectType } }',
        variables: { after: String(after) },
      }),
    });
    let heard = 0;
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      heard += chunk.split('event: next').length - 1;
      if (heard >= count) return;
    }
    throw new Error(`the stream ended after ${heard}`);
  };
  // Before anything is written: what was written lately is answered from memory.
  note('resumes 1,000 events back, all sent', await timesOf(() => resume(newest - 1_000, 1_000)));
  note('resumes in the middle of the log, 1,000 sent', await timesOf(() => resume(Math.round(newest / 2), 1_000)));

  const list = async (filter) => {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({
        query: `query ($filter: AuditEventFilter) { auditEvents(first: 20, filter: $filter) {
          nodes { position name subjectType subjectId ip occurredAt actor { username } } } }`,
        variables: { filter },
      }),
    });
    const { errors } = await response.json();
    if (errors) throw new Error(JSON.stringify({ filter, errors }));
  };
  const subject = (
    await db.query(
      `select subject_id as id from events where subject_type = 'Document' and position = (
      select max(position) from events where subject_type = 'Document' and position < $1)`,
      [Math.round(newest / 2)],
    )
  ).rows[0];
  const day = (
    await db.query(`select (date_trunc('month', now() - interval '6 months') + interval '9 days')::date::text as day`)
  ).rows[0].day;
  const window = { occurredAfter: `${day}T00:00:00Z`, occurredBefore: `${day}T23:59:59Z` };
  const actorId = String(idOfPerson(7));
  for (const [title, filter] of [
    ['all', {}],
    ['by a common type', { name: 'document.updated' }],
    ['by a rare type', { name: 'user.login_failed' }],
    ['by what was done, often', { action: 'UPDATE' }],
    ['by what was done, rarely', { action: 'LOGIN_FAILED' }],
    ['by a rare kind of thing', { subject: { type: 'Device' } }],
    ['by a common kind of thing', { subject: { type: 'Document' } }],
    ['by person', { actorId }],
    ['by person and rare type', { actorId, name: 'user.activated' }],
    ['by thing', { subject: { type: 'Document', id: subject.id } }],
    ['by address', { ip: '192.0.2.7' }],
    ['by a day half a year ago', window],
    ['by such a day and type', { ...window, name: 'client.created' }],
    ['by such a day and person', { ...window, actorId }],
  ])
    note(`\`auditEvents\`, first page, ${title}`, await timesOf(() => list(filter)));

  const written = [];
  const heard = [];
  const leaving = new AbortController();
  const batches = app.services.events.batches({ signal: leaving.signal });
  for (let i = 0; i < 60; i += 1) {
    // An event after a pause is placed at once; others gather.
    await setTimeout(80);
    const next = batches.next();
    const startedMs = performance.now();
    await client.transaction((tx) => emit(tx, origin, 'user.activated', ['User', reader.id], {}));
    written.push(performance.now() - startedMs);
    await next;
    heard.push(performance.now() - startedMs);
  }
  leaving.abort();
  note('one event: written and committed', summaryOf(written));
  note('one event: placed and heard by who follows', summaryOf(heard));

  let consumed = 0;
  await app.consumers.add({ name: 'bench', consume: async () => void (consumed += 1) });
  await app.consumers.caughtUp();
  consumed = 0;
  const subjects = Array.from({ length: 1_000 }, () => ({ id: reader.id, data: {} }));
  const placed = [];
  const passed = [];
  for (let i = 0; i < 12; i += 1) {
    const target = app.services.events.newest() + 1_000n;
    const startedMs = performance.now();
    await client.transaction((tx) => emitEach(tx, origin, 'user.activated', 'User', subjects));
    while (app.services.events.newest() < target) await setTimeout(1);
    placed.push(performance.now() - startedMs);
    await app.consumers.caughtUp();
    passed.push(performance.now() - startedMs);
  }
  if (consumed !== 12_000) throw new Error(`a consumer had ${consumed} of 12,000 events`);
  note('1,000 events: written and placed', summaryOf(placed));
  note('1,000 events: passed by every consumer', summaryOf(passed));

  const deleted = async () => {
    await db.query('select pg_stat_force_next_flush()').catch(() => undefined);
    await setTimeout(1_500);
    const { rows } = await db.query(
      'select tup_deleted::int as n from pg_stat_database where datname = current_database()',
    );
    return rows[0].n;
  };
  const before = await deleted();
  const startedMs = performance.now();
  const context = app.contextFor(theSystem, {
    credential: undefined,
    requestId: 'bench',
    ip: undefined,
    userAgent: undefined,
  });
  const { dropped, held } = await pruneEvents(context);
  const ms = performance.now() - startedMs;
  if (dropped.length !== 1 || held.length) throw new Error(`retention: ${JSON.stringify({ dropped, held })}`);
  const rowsDeleted = (await deleted()) - before;
  if (rowsDeleted > each / 10) throw new Error(`retention deleted ${rowsDeleted} rows one by one`);
  note('retention: a whole month dropped', { median: ms, best: ms });
  await app.stop();
  return { figures, rowsDeleted };
}

/** How large a month is, and how many levels its index by position has, at this size and at a hundred million. */
async function shapeOf(db, each) {
  const { rows } = await db.query(
    `select pg_total_relation_size(p.oid) as bytes, i.reltuples / greatest(i.relpages, 1) as fanout
       from pg_class p join pg_class i on i.relname = p.relname || '_position_key'
      where p.relname = 'events_' || to_char(now() at time zone 'UTC' - interval '2 months', 'YYYY_MM')`,
  );
  const { bytes, fanout } = rows[0];
  const levels = (entries) => Math.max(1, Math.ceil(Math.log(entries) / Math.log(fanout)));
  return {
    bytesEach: bytes / each,
    fanout: Math.round(fanout),
    levels: levels(each),
    later: Math.round(100_000_000 / months.length),
    laterLevels: levels(100_000_000 / months.length),
  };
}

const admin = await connect(server);
await admin.query(`create database ${name}`);
try {
  await (await start()).stop();
  const db = await connect(url);
  await db.query(
    `insert into users (id, username, email) select ${idOfPerson(0)} + n, 'person' || n, n || '@example.org' from generate_series(1, $1) n`,
    [people],
  );
  await db.query(`insert into role_assignments (user_id, role_id) select $1, id from roles where name = 'admin'`, [
    idOfPerson(1),
  ]);
  const measured = [];
  for (const rows of sizes) {
    const startedMs = performance.now();
    const filled = await fill(db, rows);
    log(`${millions(rows)} events in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
    measured.push({ rows, ...(await measure(db, filled)), shape: await shapeOf(db, filled.each), ...filled });
  }
  const version = (await db.query('show server_version')).rows[0].server_version.split(' ')[0];
  await db.end();
  const [least, most] = [measured[0], measured.at(-1)];
  const lines = [...least.figures.keys()].map((title) => {
    const cells = measured.map(({ figures }) => {
      const { median, best } = figures.get(title);
      return `${median.toFixed(1)} (${best.toFixed(1)})`;
    });
    const growth = most.figures.get(title).best / least.figures.get(title).best;
    return `| ${title} | ${cells.join(' | ')} | ${growth.toFixed(2)}×${growth <= mostGrowth ? '' : ' **more**'} |`;
  });
  const { shape } = most;
  const page = `# The event log as it grows

\`npm run bench:events\`: ${months.length} months with as many events each, one of them over its time; PostgreSQL ${version} with its default memory,
Node ${process.versions.node}, ${cpus().length} cores for database, server and client together, load ${loadavg()
    .map((l) => l.toFixed(1))
    .join(', ')}. Milliseconds over the server's own
code and doors, the median and, in brackets, the best, one after the other; the last column is how many times as long the best takes at
${millions(most.rows)} as at ${millions(least.rows)}, and says where that is more than ${mostGrowth}.

| | ${measured.map(({ rows }) => millions(rows)).join(' | ')} | growth |
| --- | ${measured.map(() => '---:').join(' | ')} | ---: |
${lines.join('\n')}

Dropping the month of ${most.each.toLocaleString('en')} events deleted ${most.rowsDeleted} rows one by one, those of the catalogue that describe its tables and indexes.

Three things grow. A list by a window of up to three days looks through the index of what occurred in it; by a longer one it is read
newest first from the end of the window's last month. Events are written into ten indexes of the running month, which fit into
memory less and less. A month that is dropped has its files removed, in a moment each, whatever the number of its rows.

What is read of a month is a few pages of an index; what grows is how deep that is. An event takes ${Math.round(shape.bytesEach)} bytes with its
indexes, and a page of the index by position holds ${shape.fanout} of them: ${shape.levels} levels for a month of ${most.each.toLocaleString('en')}, ${shape.laterLevels} for the
${shape.later.toLocaleString('en')} of a log of 100 M (${Math.round((shape.bytesEach * 1e8) / 2 ** 30)} GiB). That size was not measured.
`;
  writeResults('event-log.md', page);
  log(`\n${page}`);
} catch (error) {
  log(error.stack ?? String(error));
  process.exitCode = 1;
} finally {
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.end();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
