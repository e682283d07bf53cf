import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { type Logger, pino } from 'pino';
import { type AppServices, openServices } from '../app/services.js';
import { type Config, readConfig } from '../config/config.js';
import type { Context } from '../kernel/context.js';
import { theSystem, type Viewer } from '../kernel/viewer.js';
import { CloseStack } from '../lib/close-stack.js';

export interface DirectOptions {
  verbose?: boolean;
}

export interface Direct extends AppServices {
  /** A context of the server itself, or of a person. */
  contextOf: (viewer?: Viewer) => Context;
}

/** Lines of the parts that are opened: on the error output, and only when something is wrong or asked for. */
export const quietLog = ({ verbose = false }: DirectOptions): Logger =>
  pino({ level: verbose ? 'info' : 'fatal' }, pino.destination({ dest: 2, sync: true }));

/**
 * Opens what the environment names, as the server does but without its doors and its work behind them, and closes it
 * again. Throws MigrationsPending on a database that is not up to date, FolderInUse while a server has it open.
 */
export async function directly<T>(options: DirectOptions, work: (direct: Direct) => Promise<T>): Promise<T> {
  const log = quietLog(options);
  const closing = new CloseStack(log);
  const config: Config = {
    ...readConfig(),
    // It sends jobs and takes none.
    process: 'web',
    redisUrl: undefined,
    tesseract: undefined,
  };
  try {
    const app = await openServices(
      { config, log, now: () => new Date(), database: { migrations: 'require' } },
      closing,
    );
    return await work({
      ...app,
      contextOf: (viewer = theSystem) =>
        app.makeContext.forViewer(viewer, {
          credential: undefined,
          requestId: `cli_${randomUUID().replaceAll('-', '')}`,
          ip: undefined,
          userAgent: 'passerelle command line',
        }),
    });
  } finally {
    await closing.close();
  }
}
