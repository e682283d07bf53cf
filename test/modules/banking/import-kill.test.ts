import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { freshDatabase } from '../../support/database.js';
import { type ServerProcess, startProcess } from '../../support/process.js';

/** The test looks at the database beside the server: not with the embedded one. */
describe.runIf(inject('database').kind === 'server')('a server that is killed while it imports', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let db: pg.Client;
  let drop: () => Promise<void>;
  let running: ServerProcess | undefined;
  let authorization: string;
  let account: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-process-'));
    const database = await freshDatabase(folder);
    drop = database.drop;
    const password = 'Passerelle-2026!';
    env = { ...database.env, DATA_DIR: folder, ADMIN_PASSWORD: password, WATCH_DIR: 'off', TESSERACT: 'off' };
    db = new pg.Client({ connectionString: database.env['DATABASE_URL'] });
    await db.connect();
    running = await startProcess(env);
    const form = new URLSearchParams({ username: 'admin', password });
    const login = await fetch(`${running.url}/auth/login`, { method: 'POST', body: form });
    authorization = `Bearer ${((await login.json()) as { access_token: string }).access_token}`;
    const made = await fetch(`${running.url}/api/v1/accounts`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Compte', account_type_id: 1, balance: 0 }),
    });
    account = ((await made.json()) as { id: number }).id;
  });
  afterEach(async () => {
    if (running) await running.end('SIGKILL');
    running = undefined;
    await db.end();
    await drop();
    await rm(folder, { recursive: true, force: true });
  });

  const rowCount = 3000;
  const file = `Date;Libellé;Montant\n${Array.from({ length: rowCount }, (_, n) => `02/02/2026;x${n};1,00\n`).join('')}`;
  const send = async (): Promise<any> => {
    const body = new FormData();
    body.set('account_id', String(account));
    body.set('file', new Blob([file]), 'releve.csv');
    const url = `${(running as ServerProcess).url}/api/v1/imports`;
    return (await fetch(url, { method: 'POST', headers: { authorization }, body })).json();
  };
  const value = async (text: string): Promise<number> => Number((await db.query(text)).rows[0].n);
  const patience = { timeout: 60_000, interval: 5 };

  /** Transactions, rows of imports, balance, files that were taken in. */
  const state = async (): Promise<number[]> => [
    await value('select count(*) as n from transactions'),
    await value('select count(*) as n from import_rows'),
    await value(`select balance as n from bank_accounts where id = ${account}`),
    await value('select count(*) as n from imports'),
  ];
  const nothing = [0, 0, 0, 0];
  const everything = [rowCount, rowCount, rowCount, 1];

  /** Kills the server, and waits until the database has noticed. */
  async function kill(): Promise<void> {
    await running?.end('SIGKILL');
    running = undefined;
    const others = 'select count(*) as n from pg_stat_activity where datname = current_database()';
    await expect.poll(() => value(others), patience).toBe(1);
  }

  test(
    'between two statements leaves nothing; the file is taken in whole the next time',
    { timeout: 120_000 },
    async () => {
      // Reads pass, what writes the rows waits: the transactions are written by then.
      await db.query('begin; lock table import_rows in share mode');
      const sent = send().catch(() => 'cut off');
      const waiting = `select count(*) as n from pg_locks where not granted and relation = 'import_rows'::regclass`;
      await expect.poll(() => value(waiting), patience).toBe(1);
      await running?.end('SIGKILL');
      running = undefined;
      await db.query('rollback');
      await kill();
      expect(await sent).toBe('cut off');
      expect(await state()).toEqual(nothing);
      running = await startProcess(env);
      expect(await send()).toMatchObject({ count: rowCount, created: rowCount });
      expect(await state()).toEqual(everything);
    },
  );

  test(
    'at the first sight of progress, or of a transaction, leaves nothing or everything',
    { timeout: 240_000 },
    async () => {
      for (const sign of [`events where type = 'import.progressed'`, 'transactions']) {
        const sent = send().catch(() => 'cut off');
        await expect.poll(() => value(`select count(*) as n from ${sign}`), patience).toBeGreaterThan(0);
        await kill();
        await sent;
        const left = await state();
        expect([nothing, everything]).toContainEqual(left);
        if (sign === 'transactions') expect(left).toEqual(everything);
        running = await startProcess(env);
        if (left[0] === 0) {
          expect(await send()).toMatchObject({ created: rowCount });
          await db.query('delete from imports; delete from transactions; delete from events');
        } else {
          expect(await send()).toMatchObject({ created: 0, duplicates: rowCount });
        }
      }
    },
  );
});
