import { access, constants } from 'node:fs/promises';
import { version } from '../config/version.js';
import type { DialectOptions } from './dialects.js';
import type { AppServices } from './services.js';

/** What `/health` and `/metrics` say of this process. */
export const dialectOptionsOf = ({ config, database, metrics, quotas, startedAt }: AppServices): DialectOptions => ({
  health: async () => ({
    database: await database.isUp(),
    // Events travel by the database's own notifications; xcore's document calls the bus by the name of its usual kind.
    redis: database.isListening() && (await quotas.counters.isUp()),
    disk: await isWritable(config.dataDir),
  }),
  metrics: metrics.text,
  version,
  startedAt,
  demo: config.demo,
});

async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
