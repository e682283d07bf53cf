import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { freshDatabase } from '../../support/database.js';
import { isFull } from '../../support/full.js';
import { type ServerProcess, startProcess } from '../../support/process.js';

/** Several processes on one database: not with the embedded one. */
describe.runIf(inject('database').kind === 'server')('processes that are killed', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let db: pg.Client;
  let drop: () => Promise<void>;
  const workers: (ServerProcess | undefined)[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-process-'));
    const database = await freshDatabase(folder);
    drop = database.drop;
    env = { ...database.env, DATA_DIR: folder, PROCESS: 'worker', WATCH_DIR: 'off', TESSERACT: 'off' };
    db = new pg.Client({ connectionString: database.env['DATABASE_URL'] });
    await db.connect();
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker?.end('SIGKILL')));
    await db.end();
    await drop();
    await rm(folder, { recursive: true, force: true });
  });

  const urlOf = (path: string): string => JSON.stringify(pathToFileURL(resolve(path)).href);

  /** A worker that posts without a pause, by a clock that goes from `from` to `to` while `takesMs` pass. */
  const startWorker = (clock: { from: string; to: string; sinceMs: number; takesMs: number }): Promise<ServerProcess> =>
    startProcess(env, [
      process.execPath,
      '--input-type=module',
      '-e',
      `import { startApp } from ${urlOf('dist/app/start.js')};
       import { readConfig } from ${urlOf('dist/config/config.js')};
       import { pino } from ${urlOf('node_modules/pino/pino.js')};
       const { from, to, sinceMs, takesMs } = ${JSON.stringify(clock)};
       const [start, end] = [Date.parse(from), Date.parse(to)];
       const now = () => new Date(Math.min(end, start + ((end - start) * (Date.now() - sinceMs)) / takesMs));
       const log = pino({ level: 'error' });
       const app = await startApp({ config: readConfig(process.env), log, now });
       console.log(JSON.stringify({ url: app.url, msg: 'Passerelle serves' }));
       for (;;) await app.services.jobs.run('banking.post_recurrences', {});`,
    ]);

  const rows = async (text: string, values: unknown[] = []): Promise<any[]> => (await db.query(text, values)).rows;
  const account = async (): Promise<{ id: number; owner_id: number }> => {
    const [person] = await rows(
      `insert into users (username, email) values ('p' || gen_random_uuid(), gen_random_uuid() || '@example.org')
       returning id`,
    );
    const [made] = await rows(
      `insert into bank_accounts (owner_id, name, account_type_id, currency, opening_balance, balance)
       values ($1, 'Compte', 1, 'EUR', 100, 100) returning id, owner_id`,
      [person.id],
    );
    return made;
  };
  const rule = async (
    { id, owner_id }: { id: number; owner_id: number },
    [frequency, interval, startDate, endDate = null]: Schedule,
    next = startDate,
  ): Promise<number> => {
    const [made] = await rows(
      `insert into recurrence_rules (account_id, owner_id, amount, description, frequency, "interval", start_date,
         end_date, next_occurrence, created_by_id) values ($1, $2, -1.10, 'x', $3, $4, $5, $6, $7, $2) returning id`,
      [id, owner_id, frequency, interval, startDate, endDate, next],
    );
    return made.id;
  };
  const written = async (ruleId: number): Promise<string[]> =>
    (
      await rows(
        `select transaction_date::text as day from transactions
          where recurrence_rule_id = $1 and occurrence_date = transaction_date order by transaction_date, id`,
        [ruleId],
      )
    ).map(({ day }) => day);
  const count = async (): Promise<number> => (await rows('select count(*)::int as n from transactions'))[0].n;
  const balancesHold = async (): Promise<void> =>
    expect(
      await rows(`select id from bank_accounts a where balance <> opening_balance +
                    (select coalesce(sum(amount), 0) from transactions t where t.account_id = a.id)`),
    ).toEqual([]);
  const patience = { timeout: 120_000, interval: 20 };

  type Schedule = [frequency: string, interval: number, startDate: string, endDate?: string | null];

  /** By counting days and months, without what is tested. */
  const expected = ([frequency, interval, startDate, endDate]: Schedule, from: string, to: string): string[] => {
    const [year, month, day] = startDate.split('-').map(Number) as [number, number, number];
    const days: string[] = [];
    for (let n = 0; n < 5000; n += 1) {
      const months = month - 1 + n * interval * (frequency === 'yearly' ? 12 : 1);
      const lastOfMonth = new Date(Date.UTC(year, months + 1, 0)).getUTCDate();
      const date =
        frequency === 'daily' || frequency === 'weekly'
          ? new Date(Date.UTC(year, month - 1, day + n * interval * (frequency === 'weekly' ? 7 : 1)))
          : new Date(Date.UTC(year, months, Math.min(day, lastOfMonth)));
      days.push(date.toISOString().slice(0, 10));
    }
    return days.filter((each) => each >= from && each <= to && each <= (endDate ?? to));
  };

  test('a year with three processes that are killed at random has exactly its rows', { timeout: 300_000 }, async () => {
    const schedules: Schedule[] = [
      ['daily', 1, '2028-01-01'],
      ['daily', 3, '2028-01-02'],
      ['weekly', 1, '2027-12-27'],
      ['weekly', 2, '2028-01-05', '2028-10-25'],
      ['monthly', 1, '2028-01-31'],
      ['monthly', 1, '2028-01-31', '2028-04-30'],
      ['monthly', 3, '2027-11-30'],
      ['yearly', 1, '2024-02-29'],
    ];
    const accounts = [await account(), await account(), await account()];
    const rules: number[] = [];
    for (const [n, schedule] of schedules.entries()) {
      const next = expected(schedule, '2028-01-01', '2028-12-31')[0] as string;
      rules.push(await rule(accounts[n % 3] as { id: number; owner_id: number }, schedule, next));
    }
    const clock = {
      from: '2028-01-01T12:00:00Z',
      to: '2028-12-31T12:00:00Z',
      sinceMs: Date.now(),
      takesMs: isFull ? 30_000 : 10_000,
    };
    workers.push(...(await Promise.all([startWorker(clock), startWorker(clock), startWorker(clock)])));
    while (Date.now() < clock.sinceMs + clock.takesMs) {
      const victim = Math.floor(Math.random() * 3);
      await workers[victim]?.end('SIGKILL');
      workers[victim] = undefined;
      workers[victim] = await startWorker(clock);
    }
    const isDue = `select 1 from recurrence_rules where next_occurrence <= '2028-12-31'`;
    await expect.poll(() => rows(isDue), patience).toEqual([]);
    for (const [n, schedule] of schedules.entries())
      expect(await written(rules[n] as number)).toEqual(expected(schedule, '2028-01-01', '2028-12-31'));
    await balancesHold();
  });

  test('killed in the middle of a catch-up, each day is written once', { timeout: 300_000 }, async () => {
    const clock = { from: '2028-12-31T12:00:00Z', to: '2028-12-31T12:00:00Z', sinceMs: 0, takesMs: 1 };
    const rules: number[] = [];
    for (let n = 0; n < 40; n += 1) rules.push(await rule(await account(), ['daily', 1, '2028-01-01']));
    const all = 40 * 366;
    for (const share of [0.1, 0.4, 0.7]) {
      workers.push(...(await Promise.all([startWorker(clock), startWorker(clock)])));
      await expect.poll(count, patience).toBeGreaterThan(all * share);
      await Promise.all(workers.splice(0).map((worker) => worker?.end('SIGKILL')));
    }
    const atTheLastKill = await count();
    expect(atTheLastKill).toBeLessThan(all);
    workers.push(await startWorker(clock));
    await expect.poll(count, patience).toBe(all);
    for (const id of rules) expect(await written(id)).toEqual(expected(['daily', 1, '2028-01-01'], '', '2028-12-31'));
    await balancesHold();
  });
});
