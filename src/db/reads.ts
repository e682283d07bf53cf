import pg from 'pg';
import type { Logger } from 'pino';
import type { PoolState, ReadSql } from './database.js';
import { sessionSettings } from './orm-options.js';
import { openPipelinedReads } from './pipelined-reads.js';
import { statementNames } from './statement-names.js';
import { tracedStatement } from './traced-statement.js';

/** Read-only connections to one server. */
export interface Reads {
  /** For statements that take milliseconds: pipelined on few connections. */
  short: ReadSql;
  /** The same with rows by column name. */
  query: (config: pg.QueryConfig) => Promise<pg.QueryResult>;
  /** For all others: each has a connection to itself. */
  any: ReadSql;
  /** The same, planned anew with its values: what is rare and what is common are found by different indexes. */
  slow: ReadSql;
  /** `prefix` tells servers apart. */
  connections: (prefix: string) => readonly PoolState[];
  end: () => Promise<void>;
}

const identity = (text: string): string => text;

export const stateOf = (name: string, { totalCount, idleCount, waitingCount }: pg.Pool): PoolState => ({
  pool: name,
  open: totalCount,
  busy: totalCount - idleCount,
  waiting: waitingCount,
});

export interface ReadsOptions {
  /** The firm's. */
  timeZone: string;
  log: Logger;
  patienceMs: number;
}

export function openReads(url: string, { timeZone, log, patienceMs }: ReadsOptions): Reads {
  const config: pg.ClientConfig = {
    connectionString: url,
    application_name: 'passerelle-reads',
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    query_timeout: patienceMs,
    keepAlive: true,
    options: `${sessionSettings(timeZone)} -c default_transaction_read_only=on`,
  };
  const nameOf = statementNames('r');
  const pool = new pg.Pool({ ...config, max: 4, idleTimeoutMillis: 30_000 });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle read connection was lost'));
  const pipelined = openPipelinedReads(config, nameOf, log);
  const types = { getTypeParser: () => identity } as unknown as pg.CustomTypesConfig;
  const readAlone = async (text: string, parameters: readonly unknown[], name?: string) => {
    const result = await tracedStatement(text, () =>
      pool.query<(string | null)[]>({
        text,
        values: [...parameters],
        rowMode: 'array',
        types,
        ...(name && { name }),
      }),
    );
    return result.rows;
  };
  return {
    short: (text, parameters) => tracedStatement(text, () => pipelined.read(text, parameters)),
    query: (config) => tracedStatement(config.text, () => pipelined.query(config)),
    any: (text, parameters) => readAlone(text, parameters, nameOf(text)),
    slow: (text, parameters) => readAlone(text, parameters),
    connections: (prefix) => [stateOf(`${prefix}reads`, pool), { pool: `${prefix}short_reads`, ...pipelined.state() }],
    end: async () => {
      await Promise.all([pool.end(), pipelined.end()]);
    },
  };
}
