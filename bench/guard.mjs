/**
 * Whether small requests still cost what they cost: `npm run bench:guard [-- --commit]`.
 *
 * For a minute ours and the limit (`node:http` that hands PostgreSQL's own JSON on) are asked the same in turn, by one
 * person after the other. What counts is Node's microseconds of processor for a request as a ratio of the limit's in the
 * same round, the median of the rounds, which says the same on any machine. Ends with 1 when one is 15 % above that of
 * bench/results/guard.json; `--commit` writes that file instead. Needs PostgreSQL (DATABASE_URL), where the database
 * passerelle_guard is made and kept. It is to be measured alone.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { contenders, headersOf, start, viewers } from './contenders.mjs';
import { benchDatabase } from './database.mjs';
import { helper, measure, median, wire } from './measure.mjs';
import { readInputs, requestsOf, workloads } from './workloads.mjs';

const { values: options } = parseArgs({ options: { commit: { type: 'boolean', default: false } } });
const server = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const firm = { documents: 10_000 };
// Last the one whose long answers leave more behind than the others cost.
const cases = ['byId', 'list', 'restShortById', 'restById'].flatMap((name) =>
  workloads[name].viewers.map((viewer) => ({ name, viewer })),
);
const names = ['ours', 'limit'];
const rounds = 5;
const seconds = 0.8;
// Until the code of ours is compiled for good; the limit has little.
const warmup = { ours: 6, limit: 2 };
const mostWorse = 1.15;
const kept = new URL('results/guard.json', import.meta.url);

const log = (text) => process.stdout.write(`${text}\n`);
const dataDir = mkdtempSync(join(tmpdir(), 'passerelle-guard-'));
process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));

log(`The load of the machine is ${loadavg()[0].toFixed(1)}.`);
const databaseUrl = await benchDatabase(server, { name: 'passerelle_guard', dataDir, firm, log });
const client = new pg.Client({ connectionString: databaseUrl });
await client.connect();
const inputs = await readInputs(client);
await client.end();
const load = helper('./load.mjs');
const running = {};
for (const name of names) running[name] = await start(name, { databaseUrl, dataDir });

const measured = {};
for (const { name, viewer } of cases) {
  const asks = {};
  for (const each of names) {
    const requests = requestsOf(workloads[name], contenders[each], inputs[viewer]);
    asks[each] = wire(requests, await headersOf(running[each], viewers[viewer]));
    await measure(load, [running[each]], asks[each], { seconds: warmup[each] });
  }
  const ratios = [];
  const ours = [];
  for (let round = 0; round < rounds; round += 1) {
    const us = {};
    for (const each of round % 2 ? names.toReversed() : names)
      us[each] = (await measure(load, [running[each]], asks[each], { seconds })).nodeUs;
    ratios.push(us.ours / us.limit);
    ours.push(us.ours);
  }
  measured[`${name} ${viewer}`] = { timesLimit: Number(median(ratios).toFixed(2)), us: Math.round(median(ours)) };
}
for (const name of names) await running[name].stop();
load.stop();

const before = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
const worse = [];
for (const [key, { timesLimit, us }] of Object.entries(measured)) {
  const was = before[key]?.timesLimit;
  if (was !== undefined && timesLimit > was * mostWorse) worse.push(key);
  log(`${key}: ${us} µs, ${timesLimit} × the limit${was === undefined ? '' : ` (was ${was})`}`);
}
if (options.commit) writeFileSync(kept, `${JSON.stringify(measured, undefined, 2)}\n`);
else if (worse.length) log(`More than 15 % worse: ${worse.join(', ')}`);
process.exit(worse.length && !options.commit ? 1 : 0);
