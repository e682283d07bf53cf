/**
 * Passerelle beside its peers, on one firm: `npm run bench`.
 *
 *   DATABASE_URL          a server on which a superuser may make the database passerelle_bench, which is kept; without it a smoke run of
 *                         our own doors on the embedded database
 *   BENCH_LOG             a file for the log of our server, to find out why it refused something; by default it goes nowhere
 *   --documents=100000    size of the firm
 *   --rounds=5            of each workload, in which everybody has a turn
 *   --seconds=0.8         of each turn
 *   --warmup=2            seconds for which everybody runs before a workload is measured: code that runs often is compiled anew
 *   --runin=12            the same before the first: a server that has run for hours is not compiled any more
 *   --workloads=a,b       some of those of workloads.mjs, subscriptions, webhooks
 *   --contenders=a,b      some of ours, postgraphile, mercurius, yoga, apollo, directus, deployed, express, limit
 *   --database=name       of the database, by default passerelle_bench: two runs at once must not share one
 *   --fresh               makes the database anew
 *
 * First every contender must answer the same; then they are measured in turn, and a ratio is the median over the rounds of the
 * ratios within each round. Writes bench/results/peers.md when all have taken part: in about a quarter of an hour.
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import pg from 'pg';
import { contenders, headersOf, start, viewers } from './contenders.mjs';
import { benchDatabase, embeddedDatabase } from './database.mjs';
import { memoryOf, postgresCpu, statementCounter } from './machine.mjs';
import { answerOf, helper, measure, median, wire } from './measure.mjs';
import { pageOfPeers } from './peers-page.mjs';
import { setUpDirectus } from './peers/directus/set-up.mjs';
import { fanOut } from './subscriptions.mjs';
import { fromDirectus, normal, readInputs, requestsOf, settled, unposted, workloads } from './workloads.mjs';

const { values: options } = parseArgs({
  options: {
    documents: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    warmup: { type: 'string' },
    runin: { type: 'string' },
    workloads: { type: 'string' },
    contenders: { type: 'string' },
    database: { type: 'string', default: 'passerelle_bench' },
    fresh: { type: 'boolean', default: false },
  },
});
const server = process.env.DATABASE_URL;
const isSmoke = server === undefined;
const documents = Number(options.documents ?? (isSmoke ? 1_000 : 100_000));
const rounds = Number(options.rounds ?? (isSmoke ? 1 : 5));
const seconds = Number(options.seconds ?? 0.8);
const warmup = Number(options.warmup ?? (isSmoke ? 1 : 2));
const runIn = Number(options.runin ?? (isSmoke ? 1 : 12));
const chosen = (text, all) => all.filter((name) => !text || text.split(',').includes(name));
const names = isSmoke
  ? ['ours']
  : chosen(
      options.contenders,
      Object.keys(contenders).filter((name) => contenders[name].dialects.length),
    );
const workloadNames = chosen(options.workloads, [...Object.keys(workloads), 'subscriptions', 'webhooks']);

const [loadBefore] = loadavg();
const startedMs = performance.now();
const log = (text) =>
  process.stdout.write(`${((performance.now() - startedMs) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);

const dataDir = mkdtempSync(join(tmpdir(), 'passerelle-bench-'));
process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

if (!isSmoke) installPeers();
const firm = { documents, hasMoney: true };
const databaseUrl = isSmoke
  ? undefined
  : await benchDatabase(server, { name: options.database, dataDir, firm, isFresh: options.fresh, log });
if (isSmoke)
  log(
    'DATABASE_URL is not set: a smoke run of our own doors on the embedded database, with few documents; these figures compare with nothing',
  );
const client = databaseUrl && new pg.Client({ connectionString: databaseUrl });
await client?.connect();
if (!isSmoke && names.includes('directus')) await setUpDirectus(databaseUrl, viewers.reader.username);
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
const webhooks = !isSmoke && workloadNames.includes('webhooks') ? await deliverWebhooks() : undefined;
const report = pageOfPeers({
  cases,
  results,
  statements,
  names,
  servers,
  subscriptions,
  webhooks,
  documents,
  loadBefore,
  rounds,
  seconds,
  database: client
    ? `PostgreSQL ${(await client.query('show server_version')).rows[0].server_version.split(' ')[0]}`
    : 'embedded database',
});
log('done');
process.stdout.write(`\n${report}`);
if (!isSmoke && !options.contenders && !options.workloads) {
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  writeFileSync(new URL('results/peers.md', import.meta.url), report);
}
await client?.end();
process.exit();

/** Their exact versions, as the lock files have them; Directus only when it takes part. */
function installPeers() {
  const folders = [fileURLToPath(new URL('.', import.meta.url)), ...names.map((name) => contenders[name].package)];
  for (const folder of folders.filter((each) => each && !isInstalled(each))) {
    log(`installing the peers of ${folder}`);
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder], {
      stdio: 'inherit',
    });
  }
}

function isInstalled(folder) {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.keys(dependencies).every((name) => existsSync(join(folder, 'node_modules', name)));
}

/** Deliveries a second of ours to a hundred webhooks that all answer, by webhooks.mjs on a database of its own. */
async function deliverWebhooks() {
  const child = fork(new URL('webhooks.mjs', import.meta.url), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, BENCH_DATABASE_URL: server },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise((resolve, reject) =>
    child.on('exit', () => reject(new Error('webhooks.mjs ended without figures'))),
  );
  const [{ perSecond }] = await Promise.race([once(child, 'message'), ended]);
  log(`webhooks: ${perSecond.toFixed(0)} deliveries a second`);
  return { perSecond };
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
        const answer = answerIn(name, await answerOf(contender.url, request, headers));
        for (const field of workload.unlike ?? []) if (answer) delete answer[field];
        const question = `${key} ${i}`;
        if (answer === null || answer.errors) throw new Error(`${name}, ${question}: ${JSON.stringify(answer)}`);
        if (!wanted.has(question)) wanted.set(question, { answer, by: name });
        const first = wanted.get(question);
        if (!isDeepStrictEqual(answer, first.answer))
          throw new Error(`${name} and ${first.by} differ at ${question}:\n${difference(first.answer, answer)}`);
      }
      if (workload === workloads.byId) {
        for (const request of requestsOf(workload, contenders[name], { ids: hidden })) {
          const answer = answerIn(name, await answerOf(contender.url, request, headers));
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
      if (workload.isWriting) await cleanUp();
    }
    await contender.stop();
    counter?.close();
    await cleanUp();
    log(`${name}: its answers are those of the others`);
  }
  return counted;
}

function answerIn(name, json) {
  return normal(name === 'directus' ? fromDirectus(json) : json);
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

/** Each contender runs from its first case to its last, so that no more of them than must hold connections to PostgreSQL. */
async function measureAll() {
  const running = {};
  const measured = {};
  for (const [n, { workload, viewer, taking, key }] of cases.entries()) {
    for (const name of taking.filter((each) => !running[each])) {
      running[name] = await start(name, { databaseUrl, dataDir });
      log(`${name} started in ${running[name].startMs.toFixed(0)} ms`);
    }
    const wires = {};
    for (const name of taking)
      wires[name] = wire(
        requestsOf(workload, contenders[name], inputs[viewer]),
        await headersOf(running[name], viewers[viewer]),
      );
    if (n === 0) for (const name of taking) await turn(name, runIn, wires[name]);
    // Once more: what was compiled is given up again while the others have their turn.
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
    for (const name of taking) {
      if (cases.slice(n + 1).some((later) => later.taking.includes(name))) continue;
      running[name].memory = memoryOf(running[name].pid);
      await running[name].stop();
    }
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
  await client.query(unposted);
  await client.query('truncate bench.events');
  await client.query('vacuum documents, transactions, bank_accounts');
}
