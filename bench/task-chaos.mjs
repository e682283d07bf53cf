/**
 * Runs of a task while processes are killed: `npm run bench:tasks`, or `node bench/task-chaos.mjs` on what is built.
 *
 * Two workers on PostgreSQL (BENCH_DATABASE_URL, default postgres://postgres@127.0.0.1:5432/postgres), where it makes a database and
 * drops it again. A task is due each BEAT seconds (60; a run takes 2) for BEATS times (10); in each beat one worker is killed at a
 * random moment and started again. Below 40 s a run that is begun anew may last into the next beat, which is then left out: what
 * a dead process had is sent on after 15 s, what it had not begun after 30. Prints how many runs were expected, seen, doubled and
 * begun anew, and writes bench/results/tasks.md for beats of a minute; ends with 1 unless each beat has exactly one run that
 * succeeded, and one event that says so.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';

const server = process.env.BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const beatSeconds = Number(process.env.BEAT ?? 60);
const beats = Number(process.env.BEATS ?? 10);
const name = `passerelle_bench_tasks_${process.pid}`;
const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
const folder = mkdtempSync(join(tmpdir(), 'passerelle-bench-'));
const log = (text) => process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

const connect = async (connectionString) => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
};

/** Starts a worker; `serving` resolves when it serves. */
function startWorker() {
  const child = spawn(process.execPath, [resolve('dist/bundled/main.js')], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: url,
      DATA_DIR: folder,
      PROCESS: 'worker',
      PORT: '0',
      DEMO: '0',
      WATCH_DIR: 'off',
      TESSERACT: 'off',
      JWT_SECRET: 'bench-secret-'.repeat(4),
      ENCRYPTION_KEY: 'bench-key-'.repeat(4),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const serving = new Promise((resolveServing, reject) => {
    child.stdout.on('data', (chunk) => String(chunk).includes('Passerelle serves') && resolveServing());
    child.once('exit', (code) => reject(new Error(`a worker ended with ${code}`)));
  });
  serving.catch(() => {});
  return { child, serving };
}

async function kill({ child }) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
}

function writeResults(figures, startMs, slowestSeconds) {
  const lines = [
    ['workers killed', figures.kills],
    ['runs expected', figures.expected],
    ['runs seen', figures.seen],
    ['missing', figures.missing],
    ['doubled', figures.doubled],
    ['left out or failed', figures.others],
    ['events that tell of a run that is over', figures.completedEvents],
    ['begun anew because their process was killed', figures.begunAnew],
    ['seconds from when the slowest was due until it was over', slowestSeconds.toFixed(1)],
    ['seconds until a killed worker served again, at most', (startMs / 1000).toFixed(1)],
  ].map(([what, count]) => `| ${what} | ${count} |`);
  const page = `# A task of a minute while its processes are killed

\`npm run bench:tasks\`: two workers on one PostgreSQL, one of them killed at a random moment of each minute and started again; a run
takes 2 s. ${cpus().length} cores for all of it, load ${loadavg()
    .map((l) => l.toFixed(1))
    .join(', ')}.

| | |
| --- | ---: |
${lines.join('\n')}
`;
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  writeFileSync(new URL('results/tasks.md', import.meta.url), page);
}

const admin = await connect(server);
await admin.query(`create database ${name}`);
const workers = [];
try {
  // The first one migrates.
  workers.push(startWorker());
  await workers[0].serving;
  workers.push(startWorker());
  await workers[1].serving;
  const db = await connect(url);
  const first = Math.ceil(Date.now() / 1000) + 2;
  await db.query(
    `insert into tasks (id, name, type, interval_seconds, action, params, next_run_at)
     values ('beat', 'Beat', 'interval', $1, 'sleep', '{"seconds": 2}', to_timestamp($2))`,
    [beatSeconds, first],
  );
  let kills = 0;
  const startMs = [];
  for (let beat = 0; beat < beats; beat += 1) {
    const startsMs = (first + beat * beatSeconds) * 1000;
    // Half of the kills come while the run is under way, if it is that worker's.
    const withinMs = Math.random() < 0.5 ? 2_500 : beatSeconds * 1000 - 500;
    await setTimeout(Math.max(0, startsMs + Math.random() * withinMs - Date.now()));
    const victim = Math.floor(Math.random() * 2);
    await kill(workers[victim]);
    kills += 1;
    workers[victim] = startWorker();
    log(
      `beat ${beat + 1} of ${beats}: worker ${victim + 1} was killed ${((Date.now() - startsMs) / 1000).toFixed(1)} s into it`,
    );
    const killedMs = Date.now();
    workers[victim].serving.then(
      () => startMs.push(Date.now() - killedMs),
      () => undefined,
    );
    await setTimeout(Math.max(0, startsMs + beatSeconds * 1000 - 200 - Date.now()));
  }
  await db.query(`update tasks set next_run_at = null, status = 'paused' where id = 'beat'`);
  const untilMs = Date.now() + 60_000;
  const isUnderWay = async () =>
    (await db.query(`select 1 from task_runs where task_id = 'beat' and status = 'running'`)).rowCount > 0;
  while ((await isUnderWay()) && Date.now() < untilMs) await setTimeout(200);
  const { rows: runs } = await db.query(`
    select extract(epoch from due_at)::float8 as due, status, attempt, is_late as late,
           extract(epoch from finished_at - due_at)::float8 as seconds from task_runs
     where task_id = 'beat' order by due_at`);
  const { rows: told } = await db.query(`
    select data ->> 'runId' as run, count(*)::int as times from events
     where type = 'task.completed' and subject_id = 'beat' group by 1`);
  const expected = Array.from({ length: beats }, (_, beat) => first + beat * beatSeconds);
  const of = (due) => runs.filter((run) => run.due === due && run.status === 'success').length;
  const figures = {
    kills,
    expected: expected.length,
    seen: expected.filter((due) => of(due) > 0).length,
    missing: expected.filter((due) => of(due) === 0).length,
    doubled: expected.filter((due) => of(due) > 1).length + told.filter(({ times }) => times > 1).length,
    others: runs.filter(({ due, status }) => status !== 'success' || !expected.includes(due)).length,
    completedEvents: told.reduce((sum, { times }) => sum + times, 0),
    begunAnew: runs.filter(({ attempt }) => attempt > 1).length,
    late: runs.filter(({ late }) => late).length,
  };
  for (const { due, status, attempt, seconds } of runs)
    log(`due at ${due - first} s: ${status}, attempt ${attempt}, over ${seconds?.toFixed(1)} s after it was due`);
  log(JSON.stringify(figures));
  if (beatSeconds === 60) writeResults(figures, Math.max(...startMs), Math.max(...runs.map(({ seconds }) => seconds)));
  const isGood = figures.seen === beats && !figures.doubled && !figures.others && figures.completedEvents === beats;
  process.exitCode = isGood ? 0 : 1;
  await db.end();
} finally {
  await Promise.all(workers.map(kill));
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.end();
  rmSync(folder, { recursive: true, force: true });
}
