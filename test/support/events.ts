import { expect } from 'vitest';
import type { App } from '../../src/app/start.js';

/** Resolves when every event that is committed has its place in the log and is consumed. */
export async function settled({ database, consumers }: Pick<App, 'database' | 'consumers'>): Promise<void> {
  const unplaced = (): Promise<unknown[]> =>
    database.orm.em.fork().getConnection().execute('select 1 from events where position is null');
  await expect.poll(unplaced, { timeout: 20_000 }).toEqual([]);
  await consumers.caughtUp();
}
