/**
 * Passerelle beside its peers, on one firm: `npm run bench`.
 *
 *   DATABASE_URL          a server on which a superuser may make the database passerelle_bench, which is kept; without it a smoke run of
 *                         our own doors on the embedded database
 *   --documents=100000    size of the firm
 *   --rounds=5            of each workload, in which everybody has a turn
 *   --seconds=1.5         of each turn
 *   --warmup=3            seconds for which everybody runs before a workload is measured: code that runs often is compiled anew
 *   --workloads=a,b       some of list, listCounted, byId, filtered, search, restList, restById, transactions, overview, evolution,
 *                         mutation, subscriptions
 *   --contenders=a,b      some of ours, postgraphile, mercurius, yoga, apollo, express, limit
 *   --fresh               makes the database anew
 *
 * First every contender must answer the same; then they are measured in turn, and a ratio is the median over the rounds of the
 * ratios within each round. Writes bench/results/peers.md when all have taken part.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import pg from 'pg';
import { contenders, headersOf, poolSize, start, viewers } from './contenders.mjs';
import { benchDatabase, embeddedDatabase } from './database.mjs';
import { memoryOf, postgresCpu, statementCounter } from './machine.mjs';
import { answerOf, connections, helper, measure, median, wire } from './measure.mjs';
import { fanOut } from './subscriptions.mjs';
import { normal, readInputs, requestsOf, settled, workloads } from './workloads.mjs';

const { values: options } = parseArgs({
  options: {
    documents: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    warmup: { type: 'string' },
    workloads: { type: 'string' },
    contenders: { type: 'string' },
    fresh: { type: 'boolean', default: false },
  },
});
const server = process.env.DATABASE_URL;
const isSmoke = server === undefined;
const documents = Number(options.documents ?? (isSmoke ? 1_000 : 100_000));
const rounds = Number(options.rounds ?? (isSmoke ? 1 : 5));
const seconds = Number(options.seconds ?? (isSmoke ? 1 : 1.5));
const warmup = Number(options.warmup ?? (isSmoke ? 1 : 3));
const chosen = (text, all) => all.filter((name) => !text || text.split(',').includes(name));
const names = isSmoke
  ? ['ours']
  : chosen(
      options.contenders,
      Object.keys(contenders).filter((name) => contenders[name].dialects.length),
    );
const workloadNames = chosen(options.workloads, [...Object.keys(workloads), 'subscriptions']);

const startedMs = performance.now();
const log = (text) =>
  process.stdout.write(`${((performance.now() - startedMs) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);

const dataDir = mkdtempSync(join(tmpdir(), 'passerelle-bench-'));
process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

if (!isSmoke) installPeers();
const firm = { documents };
const databaseUrl = isSmoke
  ? undefined
  : await benchDatabase(server, { name: 'passerelle_bench', dataDir, firm, isFresh: options.fresh, log });
if (isSmoke)
  log(
    'DATABASE_URL is not set: a smoke run of our own doors on the embedded database, with few documents; these figures compare with nothing',
  );
const client = databaseUrl && new pg.Client({ connectionString: databaseUrl });
await client?.connect();
const inputs = isSmoke ? await embeddedDatabase({ dataDir, firm, log, read: readInputs }) : await readInputs(client);
const postgres = client && (await postgresCpu(client));
const load = helper('./load.mjs');

/** Each workload with each of its viewers. */
const cases = workloadNames
  .filter((name) => name in workloads)
  .flatMap((name) => {
    const workload = workloads[name];
    const taking = names.filter((each) => !workload.only || workload.only.includes(each));
    return workload.viewers
      .map((viewer) => ({ name, workload, viewer, taking, key: `${name} ${viewer}` }))
      .filter(({ taking: { length } }) => length);
  });

const statements = await checkAnswers();
const { results, servers } = await measureAll();
const subscriptions = workloadNames.includes('subscriptions')
  ? await fanOut({
      databaseUrl,
      dataDir,
      rounds: Math.min(rounds, 3),
      documents: inputs.person.own,
      sockets: isSmoke ? 50 : 1000,
      peer: isSmoke ? undefined : 'pubsub',
      log,
    })
  : undefined;
const report = await reportOf();
log('done');
process.stdout.write(`\n${report}`);
if (!isSmoke && !options.contenders && !options.workloads) {
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  writeFileSync(new URL('results/peers.md', import.meta.url), report);
}
await client?.end();
process.exit();

/** Their exact versions, as bench/package-lock.json has them. */
function installPeers() {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  if (existsSync(join(folder, 'node_modules/postgraphile'))) return;
  log('installing the peers');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder], { stdio: 'inherit' });
}

/** Every contender through a counter of statements: stops at the first difference, answers the statements of each case. */
async function checkAnswers() {
  const counted = {};
  const wanted = new Map();
  await cleanUp();
  for (const name of names) {
    const counter = databaseUrl && (await statementCounter(databaseUrl));
    const contender = await start(name, { databaseUrl: counter?.url, dataDir });
    for (const { workload, viewer, key } of cases.filter(({ taking }) => taking.includes(name))) {
      const headers = await headersOf(contender, viewers[viewer]);
      const { ids, hidden } = inputs[viewer];
      const visible = {
        ...inputs[viewer],
        ids: ids.slice(0, 20),
        filters: inputs[viewer].filters.slice(0, 20),
        own: inputs[viewer].own.slice(0, 5),
      };
      const requests = requestsOf(workload, contenders[name], visible);
      for (const [i, request] of requests.entries()) {
        const answer = normal(await answerOf(contender.url, request, headers));
        const question = `${key} ${i}`;
        if (answer === null || answer.errors) throw new Error(`${name}, ${question}: ${JSON.stringify(answer)}`);
        if (!wanted.has(question)) wanted.set(question, { answer, by: name });
        const first = wanted.get(question);
        if (!isDeepStrictEqual(answer, first.answer))
          throw new Error(`${name} and ${first.by} differ at ${question}:\n${difference(first.answer, answer)}`);
      }
      if (workload === workloads.byId) {
        for (const request of requestsOf(workload, contenders[name], { ids: hidden })) {
          const answer = normal(await answerOf(contender.url, request, headers));
          if (answer !== null && !answer.error) throw new Error(`${name} shows ${viewer} a document of somebody else`);
        }
      }
      if (counter) {
        // The least of some, since a server may also do something of its own meanwhile.
        const counts = [];
        for (let i = 0; i < 7; i += 1) {
          const before = counter.executed();
          await answerOf(contender.url, requests[0], headers);
          counts.push(counter.executed() - before);
        }
        counted[`${name} ${key}`] = Math.min(...counts);
      }
    }
    await contender.stop();
    counter?.close();
    await cleanUp();
    log(`${name}: its answers are those of the others`);
  }
  return counted;
}

/** Where two answers part. */
function difference(one, other, path = '') {
  if (isDeepStrictEqual(one, other)) return undefined;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other)
    return `${path}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`;
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const found = difference(one[key], other[key], `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}

async function measureAll() {
  const running = {};
  for (const name of names) {
    running[name] = await start(name, { databaseUrl, dataDir });
    log(`${name} started in ${running[name].startMs.toFixed(0)} ms`);
  }
  const measured = {};
  for (const { workload, viewer, taking, key } of cases) {
    const wires = {};
    for (const name of taking)
      wires[name] = wire(
        requestsOf(workload, contenders[name], inputs[viewer]),
        await headersOf(running[name], viewers[viewer]),
      );
    for (const name of taking) await turn(name, warmup, wires[name]);
    for (let round = 0; round < rounds; round += 1) {
      for (const [i] of taking.entries()) {
        const name = taking[(i + round) % taking.length];
        ((measured[key] ??= {})[name] ??= []).push(await turn(name, seconds, wires[name]));
        if (workload.isWriting) await cleanUp();
      }
    }
    log(
      `${key}: ${taking.map((name) => `${name} ${median(measured[key][name].map(({ perSecond }) => perSecond)).toFixed(0)}`).join(', ')} requests a second`,
    );
  }
  for (const name of names) {
    running[name].memory = memoryOf(running[name].pid);
    await running[name].stop();
  }
  return { results: measured, servers: running };

  async function turn(name, forSeconds, requests) {
    try {
      return await measure(load, [running[name]], requests, { seconds: forSeconds, postgres });
    } catch (error) {
      throw new Error(`${name}: ${error.message}`, { cause: error });
    }
  }
}

/** What changes leave behind shall not slow down whoever comes next. */
async function cleanUp() {
  if (!client) return;
  await client.query(settled(inputs.person.own));
  await client.query('truncate bench.events');
  await client.query('vacuum documents');
}

async function reportOf() {
  const version = client && (await client.query('show server_version')).rows[0].server_version.split(' ')[0];
  const ratio = (key, one, other) =>
    median(results[key][one].map(({ perSecond }, round) => perSecond / results[key][other][round].perSecond));
  const rivals = ['postgraphile', 'mercurius', 'express', 'limit'];
  const summary = cases
    .filter(({ taking }) => taking.includes('ours') && taking.length > 1)
    .map(({ workload, viewer, key, taking }) => {
      const cells = rivals.map((rival) => {
        if (!taking.includes(rival)) return '–';
        const reached = ratio(key, 'ours', rival);
        const target = workload.targets?.[rival];
        return `${reached.toFixed(2)}×${target ? ` (≥ ${target}: ${reached >= target ? 'reached' : '**missed**'})` : ''}`;
      });
      return `| ${workload.title} | ${viewers[viewer].title} | ${cells.join(' | ')} |`;
    });
  const middle = (rows, field, digits = 0) =>
    rows[0][field] === undefined ? '–' : median(rows.map((row) => row[field])).toFixed(digits);
  const tables = cases.map(({ workload, viewer, key, taking }) => {
    const rows = taking.map((name) => {
      const measured = results[key][name];
      const ratios = rivals.map((rival) => (taking.includes(rival) ? ratio(key, name, rival).toFixed(2) : '–'));
      return `| ${contenders[name].title} | ${middle(measured, 'perSecond')} | ${ratios.join(' | ')} | ${middle(measured, 'p50', 1)} | ${middle(measured, 'p99', 1)} | ${middle(measured, 'nodeUs')} | ${middle(measured, 'postgresUs')} | ${statements[`${name} ${key}`] ?? '–'} |`;
    });
    return `## ${workload.title}, asked by ${viewers[viewer].title}

| | requests/s | × PostGraphile | × Mercurius | × Express | × limit | p50 ms | p99 ms | node µs | PostgreSQL µs | statements |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}
`;
  });
  return `# Passerelle beside its peers

\`npm run bench\`: ${documents.toLocaleString('en')} documents, ${isSmoke ? 'embedded database' : `PostgreSQL ${version}`}, Node ${process.versions.node}, ${cpus().length} cores for database, server and
client together; ${rounds} rounds of ${seconds} s in which everybody has a turn in changing order, ${connections} connections. Figures are medians over the rounds, ratios
medians of the ratios within a round; CPU per request; statements with \`begin\` and \`commit\`.

Passerelle runs as it is delivered: a JWT of a login in each request, rate limits, log, metrics, limits on the cost of a query. The peers have none of
these: they trust two headers that name the viewer, and keep to the same rules of visibility, in their SQL or, PostGraphile, as row-level
security. Each has ${poolSize} connections to PostgreSQL. Before the measuring, all answered the same.

| | asked by | × PostGraphile | × Mercurius | × Express | × limit |
| --- | --- | ---: | ---: | ---: | ---: |
${summary.join('\n')}
${subscriptions?.summary ?? ''}
| | start ms | memory after the run MiB |
| --- | ---: | ---: |
${names.map((name) => `| ${contenders[name].title} | ${servers[name].startMs.toFixed(0)} | ${servers[name].memory} |`).join('\n')}

${tables.join('\n')}`;
}
