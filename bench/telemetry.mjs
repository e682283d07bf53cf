/**
 * What traces cost: requests a second with them and without, in turn: `npm run bench:telemetry`.
 *
 * Needs PostgreSQL (BENCH_DATABASE_URL, default postgres://postgres@127.0.0.1:5432/postgres), where it makes a database and drops
 * it again. Starts the built server three times on it: without traces, with all recorded and taken by a collector of ours, and
 * with a collector that never answers. Writes bench/results/telemetry.md.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { log, writeResults } from './own-server.mjs';

const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const roundMs = Number(process.env.BENCH_ROUND_MS ?? 2_000);
const postgres = process.env.BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const name = `passerelle_bench_${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'passerelle-bench-'));
const env = {
  PATH: process.env.PATH,
  DATABASE_URL: Object.assign(new URL(postgres), { pathname: `/${name}` }).href,
  DATA_DIR: folder,
  PORT: '0',
  DEMO: '0',
  RATE_LIMITS: 'off',
  TESSERACT: 'off',
  LOG_LEVEL: 'warn',
  PROCESS: 'web',
  JWT_SECRET: 'bench-secret-'.repeat(4),
  ENCRYPTION_KEY: 'bench-key-'.repeat(4),
  ADMIN_PASSWORD: 'Passerelle-2026!',
};

const run = async (statement) => {
  const client = new pg.Client({ connectionString: postgres });
  await client.connect();
  await client.query(statement).finally(() => client.end());
};

async function collector(does) {
  let spans = 0;
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      if (does === 'hang') return;
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString());
      spans += resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)).length;
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    spans: () => spans,
    stop: () => (server.closeAllConnections(), server.close()),
  };
}

async function start(more) {
  const main = fileURLToPath(new URL('../dist/bundled/main.js', import.meta.url));
  const child = spawn(process.execPath, [main], { env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const url = await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(said)));
    child.stdout.on('data', (chunk) => {
      said += chunk;
      const line = said.split('\n').find((each) => each.endsWith('"msg":"Passerelle serves"}'));
      if (line) resolve(JSON.parse(line).url);
    });
  });
  const residentMb = async () =>
    Number(/^process_resident_memory_bytes (\S+)/m.exec(await (await fetch(`${url}/metrics`)).text())[1]) / 1e6;
  return { url, residentMb, stop: () => (child.kill('SIGINT'), once(child, 'close')) };
}

const load = fork(new URL('./load.mjs', import.meta.url));
const measure = async (url, requests, ms) => {
  load.send({ ports: [Number(new URL(url).port)], requests, connections: 16, ms });
  const [result] = await once(load, 'message');
  if (result.failed) throw new Error(result.failed);
  return result.requests / result.seconds;
};

const taking = await collector('take');
const hanging = await collector('hang');
const kinds = [
  { kind: 'no traces', more: {} },
  { kind: 'all recorded', more: { OTEL_EXPORTER_OTLP_ENDPOINT: taking.url } },
  { kind: 'one of a hundred', more: { OTEL_EXPORTER_OTLP_ENDPOINT: taking.url, OTEL_TRACES_SAMPLER_ARG: '0.01' } },
  { kind: 'a collector that hangs', more: { OTEL_EXPORTER_OTLP_ENDPOINT: hanging.url } },
];
const servers = [];
try {
  await run(`create database ${name}`);
  for (const { more } of kinds) servers.push(await start(more));
  const login = await fetch(`${servers[0].url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: env.ADMIN_PASSWORD }),
  });
  const { access_token: token } = await login.json();
  const query = '{ users(first: 10) { nodes { id username roles { name } } } viewer { id } }';
  const body = JSON.stringify({ query });
  const requests = [
    `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ];
  const rates = kinds.map(() => []);
  const memory = kinds.map(() => []);
  for (const { url } of servers) await measure(url, requests, 3_000);
  for (let round = 0; round < rounds; round += 1)
    for (const [i, server] of servers.entries()) {
      rates[i].push(await measure(server.url, requests, roundMs));
      memory[i].push(await server.residentMb());
      log(`${kinds[i].kind}: ${Math.round(rates[i].at(-1))} a second`);
    }
  const best = (values) => values.toSorted((a, b) => b - a)[0];
  const rows = kinds.map(({ kind }, i) => {
    const share = Math.round((100 * best(rates[i])) / best(rates[0]));
    return `| ${kind} | ${Math.round(best(rates[i]))} | ${share} % | ${Math.round(memory[i][0])} → ${Math.round(memory[i].at(-1))} MB |`;
  });
  writeResults(
    'telemetry.md',
    `# What traces cost

\`npm run bench:telemetry\`: a query of two lists over HTTP, 16 connections, best of ${rounds} rounds of ${roundMs / 1000} s, all servers in turn.
${cpus()[0].model}, ${cpus().length} processors, load ${loadavg()[0].toFixed(1)}. The collector, which reads all that it takes, and the load run on the same processors.

| | requests a second | of those without | memory from the first round to the last |
| --- | --- | --- | --- |
${rows.join('\n')}

${taking.spans()} spans were taken; of the collector that hangs nobody waits for an answer.
`,
  );
} finally {
  load.kill();
  await Promise.all(servers.map((server) => server.stop()));
  taking.stop();
  hanging.stop();
  await run(`drop database if exists ${name} with (force)`);
  rmSync(folder, { recursive: true, force: true });
}
