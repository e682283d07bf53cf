/**
 * Two gateways and a worker on one PostgreSQL, one Redis and one S3, killed, drained and started in random order while
 * people work: `npm run bench:chaos [-- --seconds=60 --seed=1]`.
 *
 * Counts what must not be: a request that failed at a process which nobody had ended, a change that is missing or there
 * twice, an event that a listener (which resumes) missed, heard twice or out of order, a webhook that was not sent, a
 * file whose bytes another gateway does not have, a run of a task that was doubled. Each process is ended by SIGKILL or
 * drained by SIGTERM (as a rolling restart does); a client tries the other gateway with the same Idempotency-Key.
 * Then, with nobody killed: a token that is revoked at one gateway ends at the other, and both count one quota together.
 *
 * Needs PostgreSQL (BENCH_DATABASE_URL, default postgres://postgres@127.0.0.1:5432/postgres), Redis (BENCH_REDIS_URL,
 * default redis://127.0.0.1:6379) and the built server. Writes bench/results/process-chaos.md; ends with 1 when a count is wrong.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import WebSocket from 'ws';
import { startProcess } from '../test/support/process.js';
import { startReceiver } from '../test/support/receiver.js';
import { startS3Server } from '../test/support/s3-server.js';
import { log, writeResults } from './own-server.mjs';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
});
const seconds = Number(options.seconds);
const databaseServer = process.env.BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const redisUrl = process.env.BENCH_REDIS_URL ?? 'redis://127.0.0.1:6379';
const password = 'Passerelle-2026!';
const people = 4;
/** How long a client tries: a process needs some of it to start again on a machine that is busy. */
const patienceMs = 60_000;

let seed = Number(options.seed);
/** mulberry32 */
const random = () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};
const oneOf = (list) => list[Math.floor(random() * list.length)];

const wrong = [];
const mistake = (text) => {
  wrong.push(text);
  if (wrong.length <= 20) log(`WRONG: ${text}`);
};

/** A place for a process of one kind, at an address that stays. */
class Seat {
  server;
  port = 0;
  /** Between being told to end and serving again. */
  isAway = true;
  endedAtMs = 0;
  constructor(kind, env) {
    Object.assign(this, { kind, env });
  }
  async start() {
    this.server = await startProcess({ ...this.env, PROCESS: this.kind, PORT: String(this.port) });
    this.port = Number(new URL(this.server.url).port);
    this.isAway = false;
  }
  get url() {
    return `http://127.0.0.1:${this.port}`;
  }
  async end(signal) {
    this.isAway = true;
    const code = await this.server.end(signal);
    this.endedAtMs = performance.now();
    if (signal === 'SIGTERM' && code !== 0)
      mistake(`a drained ${this.kind} ended with ${code}: ${this.server.output()}`);
  }
  /** Whether it was away at any time since then. */
  wasAwaySince(ms) {
    return this.isAway || this.endedAtMs >= ms;
  }
}

const counts = {
  requests: 0,
  retried: 0,
  killed: 0,
  drained: 0,
  uploads: 0,
  events: 0,
  webhooks: 0,
  readBacks: 0,
  lostAnswers: 0,
};

/** A request of a client that goes on to the other gateway when one ends under it. */
async function ask(gateways, method, path, { token, json, body } = {}) {
  const key = randomUUID();
  const firstMs = performance.now();
  for (;;) {
    const gateway = oneOf(gateways.filter(({ isAway }) => !isAway)) ?? oneOf(gateways);
    const startedMs = performance.now();
    counts.requests += 1;
    try {
      const answer = await fetch(`${gateway.url}${path}`, {
        method,
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(json && { 'content-type': 'application/json' }),
          ...(method === 'POST' && { 'idempotency-key': key }),
        },
        ...(json ? { body: JSON.stringify(json) } : body && { body: body() }),
      });
      const text = await answer.text();
      // The first try may still be under way at a process that is draining, or has died with it: then it is known soon.
      const isBusy = answer.status === 409 && answer.headers.has('retry-after');
      // It was done, and its process died before it could say so.
      const isLost = answer.status === 409 && !isBusy && /idempoten/i.test(text);
      if (isLost) counts.lostAnswers += 1;
      if (answer.status < 500 && !isBusy)
        return { status: answer.status, json: text && JSON.parse(text), gateway, isLost };
      if (!isBusy && !gateway.wasAwaySince(startedMs))
        mistake(`${method} ${path}: ${answer.status} ${text.slice(0, 200)} from a process that nobody ended`);
    } catch (error) {
      if (!gateway.wasAwaySince(startedMs))
        mistake(`${method} ${path}: ${error.cause?.code ?? error.message} from a process that nobody ended`);
    }
    counts.retried += 1;
    if (performance.now() - firstMs > patienceMs) throw new Error(`${method} ${path} fails everywhere`);
    await setTimeout(100 + random() * 200);
  }
}

/** Hears all events at whichever gateway is there, and resumes. */
function listen(gateways, token) {
  const heard = [];
  let isOver = false;
  let socket;
  const connect = () => {
    if (isOver) return;
    const gateway = oneOf(gateways.filter(({ isAway }) => !isAway)) ?? gateways[0];
    socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/ws`);
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'auth', token, events: ['client.created'], after: heard.at(-1)?.id ?? '0' })),
    );
    socket.on('message', (data) => {
      const message = JSON.parse(data);
      if (message.type === 'error') mistake(`a listener got ${message.code}: ${message.message}`);
      if (message.id !== undefined) heard.push(message);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => void setTimeout(50 + random() * 100).then(connect));
  };
  connect();
  return {
    heard,
    stop: () => {
      isOver = true;
      socket.terminate();
    },
  };
}

const pdf = (text) => `%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n% ${text}\ntrailer<</Root 1 0 R>>\n%%EOF\n`;

async function until(what, isSo, timeoutMs = 60_000) {
  const endMs = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) return mistake(`${what}: not within ${timeoutMs / 1000} s`);
    await setTimeout(200);
  }
}

const database = `passerelle_chaos_${process.pid}`;
const admin = async (statement) => {
  const client = new pg.Client({ connectionString: databaseServer });
  await client.connect();
  await client.query(statement).finally(() => client.end());
};
const folder = mkdtempSync(join(tmpdir(), 'passerelle-chaos-'));
await admin(`create database ${database}`);
const s3 = await startS3Server();
const receiver = await startReceiver();
const databaseUrl = Object.assign(new URL(databaseServer), { pathname: `/${database}` }).href;
const env = (name) => ({
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  ...s3.env(),
  DATA_DIR: mkdtempSync(join(folder, `${name}-`)),
  ADMIN_PASSWORD: password,
  RATE_LIMITS: '1000',
  WEBHOOK_ALLOW_PRIVATE: 'on',
  WATCH_DIR: 'off',
  TESSERACT: 'off',
  JWT_SECRET: `chaos-secret-${process.pid}-`.repeat(3),
});
const gateways = [new Seat('web', env('a')), new Seat('web', env('b'))];
const seats = [...gateways, new Seat('worker', env('w'))];
try {
  for (const seat of seats) await seat.start();
  log('two gateways and a worker serve');
  const login = (username) =>
    ask(gateways, 'POST', '/auth/login', { json: { username, password } }).then(({ json }) => json.access_token);
  const adminToken = await login('admin');
  const db = new pg.Client({ connectionString: databaseUrl });
  db.on('error', () => undefined);
  await db.connect();
  await ask(gateways, 'POST', '/api/webhooks', {
    token: adminToken,
    json: { nom: 'Chaos', url: `${receiver.url}/chaos`, type_webhook: 'client_created' },
  });
  const task = await ask(gateways, 'POST', '/system/tasks', {
    token: adminToken,
    json: { id: 'chaos', name: 'Chaos', type: 'interval', interval: { seconds: 2 }, action: 'noop', enabled: true },
  });
  if (task.status >= 300) mistake(`the task: ${task.status} ${JSON.stringify(task.json)}`);
  const taskSinceMs = Date.now();
  const listeners = [listen(gateways, adminToken), listen(gateways, adminToken)];

  const endsAtMs = performance.now() + seconds * 1000;
  const created = [];
  const documents = [];
  const work = async (person) => {
    for (let n = 0; performance.now() < endsAtMs; n += 1) {
      const nom = `Client ${person}-${n}`;
      const made = await ask(gateways, 'POST', '/api/clients', { token: adminToken, json: { nom } });
      const { gateway, isLost } = made;
      if (made.status !== 201 && !isLost) mistake(`a client: ${made.status} ${JSON.stringify(made.json)}`);
      const search = `/api/clients/?search=${encodeURIComponent(nom)}&size=100`;
      const json = isLost
        ? (await ask(gateways, 'GET', search, { token: adminToken })).json.clients.find((each) => each.nom === nom)
        : made.json;
      if (!json) mistake(`${nom} is said to be there, and is not`);
      created.push({ nom, id: json?.id });
      const others = gateways.filter((each) => each !== gateway);
      const readBack = await ask(others, 'GET', `/api/clients/${json.id}`, { token: adminToken });
      counts.readBacks += 1;
      if (readBack.json?.nom !== nom) mistake(`${nom} cannot be read at the other gateway: ${readBack.status}`);
      if (n % 5 !== 0) continue;
      const text = pdf(nom);
      const body = () => {
        const form = new FormData();
        form.append('files', new Blob([text], { type: 'application/pdf' }), `${nom}.pdf`);
        return form;
      };
      const upload = await ask(gateways, 'POST', '/kdocs/api/documents/upload', { token: adminToken, body });
      counts.uploads += 1;
      const id = upload.json?.results?.[0]?.id ?? upload.json?.results?.[0]?.document_id;
      if (upload.isLost) continue;
      if (!id) mistake(`an upload: ${upload.status} ${JSON.stringify(upload.json)}`);
      else documents.push({ id, text, gateway: upload.gateway });
    }
  };
  const chaos = async () => {
    while (performance.now() < endsAtMs - 3_000) {
      await setTimeout(500 + random() * 1_500);
      // One gateway at least stays, as a balancer has it.
      const seat = oneOf(seats.filter((each) => !gateways.includes(each) || gateways.every(({ isAway }) => !isAway)));
      const signal = random() < 0.5 ? 'SIGKILL' : 'SIGTERM';
      counts[signal === 'SIGKILL' ? 'killed' : 'drained'] += 1;
      await seat.end(signal);
      await setTimeout(random() * 1_000);
      await seat.start();
    }
  };
  await Promise.all([chaos(), ...Array.from({ length: people }, (_, person) => work(person))]);
  log(`${created.length} clients, ${documents.length} documents; ${counts.killed} killed, ${counts.drained} drained`);

  // What was answered is there, once.
  const { rows } = await db.query(`select id::text, name from clients`);
  const byName = Map.groupBy(rows, ({ name }) => name);
  for (const { nom } of created)
    if (byName.get(nom)?.length !== 1) mistake(`${nom} is there ${byName.get(nom)?.length ?? 0} times`);
  for (const { id, text } of documents) {
    for (const { url } of gateways) {
      const answer = await fetch(`${url}/kdocs/api/documents/${id}/download`, {
        headers: { authorization: `Bearer ${adminToken}` },
      });
      if ((await answer.text()) !== text) mistake(`document ${id} cannot be fetched: ${answer.status}`);
    }
  }
  const everyId = new Set(rows.map(({ id }) => id));
  await until(
    'every event is placed',
    async () => !(await db.query('select 1 from events where position is null limit 1')).rowCount,
  );
  const { rows: log_ } = await db.query(
    `select position::text as id from events where type = 'client.created' order by position`,
  );
  for (const [i, { heard }] of listeners.entries()) {
    await until(`listener ${i} hears everything`, () => heard.length >= log_.length);
    const ids = heard.map(({ id }) => String(id));
    if (ids.join() !== log_.map(({ id }) => id).join())
      mistake(`listener ${i} heard ${ids.length} of ${log_.length}, ${ids.length - new Set(ids).size} of them twice`);
    counts.events += ids.length;
  }
  const deliveredIds = () => new Set(receiver.received.map(({ json }) => json.resource_id ?? json.data?.id));
  await until('every webhook is sent', () => [...everyId].every((id) => deliveredIds().has(id)), 120_000);
  counts.webhooks = receiver.received.length;
  const { rows: runs } = await db.query(`
    select count(*)::int as n, count(*) filter (where status = 'failure')::int as failed,
           count(*) - count(distinct date_trunc('milliseconds', due_at)) as doubled from task_runs where task_id = 'chaos'`);
  const expected = Math.floor((Date.now() - taskSinceMs) / 2_000);
  counts.runs = `${runs[0].n} of ${expected} (what was due while no worker was there is caught up once)`;
  if (Number(runs[0].doubled) > 0) mistake(`${runs[0].doubled} runs of the task were doubled`);
  if (runs[0].n < expected / 4) mistake(`the task ran ${runs[0].n} times of ${expected}`);
  for (const listener of listeners) listener.stop();

  // One and the same to the outside.
  const { json: made } = await ask([gateways[0]], 'POST', '/api/v1/api-tokens', {
    token: adminToken,
    json: { name: 'chaos', scopes: ['read'] },
  });
  const apiToken = made.token ?? made.key;
  const me = (gateway) =>
    fetch(`${gateway.url}/auth/me`, { headers: { authorization: `Bearer ${apiToken}` } }).then(({ status }) => status);
  if ((await me(gateways[1])) !== 200) mistake('a token made at one gateway does not hold at the other');
  await ask([gateways[0]], 'DELETE', `/api/v1/api-tokens/${made.id}`, { token: adminToken });
  const revokedMs = performance.now();
  await until('a revoked token ends at the other gateway', async () => (await me(gateways[1])) === 401, 5_000);
  counts.revokedWithinMs = Math.round(performance.now() - revokedMs);
  const left = async (gateway) =>
    Number((await fetch(`${gateway.url}/health-of-nothing`)).headers.get('x-ratelimit-remaining'));
  const before = await left(gateways[0]);
  const after = [await left(gateways[1]), await left(gateways[0])];
  if (after[0] !== before - 1 || after[1] !== before - 2) mistake(`quotas are counted apart: ${before}, then ${after}`);
  await db.end();
} catch (error) {
  mistake(error.stack ?? String(error));
} finally {
  await Promise.all(seats.map(async (seat) => seat.isAway || seat.end('SIGTERM')));
  await receiver.stop();
  await s3.stop();
  await admin(`drop database ${database} with (force)`);
  rmSync(folder, { recursive: true, force: true });
}
const lines = [
  ['requests', counts.requests],
  ['… tried again because the process ended under them', counts.retried],
  ['… of these, done by a process that died before it could answer', counts.lostAnswers],
  ['processes killed', counts.killed],
  ['processes drained', counts.drained],
  ['changes read back at the other gateway', counts.readBacks],
  ['files uploaded, fetched from both gateways', counts.uploads],
  ['events heard by two listeners, each once and in order', counts.events],
  ['webhooks received (at least once each)', counts.webhooks],
  ['runs of a task of two seconds', counts.runs],
  ['milliseconds until a revoked token ended at the other gateway', counts.revokedWithinMs],
  ['wrong', wrong.length],
].map(([what, count]) => `| ${what} | ${count} |`);
const page = `# Processes that come and go\n\n\`npm run bench:chaos\`, ${seconds} s, seed ${options.seed}.\n\n| | |\n| --- | --- |\n${lines.join('\n')}\n`;
writeResults('process-chaos.md', page);
log(`\n${page}`);
process.exit(wrong.length ? 1 : 0);
