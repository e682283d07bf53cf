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
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import WebSocket from 'ws';
import { makePdf } from '../test/support/files.js';
import { makePhoto } from '../test/support/media-files.js';
import { writePlugin } from '../test/support/plugins.js';
import { startProcess } from '../test/support/process.js';
import { startReceiver } from '../test/support/receiver.js';
import { log, summaryOf, writeResults } from './own-server.mjs';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, only: { type: 'string' } },
});
const seconds = Number(options.seconds);
const worst = { p99Ms: 250, residentMb: 1024 };
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
const receiver = await startReceiver();
receiver.answer('/tarpit', () => undefined);
const server = await startProcess({
  DATABASE_URL: Object.assign(new URL(databaseServer), { pathname: `/${database}` }).href,
  DATA_DIR: mkdtempSync(join(folder, 'data-')),
  ADMIN_PASSWORD: password,
  PLUGIN_SOURCES: folder,
  WEBHOOK_ALLOW_PRIVATE: 'on',
  WATCH_DIR: 'off',
  TESSERACT: 'off',
  LOG_LEVEL: 'error',
});
const { pid } = server.process;

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
  return signIn(email);
}

const fileOf = (bytes, name, fields = {}, key = 'file') => {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set(key, new Blob([bytes]), name);
  return form;
};

const times = (count, each) => Array.from({ length: count }, (_, n) => each(n));
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
      for (const n of times(12)) await rule({ name: `r${n}`, match: expensive, matchingAlgorithm: 'REGEX' });
      for (const [n] of times(40).entries())
        await rule({ name: `f${n}`, match: 'lorem ipsum dolor sit amet '.repeat(8), matchingAlgorithm: 'FUZZY' });
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
        await person.ask('POST', '/v1/invoices', { json: { items: times(60_000, () => ({})) } });
        await person.ask('POST', '/api/api-keys', { json: { nom: 'x', scopes: times(200_000, () => 'wrong') } });
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
    isAdmin: true,
    prepare: async (person) => {
      const client = await person.ask('POST', '/api/clients', { json: { nom: 'Dupont' } });
      const visit = await person.ask('POST', '/api/interventions', {
        json: {
          client_id: client.json.id,
          date_intervention: '2026-07-14T08:00:00Z',
          type_intervention: 'detection',
          lieu: 'Lyon',
          description: 'Fuite',
        },
      });
      const photo = await makePhoto({ widthPx: 1200, heightPx: 900 });
      const { id } = visit.json;
      for (let n = 0; n < 500; n += 10)
        await Promise.all(
          times(10, () =>
            person.ask('POST', '/api/medias/upload', { form: fileOf(photo, 'a.jpg', { intervention_id: id }) }),
          ),
        );
      return id;
    },
    abuse: (person, id) =>
      untilOver(() =>
        person.ask('POST', '/api/rapports/generate', { json: { intervention_id: id, type_rapport: 'inspection' } }),
      ),
  },
  tarpit: {
    says: 'has each change sent to a program that never answers',
    isAdmin: true,
    prepare: (person) =>
      person.ask('POST', '/api/webhooks', {
        json: { nom: 'T', url: `${receiver.url}/tarpit`, type_webhook: 'client_created' },
      }),
    abuse: (person) => untilOver(() => person.ask('POST', '/api/clients', { json: { nom: `C${Math.random()}` } })),
  },
  plugin: {
    says: 'asks a plugin that loops for ever',
    isAdmin: true,
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
    says: 'asks for a calendar of ten years',
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
const chief = await signIn('admin');
const other = await register('other');
const prepared = [];
for (const name of wanted) {
  const person = abusers[name].isAdmin
    ? Object.assign(new Person(name, chief.token), { answers: new Map() })
    : await register(name);
  const given = await abusers[name].prepare?.(person);
  log(`${name} is ready: ${JSON.stringify([...person.answers])}`);
  person.answers.clear();
  prepared.push({ name, person, given });
}

const answers = [];
const failed = new Map();
const working = prepared.map(({ name, person, given }) => abusers[name].abuse(person, given));
let peakMb = 0;
const endsAtMs = performance.now() + seconds * 1000;
while (performance.now() < endsAtMs) {
  const startedMs = performance.now();
  const { status } = await other.graphql('{ viewer { id } }');
  answers.push(performance.now() - startedMs);
  if (status !== 200) failed.set(status, (failed.get(status) ?? 0) + 1);
  peakMb = Math.max(peakMb, statusOf('VmRSS'));
  await setTimeout(Math.max(0, 100 - (performance.now() - startedMs)));
}
isOver = true;
await Promise.race([Promise.all(working), setTimeout(20_000)]);
peakMb = Math.max(peakMb, statusOf('VmHWM'));

const sorted = answers.toSorted((a, b) => a - b);
const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Infinity;
const isFine = p99 < worst.p99Ms && peakMb < worst.residentMb && failed.size === 0;
const summary = [
  `${wanted.length} abusers for ${seconds} s on ${cpus().length} cores. Another person asked \`{ viewer { id } }\` ${answers.length} times:`,
  `median ${summaryOf(answers).median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (at most ${worst.p99Ms}), slowest ${sorted.at(-1)?.toFixed(1)} ms,`,
  `${[...failed].map(([status, count]) => `${count} × ${status}`).join(', ') || 'none'} failed. The server held ${peakMb} MB at most (at most ${worst.residentMb}).`,
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
await server.end('SIGKILL');
await receiver.stop();
await admin(`drop database ${database} with (force)`);
rmSync(folder, { recursive: true, force: true });
process.exit(isFine ? 0 : 1);
