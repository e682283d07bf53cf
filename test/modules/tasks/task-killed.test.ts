import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { freshDatabase } from '../../support/database.js';
import { type ServerProcess, startProcess } from '../../support/process.js';

/** Several processes on one database: not with the embedded one. At length: bench/task-chaos.mjs. */
describe.runIf(inject('database').kind === 'server')('a worker that is killed', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let db: pg.Client;
  let drop: () => Promise<void>;
  const workers: ServerProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-process-'));
    const database = await freshDatabase(folder);
    drop = database.drop;
    env = { ...database.env, DATA_DIR: folder, PROCESS: 'worker', WATCH_DIR: 'off', TESSERACT: 'off' };
    db = new pg.Client({ connectionString: database.env['DATABASE_URL'] });
    await db.connect();
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.end('SIGKILL')));
    await db.end();
    await drop();
    await rm(folder, { recursive: true, force: true });
  });

  test('leaves its run to another one: one run for the time that it was due, told once', async () => {
    const start = async (): Promise<ServerProcess> => {
      const worker = await startProcess(env);
      workers.push(worker);
      return worker;
    };
    const first = await start();
    await db.query(`
      insert into tasks (id, name, type, interval_seconds, action, params, next_run_at)
      values ('beat', 'Beat', 'interval', 3600, 'sleep', '{"seconds": 4}', now())`);
    const runs = async (): Promise<any[]> =>
      (await db.query(`select status, attempt from task_runs where task_id = 'beat' order by id`)).rows;
    await expect.poll(runs, { timeout: 20_000 }).toEqual([{ status: 'running', attempt: 1 }]);
    await Promise.all([first.end('SIGKILL'), start(), start()]);
    await expect.poll(runs, { timeout: 40_000 }).toEqual([{ status: 'success', attempt: 2 }]);
    const told = await db.query(`select type from events where subject_id = 'beat' order by position`);
    expect(told.rows.map(({ type }) => type)).toEqual(['task.started', 'task.completed']);
    const { rows } = await db.query(`select status, success_count from tasks where id = 'beat'`);
    expect(rows).toEqual([{ status: 'scheduled', success_count: 1 }]);
  });
});
