import { once } from 'node:events';
/**
 * Ordinary people who do their worst at the same time: `npm run bench:abuse [-- --seconds=60 --only=sockets,import]`.
 *
 * While they do, another person asks `{ viewer { id } }` ten times a second: no answer may fail, the slowest of a
 * hundred may take 250 ms, and the server may hold a GiB. Limits and quotas are the default ones. Counts what each of
 * the abusers was answered. Needs PostgreSQL (BENCH_DATABASE_URL) and the built server. Writes bench/results/abuse.md, but for
 * `--only`; ends with 1 when something is above its limit.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus, loadavg, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import WebSocket from 'ws';
import { diskStore } from '../src/storage/disk-store.js';
import { makePdf } from '../test/support/files.js';
import { writePlugin } from '../test/support/plugins.js';
import { startProcess } from '../test/support/process.js';
import { startReceiver } from '../test/support/receiver.js';
import { addPhoto, makeVisit } from '../test/support/reports.js';
import { log, summaryOf, writeResults } from './own-server.mjs';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, only: { type: 'string' } },
});
const seconds = Number(options.seconds);
const worst = { p99Ms: 250, residentMb: 1024 };
const [loadBefore] = loadavg();
const password = 'Passerelle-2026!';
const databaseServer = process.env.BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

const folder = mkdtempSync(join(tmpdir(), 'passerelle-abuse-'));
const database = `passerelle_abuse_${process.pid}`;
const admin = async (statement) => {
  const client = new pg.Client({ connectionString: databaseServer });
  await client.connect();
  await client.query(statement).finally(() => client.end());
};
await admin(`create database ${database}`);
const databaseUrl = Object.assign(new URL(databaseServer), { pathname: `/${database}` }).href;
const dataFolder = mkdtempSync(join(folder, 'data-'));
const receiver = await startReceiver();
receiver.answer('/tarpit', () => undefined);
const server = await startProcess({
  DATABASE_URL: databaseUrl,
  DATA_DIR: dataFolder,
  ADMIN_PASSWORD: password,
  PLUGIN_SOURCES: folder,
  WEBHOOK_ALLOW_PRIVATE: 'on',
  WATCH_DIR: 'off',
  TESSERACT: 'off',
  LOG_LEVEL: 'error',
});
const { pid } = server.process;
const db = new pg.Client({ connectionString: databaseUrl });
db.on('error', () => undefined);
await db.connect();
/** As the tests' own servers have it: placeholders are `?`. */
const sql = async (text, values = []) => {
  let number = 0;
  return (
    await db.query(
      text.replace(/\?/g, () => `$${(number += 1)}`),
      values,
    )
  ).rows;
};

/** Somebody, and what they were answered so far: how often each status, or the code of a failed connection. */
class Person {
  answers = new Map();
  constructor(name, token) {
    Object.assign(this, { name, token });
  }
  note(answer) {
    this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
  }
  async ask(method, path, { json, form } = {}) {
    try {
      const answer = await fetch(`${server.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${this.token}`, ...(json && { 'content-type': 'application/json' }) },
        ...(json && { body: JSON.stringify(json) }),
        ...(form && { body: form }),
      });
      const text = await answer.text();
      this.note(answer.status);
      return { status: answer.status, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
    } catch (error) {
      this.note(error.cause?.code ?? error.name);
      return { status: 0, text: '', json: undefined };
    }
  }
  graphql(query, variables) {
    return this.ask('POST', '/graphql', { json: { query, variables } });
  }
}

async function signIn(username) {
  const body = new URLSearchParams({ username, password });
  const { access_token: token } = await (await fetch(`${server.url}/auth/login`, { method: 'POST', body })).json();
  return new Person(username, token);
}

async function register(name) {
  const email = `${name}@example.org`;
  await fetch(`${server.url}/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password, full_name: name }),
  });
  const person = await signIn(email);
  [{ id: person.id }] = await sql('select id from users where email = ?', [email]);
  return person;
}

const fileOf = (bytes, name, fields = {}, key = 'file') => {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set(key, new Blob([bytes]), name);
  return form;
};

const times = (count, each) => Array.from({ length: count }, (_, n) => each(n));
const empty = times(60_000, () => ({}));
const wrong = times(200_000, () => 'wrong');
let isOver = false;
/** Goes on until the end; a short rest after each turn, so that what is refused at once is not all that is measured. */
const untilOver = async (turn) => {
  while (!isOver) {
    await turn().catch(() => undefined);
    await setTimeout(5);
  }
};

/** What each does: `prepare` before anything is measured, then `abuse` with what that gave. */
const abusers = {
  sockets: {
    says: 'begins and ends subscriptions on /graphql as fast as it can',
    abuse: (person) =>
      untilOver(
        () =>
          new Promise((resolve) => {
            const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
            socket.on('open', () =>
              socket.send(
                JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${person.token}` } }),
              ),
            );
            socket.once('message', async () => {
              const payload = { query: 'subscription { documentEvents { id } }' };
              for (let id = 0; !isOver && socket.readyState === WebSocket.OPEN; id += 1) {
                socket.send(JSON.stringify({ type: 'subscribe', id: String(id), payload }));
                socket.send(JSON.stringify({ type: 'complete', id: String(id) }));
                if (id % 500 === 499) await setTimeout(1);
              }
              socket.terminate();
            });
            socket.on('close', (code) => resolve(person.note(`closed ${code}`)));
            socket.on('error', () => undefined);
          }),
      ),
  },
  search: {
    says: 'searches for many short beginnings of words',
    abuse: (person) => {
      const search = times(40, (n) => `${String.fromCharCode(97 + (n % 26))}*`).join(' OR ');
      const query = 'query ($search: String!) { documents(first: 100, filter: { search: $search }) { totalCount } }';
      return Promise.all(times(10, () => untilOver(() => person.graphql(query, { search }))));
    },
  },
  rules: {
    says: 'has tags with expensive rules tried on each upload',
    prepare: async (person) => {
      const rule = (input) =>
        person.graphql('mutation ($input: CreateTagInput!) { createTag(input: $input) { tag { id } } }', { input });
      const expensive = '([a-z]{0,1000} ){12}';
      for (let n = 0; n < 12; n += 1) await rule({ name: `r${n}`, match: expensive, matchingAlgorithm: 'REGEX' });
      const alike = 'lorem ipsum dolor sit amet '.repeat(8);
      for (let n = 0; n < 40; n += 1) await rule({ name: `f${n}`, match: alike, matchingAlgorithm: 'FUZZY' });
    },
    abuse: (person) =>
      untilOver(() =>
        person.ask('POST', '/kdocs/api/documents/upload', {
          form: fileOf(`${Math.random()} ${'consectetur adipiscing '.repeat(20_000)}`, 'a.txt', {}, 'files'),
        }),
      ),
  },
  drawing: {
    says: 'has invoices of 200 lines with 999 line breaks each drawn',
    abuse: async (person) => {
      const items = (count) =>
        times(count, () => ({ description: `a${'\n'.repeat(999)}b`, quantity: 1, price: 1, vatRate: 20 }));
      return untilOver(async () => {
        for (const count of [10, 200]) {
          const { json } = await person.ask('POST', '/v1/invoices', { json: { items: items(count) } });
          if (json?.invoiceId) await person.ask('GET', `/v1/invoices/${json.invoiceId}/pdf`);
        }
      });
    },
  },
  bytes: {
    says: 'asks for thirty aliases of a text of 2 MB, and does not read a hundred answers',
    prepare: async (person) => {
      const text = 'abcdefghi '.repeat(200_000);
      const { json } = await person.ask('POST', '/kdocs/api/documents/upload', {
        form: fileOf(text, 'long.txt', {}, 'files'),
      });
      return json?.results?.[0]?.id;
    },
    abuse: async (person, id) => {
      const query = `{ ${times(30, (n) => `a${n}: document(id: "${id}") { content }`).join(' ')} }`;
      const body = JSON.stringify({ query });
      const { hostname, port } = new URL(server.url);
      const head = `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${person.token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
      const deaf = times(100, () =>
        connect(Number(port), hostname, function () {
          this.pause().write(head + body);
        }).on('error', () => undefined),
      );
      await untilOver(() => person.graphql(query));
      for (const socket of deaf) socket.destroy();
    },
  },
  schema: {
    says: 'reads the schema thirty times in each operation',
    abuse: (person) => {
      const query = `{ ${times(30, (n) => `a${n}: __schema { types { name description fields { name description } } }`).join(' ')} }`;
      return untilOver(() => person.graphql(query));
    },
  },
  queue: {
    says: 'uploads PDFs of 300 pages, one after the other',
    prepare: () => makePdf(times(12_000, (n) => `line ${n} of a paper that nobody reads`)),
    abuse: (person, pdf) =>
      untilOver(() =>
        person.ask('POST', '/kdocs/api/documents/upload', {
          form: fileOf(Buffer.concat([pdf, Buffer.from(`\n% ${Math.random()}\n`)]), 'a.pdf', {}, 'files'),
        }),
      ),
  },
  problems: {
    says: 'sends 60,000 empty items of an invoice, and 200,000 wrong scopes',
    abuse: (person) =>
      untilOver(async () => {
        await person.ask('POST', '/v1/invoices', { json: { items: empty } });
        await person.ask('POST', '/api/api-keys', { json: { nom: 'x', scopes: wrong } });
      }),
  },
  halves: {
    says: 'keeps 200 connections with half a body',
    abuse: async (person) => {
      const { hostname, port } = new URL(server.url);
      const open = () => {
        const socket = connect(Number(port), hostname, () =>
          socket.write(
            `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${person.token}\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n{"query":"`,
          ),
        );
        socket.on('error', () => undefined).on('close', () => person.note('closed'));
        return socket;
      };
      let sockets = times(200, open);
      await untilOver(async () => {
        await setTimeout(1_000);
        sockets = sockets.map((socket) => (socket.destroyed ? open() : socket));
      });
      for (const socket of sockets) socket.destroy();
    },
  },
  import: {
    says: 'imports files of a million lines',
    prepare: async (person) => {
      const account = { name: 'A', account_type_id: 1, balance: 0, currency: 'EUR' };
      const { json } = await person.ask('POST', '/api/v1/accounts', { json: account });
      const lines = `Date;Libellé;Montant\n${times(1_000_000, (n) => `02/02/2026;x${n};1,00\n`).join('')}`;
      return { account: json?.id, lines };
    },
    abuse: (person, { account, lines }) =>
      untilOver(() =>
        person.ask('POST', '/api/v1/imports', { form: fileOf(lines, 'a.csv', { account_id: String(account) }) }),
      ),
  },
  report: {
    says: 'has reports of an intervention with 500 photos made',
    role: 'admin',
    prepare: async ({ id }) => {
      const stage = { sql, services: { store: diskStore(join(dataFolder, 'files')) } };
      const visit = await makeVisit(stage, { id });
      for (let n = 0; n < 500; n += 1) await addPhoto(stage, visit);
      return visit.interventionId;
    },
    abuse: (person, id) =>
      untilOver(() =>
        person.ask('POST', '/api/rapports/generate', { json: { intervention_id: id, type_rapport: 'inspection' } }),
      ),
  },
  tarpit: {
    says: 'has each change sent to a program that never answers',
    role: 'admin',
    prepare: (person) =>
      person.ask('POST', '/api/webhooks', {
        json: { nom: 'T', url: `${receiver.url}/tarpit`, type_webhook: 'client_created' },
      }),
    abuse: (person) => untilOver(() => person.ask('POST', '/api/clients', { json: { nom: `C${Math.random()}` } })),
  },
  plugin: {
    says: 'asks a plugin that loops for ever',
    role: 'admin',
    prepare: async (person) => {
      const path = await writePlugin(
        folder,
        { id: 'loop', api_prefix: '/loop' },
        {
          'index.js': `import { definePlugin } from '@passerelle/plugin';
            export default definePlugin({ routes: [{ method: 'GET', path: '/', handler: () => { for (;;); } }] });`,
        },
      );
      const installed = await person.ask('POST', '/system/plugins', { json: { name: 'loop', source: path } });
      await person.ask('POST', '/system/plugins/loop/enable');
      return installed;
    },
    abuse: (person) => untilOver(() => person.ask('GET', '/loop/')),
  },
  calendar: {
    says: 'asks for a calendar of ten years, with 50,000 appointments',
    role: 'manager',
    prepare: async () => {
      const [{ id }] = await sql(
        `insert into clients (name, email, address) values ('C', 'c@example.org', 'rue du Bac') returning id`,
      );
      await sql(
        `insert into appointments (client_id, technician, starts_at, ends_at, blocked_until)
         select ?::uuid, 'T' || n % 10, at, at + interval '1 hour', at + interval '1 hour'
           from generate_series(0, 49999) n, lateral (select timestamptz '2020-01-01T08:00Z' + n / 10 * interval '17 hours' as at) t`,
        [id],
      );
    },
    abuse: (person) =>
      untilOver(async () => {
        await person.ask('GET', '/api/planning/calendar?start=2020-01-01T00:00:00Z&end=2030-01-01T00:00:00Z');
        await person.ask('GET', '/api/planning/calendar.ics');
      }),
  },
};

const statusOf = (field) =>
  Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);

const wanted = options.only?.split(',') ?? Object.keys(abusers);
const other = await register('other');
const prepared = [];
for (const name of wanted) {
  const person = await register(name);
  const { role, prepare } = abusers[name];
  if (role) {
    const given = 'insert into role_assignments (user_id, role_id) select ?, id from roles where name = ?';
    await sql(given, [person.id, role]);
  }
  const given = await prepare?.(person);
  log(`${name} is ready: ${JSON.stringify([...person.answers])}`);
  person.answers.clear();
  prepared.push({ name, person, given });
}

/** The other person asks from a thread of their own: what keeps the abusers busy here is not the server's delay. */
const asking = new Worker(
  `const { workerData: { url, token, seconds }, parentPort } = require('node:worker_threads');
   (async () => {
     const times = [], failed = {};
     const endsAtMs = performance.now() + seconds * 1000;
     while (performance.now() < endsAtMs) {
       const startedMs = performance.now();
       const answer = await fetch(url, {
         method: 'POST',
         headers: { authorization: 'Bearer ' + token, 'content-type': 'application/json' },
         body: JSON.stringify({ query: '{ viewer { id } }' }),
       }).then((found) => found.text().then(() => found.status), (error) => error.cause?.code ?? error.name);
       times.push(performance.now() - startedMs);
       if (answer !== 200) failed[answer] = (failed[answer] ?? 0) + 1;
       await new Promise((resolve) => setTimeout(resolve, Math.max(0, 100 - (performance.now() - startedMs))));
     }
     parentPort.postMessage({ times, failed: Object.entries(failed) });
   })();`,
  { eval: true, workerData: { url: `${server.url}/graphql`, token: other.token, seconds } },
);
// Their own work, such as writing 200,000 scopes as JSON, would be done on machines of theirs: it gets the processors
// after the server. Of this thread alone, since on Linux each has a priority of its own; the other person keeps theirs.
if (process.platform === 'linux') setPriority(10);
const working = prepared.map(({ name, person, given }) => abusers[name].abuse(person, given));
let peakMb = 0;
const watching = setInterval(() => (peakMb = Math.max(peakMb, statusOf('VmRSS'))), 200);
const [{ times: answers, failed }] = await once(asking, 'message');
clearInterval(watching);
isOver = true;
await Promise.race([Promise.all(working), setTimeout(20_000)]);
peakMb = Math.max(peakMb, statusOf('VmHWM'));

const sorted = answers.toSorted((a, b) => a - b);
const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Infinity;
const isFine = p99 < worst.p99Ms && peakMb < worst.residentMb && failed.length === 0;
const summary = [
  `${wanted.length} abusers for ${seconds} s on ${cpus().length} cores. Another person asked \`{ viewer { id } }\` ${answers.length} times:`,
  `median ${summaryOf(answers).median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (at most ${worst.p99Ms}), slowest ${sorted.at(-1)?.toFixed(1)} ms,`,
  `${failed.map(([status, count]) => `${count} × ${status}`).join(', ') || 'none'} failed. The server held ${peakMb} MB at most (at most ${worst.residentMb}).`,
  `The load of the machine was ${loadBefore.toFixed(1)} before, by programs of others where it is not near 0.`,
].join('\n');
log(`\n${summary}`);
const rows = prepared.map(
  ({ name, person }) =>
    `| ${name} | ${abusers[name].says} | ${[...person.answers].map(([answer, count]) => `${count} × ${answer}`).join(', ')} |`,
);
log(`\n${rows.join('\n')}`);
if (!options.only)
  writeResults(
    'abuse.md',
    `# While others do their worst\n\n${summary}\n\n| who | what it does | what it was answered |\n| --- | --- | --- |\n${rows.join('\n')}\n`,
  );
await db.end();
await server.end('SIGKILL');
await receiver.stop();
await admin(`drop database ${database} with (force)`);
rmSync(folder, { recursive: true, force: true });
process.exit(isFine ? 0 : 1);
