import pg from 'pg';
import type { Logger } from 'pino';
import type { ReadSql } from './database.js';
import { sessionSettings } from './orm-options.js';
import { openPipelinedReads } from './pipelined-reads.js';
import { statementNames } from './statement-names.js';

/** Read-only connections to one server. */
export interface Reads {
  /** For statements that take milliseconds: pipelined on few connections. */
  short: ReadSql;
  /** For all others: each has a connection to itself. */
  any: ReadSql;
  end: () => Promise<void>;
}

const identity = (text: string): string => text;

export function openReads(url: string, log: Logger): Reads {
  const config: pg.ClientConfig = {
    connectionString: url,
    application_name: 'passerelle-reads',
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    keepAlive: true,
    options: `${sessionSettings} -c default_transaction_read_only=on`,
  };
  const nameOf = statementNames('r');
  const pool = new pg.Pool({ ...config, max: 4, idleTimeoutMillis: 30_000 });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle read connection was lost'));
  const pipelined = openPipelinedReads(config, nameOf, log);
  const types = { getTypeParser: () => identity } as unknown as pg.CustomTypesConfig;
  return {
    short: pipelined.read,
    any: async (text, parameters) => {
      const name = nameOf(text);
      const result = await pool.query<(string | null)[]>({
        text,
        values: [...parameters],
        rowMode: 'array',
        types,
        ...(name && { name }),
      });
      return result.rows;
    },
    end: async () => {
      await Promise.all([pool.end(), pipelined.end()]);
    },
  };
}
