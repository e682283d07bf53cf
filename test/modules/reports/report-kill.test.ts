import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { diskStore } from '../../../src/storage/disk-store.js';
import { freshDatabase } from '../../support/database.js';
import { type ServerProcess, startProcess } from '../../support/process.js';
import { addPhoto, makeVisit, type Visit, type VisitStage } from '../../support/reports.js';

/** The test looks at the database beside the server: not with the embedded one. */
describe.runIf(inject('database').kind === 'server')('a server that is killed while it makes a report', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let db: pg.Client;
  let drop: () => Promise<void>;
  let running: ServerProcess | undefined;
  let authorization: string;
  let visit: Visit;
  const password = 'Passerelle-2026!';

  const rows = async (text: string, values: unknown[] = []): Promise<any[]> => {
    let number = 0;
    return (
      await db.query(
        text.replace(/\?/g, () => `$${(number += 1)}`),
        values,
      )
    ).rows;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-process-'));
    const database = await freshDatabase(folder);
    drop = database.drop;
    env = { ...database.env, DATA_DIR: folder, ADMIN_PASSWORD: password, WATCH_DIR: 'off', TESSERACT: 'off' };
    db = new pg.Client({ connectionString: database.env['DATABASE_URL'] });
    await db.connect();
    running = await startProcess(env);
    const form = new URLSearchParams({ username: 'admin', password });
    const login = await fetch(`${running.url}/auth/login`, { method: 'POST', body: form });
    authorization = `Bearer ${((await login.json()) as { access_token: string }).access_token}`;
    const stage: VisitStage = { sql: rows, services: { store: diskStore(join(folder, 'files')) } };
    visit = await makeVisit(stage, { id: 1 });
    for (let number = 0; number < 30; number += 1) await addPhoto(stage, visit, { width: 2400 });
  }, 120_000);
  afterEach(async () => {
    await running?.end('SIGKILL');
    await db.end();
    await drop();
    await rm(folder, { recursive: true, force: true });
  });

  test('has made it once in the end', { timeout: 240_000 }, async () => {
    const answer = fetch(`${running?.url}/api/rapports/generate`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ intervention_id: visit.interventionId, type_rapport: 'inspection' }),
    }).catch(() => undefined);
    const progress = async (): Promise<number> => (await rows('select progress from reports'))[0]?.progress ?? 0;
    await expect.poll(progress, { timeout: 60_000, interval: 5 }).toBeGreaterThan(0);
    await running?.end('SIGKILL');
    await answer;
    expect(await rows('select status from reports')).toEqual([{ status: 'in_progress' }]);

    running = await startProcess(env);
    const status = async (): Promise<string> => (await rows('select status from reports'))[0].status;
    await expect.poll(status, { timeout: 150_000, interval: 100 }).toBe('generated');
    expect(await rows(`select count(*)::int as n from events where type = 'report.generated'`)).toEqual([{ n: 1 }]);
    expect(await rows('select count(*)::int as n from documents')).toEqual([{ n: 1 }]);
    const [{ id }] = await rows('select id from reports');
    const file = await fetch(`${running.url}/api/rapports/${id}/download`, { headers: { authorization } });
    expect([file.status, (await file.text()).slice(0, 5)]).toEqual([200, '%PDF-']);
  });
});
