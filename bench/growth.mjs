/**
 * How our doors slow down as the firm grows, how large a server is and how soon it serves, and what a second process brings:
 * `npm run bench:growth`.
 *
 *   DATABASE_URL                     a server on which a superuser may make databases passerelle_bench_<size>, which are kept:
 *                                    about 3 GB for a million documents, made within minutes by generate_series
 *   --sizes=10000,100000,1000000     documents
 *   --rounds=5 --seconds=1           as in `npm run bench`
 *   --starts=3                       of a server on each database, of which the median counts
 *   --fresh                          makes the databases anew
 *
 * At every size the same person owns 500 documents, and 40 documents hold the rare word: what grows is the rest. All sizes have
 * their turn in each round. Writes bench/results/growth.md when all three sizes took part.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { contenders, headersOf, start, viewers } from './contenders.mjs';
import { benchDatabase, embeddedDatabase } from './database.mjs';
import { memoryOf } from './machine.mjs';
import { connections, answerOf, helper, measure, median, wire } from './measure.mjs';
import { normal, readInputs, requestsOf, searchFor, workloads } from './workloads.mjs';

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000,1000000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    starts: { type: 'string', default: '3' },
    fresh: { type: 'boolean', default: false },
  },
});
const server = process.env.DATABASE_URL;
if (!server) {
  process.stderr.write('DATABASE_URL must name a PostgreSQL server on which databases may be made\n');
  process.exit(1);
}
const sizes = options.sizes.split(',').map(Number);
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const starts = Number(options.starts);
/** After which a server that has started is called idle. */
const idleMs = 10_000;
/** From the first size to the last, the time of a request may grow by a half. */
const mostGrowth = 1.5;
const leastGain = 1.7;

const [loadBefore] = loadavg();
const startedMs = performance.now();
const log = (text) =>
  process.stdout.write(`${((performance.now() - startedMs) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'passerelle-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));
const load = helper('./load.mjs');

const firms = [];
for (const documents of sizes) {
  const dataDir = join(folder, String(documents));
  const firm = { documents, owned: 500 };
  const url = await benchDatabase(server, {
    name: `passerelle_bench_${documents}`,
    dataDir,
    firm,
    isFresh: options.fresh,
    log,
  });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  firms.push({ documents, dataDir, url, inputs: await readInputs(client) });
  await client.end();
}
const version = await serverVersion();

const ofWorkload = (title, name, viewer) => ({
  title,
  viewer,
  requests: (inputs) => requestsOf(workloads[name], contenders.ours, inputs),
  isBound: true,
});
const cases = [
  ofWorkload('Nested list', 'list', 'person'),
  ofWorkload('Nested list', 'list', 'reader'),
  ofWorkload('By id', 'byId', 'person'),
  ofWorkload('By id', 'byId', 'reader'),
  ofWorkload('REST by id', 'restById', 'person'),
  ofWorkload('REST list with its count', 'restList', 'person'),
  ofWorkload('Filtered list with count', 'filtered', 'person'),
  {
    title: 'Search, a word in 40 documents',
    viewer: 'reader',
    requests: () => [searchFor('bathyscaphe')],
    hits: 40,
    isBound: true,
  },
  { title: 'Search, a word in every fifth document', viewer: 'reader', requests: () => [searchFor('facture')] },
];
const servers = await measureStarts(firms.findLast(({ documents }) => documents <= 100_000));
const growth = await measureGrowth();
const gains = [
  {
    title: 'By id, with PostgreSQL on the same cores',
    requests: (inputs) => workloads.byId.requests(inputs.person).graphql,
  },
  {
    title: 'A question about the schema, which the server answers alone',
    requests: () => [
      {
        method: 'POST',
        path: '/graphql',
        body: JSON.stringify({
          query: '{ __type(name: "Document") { name fields { name description type { kind name ofType { name } } } } }',
        }),
      },
    ],
    isBound: true,
  },
];
const gained = await measureGains(firms.findLast(({ documents }) => documents <= 100_000));
const report = reportOf();
process.stdout.write(`\n${report}`);
if (options.sizes === '10000,100000,1000000') {
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  writeFileSync(new URL('results/growth.md', import.meta.url), report);
}
process.exit();

async function serverVersion() {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  const {
    rows: [row],
  } = await client.query('show server_version');
  await client.end();
  return row.server_version.split(' ')[0];
}

/** How soon a server answers and how much it holds when nobody asks: on PostgreSQL, and embedded with and without data. */
async function measureStarts({ documents, dataDir, url }) {
  const embedded = join(folder, 'embedded');
  mkdirSync(embedded);
  await embeddedDatabase({ dataDir: embedded, firm: { documents: 1000 }, log, read: () => undefined });
  const kinds = [
    { title: `PostgreSQL, ${documents.toLocaleString('en')} documents`, open: () => ({ databaseUrl: url, dataDir }) },
    { title: 'embedded, 1,000 documents', open: () => ({ dataDir: embedded }) },
    { title: 'embedded, nothing there yet', open: (n) => ({ dataDir: join(folder, `empty-${n}`) }) },
  ];
  const measured = [];
  for (const { title, open } of kinds) {
    const ofKind = [];
    for (let n = 0; n < starts; n += 1) {
      const server = await start('ours', open(n));
      await new Promise((resolve) => setTimeout(resolve, idleMs));
      ofKind.push({ startMs: server.startMs, memory: memoryOf(server.pid) });
      await server.stop();
    }
    measured.push({
      title,
      startMs: median(ofKind.map(({ startMs }) => startMs)),
      memory: median(ofKind.map(({ memory }) => memory)),
    });
    log(`${title}: serves after ${measured.at(-1).startMs.toFixed(0)} ms, ${measured.at(-1).memory} MiB`);
  }
  return measured;
}

async function measureGrowth() {
  for (const firm of firms) firm.server = await start('ours', { databaseUrl: firm.url, dataDir: firm.dataDir });
  const measured = [];
  for (const { title, viewer, requests, hits } of cases) {
    const wires = await Promise.all(
      firms.map(async ({ server: running, inputs }) => {
        const headers = await headersOf(running, viewers[viewer]);
        const asked = requests(inputs[viewer]);
        const answer = normal(await answerOf(running.url, asked[0], headers));
        if (!answer || answer.errors || (hits && answer.totalCount !== hits))
          throw new Error(`${title}: ${JSON.stringify(answer).slice(0, 500)}`);
        return wire(asked, headers);
      }),
    );
    const turn = (i, forSeconds) => measure(load, [firms[i].server], wires[i], { seconds: forSeconds });
    const results = firms.map(() => []);
    for (const i of firms.keys()) await turn(i, 1);
    for (let round = 0; round < rounds; round += 1) {
      for (const n of firms.keys()) {
        const i = (n + round) % firms.length;
        results[i].push(await turn(i, seconds));
      }
    }
    log(
      `${title}, ${viewer}: ${results.map((each, i) => `${firms[i].documents}: ${median(each.map(({ perSecond }) => perSecond)).toFixed(0)}`).join(', ')} requests a second`,
    );
    measured.push(results);
  }
  await Promise.all(firms.map(({ server: running }) => running.stop()));
  return measured;
}

/** One process and two on the same database. */
async function measureGains({ url, dataDir, inputs }) {
  const servers = [
    await start('ours', { databaseUrl: url, dataDir }),
    await start('ours', { databaseUrl: url, dataDir: `${dataDir}-second` }),
  ];
  const headers = await headersOf(servers[0], viewers.person);
  const measured = [];
  for (const { title, requests } of gains) {
    const wires = wire(requests(inputs), headers);
    const turn = (count, forSeconds) => measure(load, servers.slice(0, count), wires, { seconds: forSeconds });
    await turn(2, 3);
    const results = { 1: [], 2: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const count of round % 2 ? [2, 1] : [1, 2]) results[count].push(await turn(count, seconds));
    }
    log(title);
    measured.push(results);
  }
  await Promise.all(servers.map((running) => running.stop()));
  return measured;
}

function reportOf() {
  const rate = (results) => median(results.map(({ perSecond }) => perSecond));
  const ms = (results) => median(results.map(({ p50 }) => p50)).toFixed(1);
  const from = 0;
  const lines = cases.map(({ title, viewer, isBound }, i) => {
    const grown = median(growth[i][from].map(({ perSecond }, round) => perSecond / growth[i].at(-1)[round].perSecond));
    const verdict = isBound ? ` (≤ ${mostGrowth}: ${grown <= mostGrowth ? 'reached' : '**missed**'})` : '';
    return `| ${title} | ${viewers[viewer].title} | ${growth[i].map((results) => `${rate(results).toFixed(0)} (${ms(results)})`).join(' | ')} | ${grown.toFixed(2)}×${verdict} |`;
  });
  const cores = (results, us) => median(results.map((result) => (result[us] * result.perSecond) / 1e6)).toFixed(2);
  const number = (n) => n.toLocaleString('en');
  const gainLines = gains.flatMap(({ title, isBound }, i) => {
    const gain = median(gained[i][2].map(({ perSecond }, round) => perSecond / gained[i][1][round].perSecond));
    const capacity = median(gained[i][2].map(({ nodeUs }, round) => (2 * gained[i][1][round].nodeUs) / nodeUs));
    const verdict = isBound ? ` (≥ ${leastGain}: ${capacity >= leastGain ? 'reached' : '**missed**'})` : '';
    return [1, 2].map((count) => {
      const results = gained[i][count];
      const gains = count === 1 ? ['', ''] : [`${gain.toFixed(2)}×`, `${capacity.toFixed(2)}×${verdict}`];
      return `| ${[count === 1 ? title : '', count, rate(results).toFixed(0), median(results.map(({ nodeUs }) => nodeUs)).toFixed(0), cores(results, 'nodeUs'), cores(results, 'clientUs'), ...gains].join(' | ')} |`;
    });
  });
  return `# Growth

\`npm run bench:growth\`, PostgreSQL ${version}, Node ${process.versions.node}, ${cpus().length} cores for database, server and client together; ${rounds} rounds of ${seconds} s in which
every size has a turn, ${connections} connections. Requests a second and, in brackets, the median time of a request in ms; the last column is how
many times as long a request takes at ${number(sizes.at(-1))} documents as at ${number(sizes[from])}, the median over the rounds. Before the run the load of the machine was ${loadBefore.toFixed(1)}.

| | asked by | ${sizes.map((size) => `${number(size)} documents`).join(' | ')} | growth |
| --- | --- | ${sizes.map(() => '---:').join(' | ')} | ---: |
${lines.join('\n')}

## A server by itself

After ${starts} starts each, the median: until it answers on \`/health\`, and its resident memory ${idleMs / 1000} s later, nobody having asked anything. The embedded
database is in the process.

| | serves after ms | memory MiB |
| --- | ---: | ---: |
${servers.map(({ title, startMs, memory }) => `| ${title} | ${startMs.toFixed(0)} | ${memory} |`).join('\n')}

## One process and two

Asked by ${viewers.person.title}, half of the connections to each process. The client, and PostgreSQL when it is asked, work on the same ${cpus().length} cores, so that the rate
of two processes says what is left of the machine rather than what they can do. What they can do is told by processor time, which is counted for each
process and does not grow while it waits for a core: with a core for each, two serve twice as many as one if a request costs as much in two as in one.
The last column is this: 2 × (µs with one) ÷ (µs with two).

| | processes | requests/s | node µs each | node, cores | client, cores | rate | by processor time |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${gainLines.join('\n')}
`;
}
