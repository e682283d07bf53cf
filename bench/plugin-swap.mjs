/**
 * Plugins that come, change and go while people work: `npm run bench:swap [-- --rounds=3 --reloads=300]`.
 *
 * Starts the built server (on a database of its own in BENCH_DATABASE_URL when that is given, otherwise embedded) and asks it
 * 200 times a second: a query of the core, a route of the core, and, from the answer that a plugin is enabled until it is told to
 * disable it, the plugin's field, its query, its route and a route of its dialect. Meanwhile the plugin is installed, enabled,
 * reloaded with changed files, disabled, enabled, and uninstalled while active. Counts requests that failed, and answers of
 * an older version than the one whose reload had been answered. Then it is reloaded many times, asked each time, with the
 * server's memory every 50 times: what is resident, and the heap after a collection. Writes bench/results/plugin-swap.md;
 * ends with 1 when a request failed, memory grew or a process stayed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import WebSocket from 'ws';
import { changePlugin, writePlugin } from '../test/support/plugins.js';
import { startProcess } from '../test/support/process.js';
import { log, writeResults } from './own-server.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    reloads: { type: 'string', default: '300' },
    rate: { type: 'string', default: '200' },
  },
});
const rounds = Number(options.rounds);
const reloads = Number(options.reloads);
const perSecond = Number(options.rate);
/** Under way at once: beyond it a machine that is too slow asks less often, and the rate that was reached says so. */
const mostUnderWay = 200;
/** How long the load goes on between two changes. */
const calmMs = 1_000;
/** The first reloads fill what is kept to be found again. */
const warmUp = 50;
/** What a process that has settled may differ by: of what is resident, and of the heap after a collection. */
const tolerance = { residentMb: 40, heapMb: 8 };
const password = 'Passerelle-2026!';

const manifest = {
  id: 'swap',
  api_prefix: '/swap',
  capabilities: ['graph:read', 'storage', 'events:read', 'events:write'],
};
const code = (version) => `
  import { batch, definePlugin } from '@passerelle/plugin';
  export default definePlugin({
    sdl: \`
      extend type Document { "The version that answers." swapVersion: Int }
      extend type Query { "The version that answers." swap: Swap }
      "What changes." type Swap { version: Int! field${version}: Int document: Document }
    \`,
    resolvers: {
      Document: { swapVersion: batch((documents) => documents.map(() => ${version})) },
      Query: {
        swap: async (parent, args, api) => {
          const { documents } = await api.graph('{ documents(first: 1) { nodes { id } } }');
          return { version: ${version}, field${version}: ${version}, document: documents.nodes[0] };
        },
      },
    },
    routes: [{ method: 'GET', path: '/version', handler: () => ({ version: ${version} }) }],
    dialect: {
      prefix: '/swap-dialect/v1',
      title: 'Swap',
      envelope: { error: '{{message}}' },
      routes: [
        {
          method: 'GET',
          path: '/version',
          query: { type: 'object', properties: { page${version}: { type: 'integer' } } },
          response: { type: 'object', properties: { version: { type: 'integer' } } },
          operation: 'query SwapVersion { swap { version document { title swapVersion } } }',
          toResponse: ({ swap }) => ({ version: swap.version }),
        },
      ],
    },
    events: ['swapped'],
    handlers: { 'document.updated': () => {} },
    migrations: [{ name: '1', steps: [{ createTable: 'things', columns: { name: { type: 'text' } } }] }],
  });
`;

const wrong = [];
const mistake = (given) => {
  const text = given.trimEnd();
  wrong.push(text);
  if (wrong.length <= 20) log(`WRONG: ${text}`);
};

/** What is asked in turn. `versionIn` is of the plugin's answers: the version that gave it. */
const graphql = (query) => ({ method: 'POST', path: '/graphql', json: { query } });
const ofCore = [
  { name: 'core query', ...graphql('{ documents(first: 5) { nodes { id title owner { fullName } } } }') },
  { name: 'core route', method: 'GET', path: '/kdocs/api/documents' },
];
const ofPlugin = [
  {
    name: 'field of the plugin',
    ...graphql('{ documents(first: 5) { nodes { id title swapVersion } } }'),
    versionIn: ({ data }) => data.documents.nodes[0].swapVersion,
  },
  { name: 'query of the plugin', ...graphql('{ swap { version } }'), versionIn: ({ data }) => data.swap.version },
  { name: 'route of the plugin', method: 'GET', path: '/swap/version', versionIn: ({ version }) => version },
  { name: 'dialect route', method: 'GET', path: '/swap-dialect/v1/version', versionIn: ({ version }) => version },
];

const folder = await mkdtemp(join(tmpdir(), 'passerelle-swap-'));
const postgres = process.env.BENCH_DATABASE_URL;
const database = `passerelle_swap_${process.pid}`;
const admin = async (statement) => {
  const client = new pg.Client({ connectionString: postgres });
  await client.connect();
  await client.query(statement).finally(() => client.end());
};
if (postgres) await admin(`create database ${database}`);
const server = await startProcess(
  {
    ...(postgres && { DATABASE_URL: Object.assign(new URL(postgres), { pathname: `/${database}` }).href }),
    DATA_DIR: await mkdtemp(join(folder, 'data-')),
    PLUGIN_SOURCES: folder,
    ADMIN_PASSWORD: password,
    RATE_LIMITS: 'off',
    WATCH_DIR: 'off',
    TESSERACT: 'off',
    LOG_LEVEL: 'error',
  },
  [process.execPath, '--enable-source-maps', '--inspect=127.0.0.1:0', resolve('dist/bundled/main.js')],
);
const { pid } = server.process;

let token;
async function request({ method, path, json, body }) {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(json && { 'content-type': 'application/json' }),
    },
    ...(json ? { body: JSON.stringify(json) } : body && { body }),
  });
  const text = await answer.text();
  return { status: answer.status, text, json: text ? JSON.parse(text) : undefined };
}

const counts = { asked: new Map(), changes: 0, slowestMs: 0, stale: 0 };
/** The version whose reload was answered; undefined: none needs to be there. */
let served;

/** Asks once, and notes what is wrong with the answer. */
async function ask(each) {
  const leastVersion = served;
  const startedMs = performance.now();
  counts.asked.set(each.name, (counts.asked.get(each.name) ?? 0) + 1);
  try {
    const { status, json, text } = await request(each);
    const ms = performance.now() - startedMs;
    if (ms > counts.slowestMs) [counts.slowestMs, counts.slowest] = [ms, `${each.name}, ${doing}`];
    if (status !== 200 || json.errors) return mistake(`${each.name} (${doing}): ${status} ${text.slice(0, 300)}`);
    if (each.versionIn?.(json) < leastVersion) {
      counts.stale += 1;
      mistake(`${each.name} (${doing}): version ${each.versionIn(json)} after ${leastVersion}`);
    }
  } catch (error) {
    mistake(`${each.name} (${doing}): ${error.cause?.code ?? error.stack}`);
  }
}

/** Asks as often as it should, whatever the answers do, until `stop`, which resolves when all are answered. */
function startLoad() {
  const startedMs = performance.now();
  const underWay = new Set();
  let n = 0;
  let left = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedMs) * perSecond) / 1000) - n - left;
    for (let i = 0; i < due; i += 1) {
      if (underWay.size >= mostUnderWay) {
        left += 1;
        continue;
      }
      const list = served === undefined ? ofCore : [...ofCore, ...ofPlugin];
      const asking = ask(list[n % list.length]).finally(() => underWay.delete(asking));
      underWay.add(asking);
      n += 1;
    }
  }, 5);
  return async () => {
    clearInterval(timer);
    await Promise.all(underWay);
    return n / ((performance.now() - startedMs) / 1000);
  };
}

let doing = 'starting';
const timesMs = new Map();
/** Changes a plugin, and waits a while before the next. */
async function change(what, path, { json, isThere, version = 0 } = {}) {
  doing = what;
  const startedMs = performance.now();
  // Until it is told to leave, and from the answer that it is there.
  if (isThere === false) served = undefined;
  const method = what === 'uninstall' ? 'DELETE' : 'POST';
  const { status, text } = await request({ method, path: `/system/plugins${path}`, json });
  if (status >= 300) throw new Error(`${what}: ${status} ${text}`);
  timesMs.set(what, [...(timesMs.get(what) ?? []), performance.now() - startedMs]);
  counts.changes += 1;
  if (isThere) served = version;
  doing = `after ${what}`;
}

/** The process itself: what is resident, and the heap after a collection, in MB. */
const inspector = await openInspector(/ws:\/\/127\.0\.0\.1:\d+\/\S+/.exec(server.output())[0]);
async function memory() {
  await inspector.send('HeapProfiler.collectGarbage');
  const { usedSize } = await inspector.send('Runtime.getHeapUsage');
  const [, residentKb] = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return { residentMb: Math.round(residentKb / 1024), heapMb: Math.round(usedSize / 2 ** 20) };
}
async function openInspector(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const waiting = new Map();
  socket.on('message', (data) => {
    const { id, result } = JSON.parse(data);
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  await new Promise((opened, failed) => socket.once('open', opened).once('error', failed));
  let last = 0;
  return {
    send: (method) =>
      new Promise((answered) => {
        last += 1;
        waiting.set(last, answered);
        socket.send(JSON.stringify({ id: last, method }));
      }),
    close: () => socket.terminate(),
  };
}

/** Those of plugins below the server, and below what confines them. */
function processesBelow(parent) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parentOf = (each) => {
    try {
      return Number(/^.*\) \S (\d+)/s.exec(readFileSync(`/proc/${each}/stat`, 'utf8'))?.[1]);
    } catch {
      return undefined;
    }
  };
  const children = all.filter((each) => parentOf(each) === parent).map(Number);
  return [...children, ...children.flatMap(processesBelow)];
}

async function until(what, isSo, timeoutMs = 30_000) {
  const endMs = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) return mistake(`${what}: not within ${timeoutMs / 1000} s`);
    await setTimeout(100);
  }
}

const memories = [];
let reached = 0;
let processes = { before: 0, after: 0 };
try {
  const login = { method: 'POST', path: '/auth/login', json: { username: 'admin', password } };
  token = (await request(login)).json.access_token;
  for (let i = 0; i < 5; i += 1) {
    const body = new FormData();
    body.append('files', new Blob([`Text ${i}`]), `text-${i}.txt`);
    await request({ method: 'POST', path: '/kdocs/api/documents/upload', body });
  }
  for (const each of ofCore) await ask(each);
  processes.before = processesBelow(pid).length;
  const source = await writePlugin(folder, manifest, { 'index.js': code(0) });
  let version = 0;
  const install = () => change('install', '', { json: { name: 'swap', source } });
  const enable = () => change('enable', '/swap/enable', { isThere: true, version });
  const reload = async () => {
    version += 1;
    await changePlugin(source, manifest, { 'index.js': code(version) });
    await change('reload', '/swap/reload', { isThere: true, version });
  };

  const stop = startLoad();
  await setTimeout(calmMs);
  for (let round = 0; round < rounds; round += 1) {
    const steps = [
      install,
      enable,
      reload,
      reload,
      reload,
      () => change('disable', '/swap/disable', { isThere: false }),
      enable,
      () => change('uninstall', '/swap', { isThere: false }),
    ];
    for (const step of steps) {
      await step();
      await setTimeout(calmMs);
    }
    log(`round ${round + 1} of ${rounds}: ${wrong.length} wrong`);
  }
  reached = await stop();

  await install();
  await enable();
  for (let n = 1; n <= reloads + warmUp; n += 1) {
    await reload();
    for (const each of [...ofCore, ...ofPlugin]) await ask(each);
    if (n < warmUp || n % 50 !== 0) continue;
    memories.push({ reloads: n - warmUp, ...(await memory()) });
    const { residentMb, heapMb } = memories.at(-1);
    log(`${n - warmUp} reloads: ${residentMb} MB resident, ${heapMb} MB of heap`);
  }
  await change('uninstall', '/swap', { isThere: false });
  await until('the processes of the plugin end', () => processesBelow(pid).length <= processes.before);
  processes.after = processesBelow(pid).length;
  for (const { residentMb, heapMb, reloads: n } of memories.slice(1)) {
    const { residentMb: resident, heapMb: heap } = memories[0];
    if (residentMb - resident > tolerance.residentMb || heapMb - heap > tolerance.heapMb)
      mistake(`memory grew from ${resident} MB (heap ${heap} MB) to ${residentMb} (${heapMb}) in ${n} reloads`);
  }
} catch (error) {
  mistake(error.stack ?? String(error));
} finally {
  inspector.close();
  const code_ = await server.end('SIGTERM');
  if (code_ !== 0) mistake(`the server ended with ${code_}: ${server.output().slice(-2_000)}`);
  if (postgres) await admin(`drop database ${database} with (force)`);
  await rm(folder, { recursive: true, force: true });
}

const all = [...counts.asked.values()].reduce((sum, n) => sum + n, 0);
const middle = (times) => Math.round(times.toSorted((a, b) => a - b)[times.length >> 1]);
const lines = [
  ['requests', `${all} (${reached.toFixed(0)} a second while plugins changed)`],
  ...[...counts.asked].map(([name, n]) => [`… ${name}`, n]),
  ['changes of a plugin', counts.changes],
  ...[...timesMs].map(([name, times]) => [`… ${name}, median ms`, middle(times)]),
  ['slowest answer, ms', `${Math.round(counts.slowestMs)} (${counts.slowest})`],
  ['answers of a version that had been replaced', counts.stale],
  ['processes left', processes.after - processes.before],
  ['wrong', wrong.length],
].map(([what, count]) => `| ${what} | ${count} |`);
const page = `# Plugins that come, change and go

\`npm run bench:swap\`, ${rounds} rounds, then ${reloads} reloads after ${warmUp} to warm up, on ${cpus().length} cores, ${postgres ? 'PostgreSQL' : 'the embedded database'}.

| | |
| --- | --- |
${lines.join('\n')}

| reloads | resident, MB | heap after a collection, MB |
| --- | --- | --- |
${memories.map(({ reloads: n, residentMb, heapMb }) => `| ${n} | ${residentMb} | ${heapMb} |`).join('\n')}
`;
writeResults('plugin-swap.md', page);
log(`\n${page}`);
process.exit(wrong.length ? 1 : 0);
