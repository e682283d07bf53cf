/**
 * How our doors slow down as the firm grows, and what a second process brings: `npm run bench:growth`.
 *
 *   DATABASE_URL                          a server on which a superuser may make databases passerelle_bench_<size>, which are kept:
 *                                         about 3 GB for a million documents
 *   --sizes=1000,10000,100000,1000000     documents
 *   --rounds=5 --seconds=2                as in `npm run bench`
 *   --fresh                               makes the databases anew
 *
 * At every size but the smallest the same person owns 500 documents, and 40 documents hold the rare word: what grows is the rest. All
 * sizes have their turn in each round. Writes bench/results/growth.md when all four sizes took part.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { headersOf, start, viewers } from './contenders.mjs';
import { benchDatabase } from './database.mjs';
import { people } from './firm.mjs';
import { connections, answerOf, helper, measure, median, wire } from './measure.mjs';
import { normal, readInputs, searchFor, workloads } from './workloads.mjs';

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000,1000000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
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
/** From the second size to the last, the time of a request may grow by a half. */
const mostGrowth = 1.5;
const leastGain = 1.7;

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
  const firm = { documents, owned: documents < 10_000 ? documents / people : 500 };
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

const cases = [
  {
    title: 'Nested list',
    viewer: 'person',
    requests: (inputs) => workloads.list.requests(inputs).graphql,
    isBound: true,
  },
  {
    title: 'Nested list',
    viewer: 'reader',
    requests: (inputs) => workloads.list.requests(inputs).graphql,
    isBound: true,
  },
  { title: 'By id', viewer: 'person', requests: (inputs) => workloads.byId.requests(inputs).graphql, isBound: true },
  { title: 'By id', viewer: 'reader', requests: (inputs) => workloads.byId.requests(inputs).graphql, isBound: true },
  {
    title: 'Search, a word in 40 documents',
    viewer: 'reader',
    requests: () => [searchFor('bathyscaphe')],
    hits: 40,
    isBound: true,
  },
  { title: 'Search, a word in every fifth document', viewer: 'reader', requests: () => [searchFor('facture')] },
];
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
if (sizes.length === 4) {
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
  const from = Math.min(1, sizes.length - 1);
  const lines = cases.map(({ title, viewer, isBound }, i) => {
    const grown = median(growth[i][from].map(({ perSecond }, round) => perSecond / growth[i].at(-1)[round].perSecond));
    const verdict = isBound ? ` (≤ ${mostGrowth}: ${grown <= mostGrowth ? 'reached' : '**missed**'})` : '';
    return `| ${title} | ${viewers[viewer].title} | ${growth[i].map((results) => `${rate(results).toFixed(0)} (${ms(results)})`).join(' | ')} | ${grown.toFixed(2)}×${verdict} |`;
  });
  const cores = (results, us) => median(results.map((result) => (result[us] * result.perSecond) / 1e6)).toFixed(2);
  const number = (n) => n.toLocaleString('en');
  const gainLines = gains.flatMap(({ title, isBound }, i) => {
    const gain = median(gained[i][2].map(({ perSecond }, round) => perSecond / gained[i][1][round].perSecond));
    const verdict = isBound ? ` (≥ ${leastGain}: ${gain >= leastGain ? 'reached' : '**missed**'})` : '';
    return [1, 2].map(
      (count) =>
        `| ${count === 1 ? title : ''} | ${count} | ${rate(gained[i][count]).toFixed(0)} | ${cores(gained[i][count], 'nodeUs')} | ${cores(gained[i][count], 'clientUs')} | ${count === 1 ? '' : `${gain.toFixed(2)}×${verdict}`} |`,
    );
  });
  return `# Growth

\`npm run bench:growth\`, PostgreSQL ${version}, Node ${process.versions.node}, ${cpus().length} cores for database, server and client together; ${rounds} rounds of ${seconds} s in which
every size has a turn, ${connections} connections. Requests a second and, in brackets, the median time of a request in ms; the last column is how
many times as long a request takes at ${number(sizes.at(-1))} documents as at ${number(sizes[from])}, the median over the rounds.

| | asked by | ${sizes.map((size) => `${number(size)} documents`).join(' | ')} | growth |
| --- | --- | ${sizes.map(() => '---:').join(' | ')} | ---: |
${lines.join('\n')}

## One process and two

Asked by ${viewers.person.title}, half of the connections to each process. The cores that are left are PostgreSQL's.

| | processes | requests/s | node, cores | client, cores | gain |
| --- | ---: | ---: | ---: | ---: | ---: |
${gainLines.join('\n')}
`;
}
