import pg from 'pg';
import {
  insideTransaction,
  requireNoTransaction,
  resultParsers,
  runnerOf,
  type Signal,
  Signals,
  type SqlClient,
  type SqlRunner,
  type Transaction,
} from './sql-client.js';
import { type ColumnOf, compileSql, type Sql } from './sql.js';
import { tracedStatement } from './traced-statement.js';

const asText = (text: string): string => text;
const parsers = {
  getTypeParser: (oid: number) => resultParsers[oid] ?? asText,
} as unknown as pg.CustomTypesConfig;

const rowsAffected = ({ rowCount }: pg.QueryResult): number | null => rowCount;

export interface ServerClientOptions {
  /** Its clients are in pipeline mode: a statement is sent without waiting for the answers to those before it. */
  pool: pg.Pool;
  columnOf: ColumnOf;
  /** The name under which a text is prepared; undefined for one that is not worth keeping. */
  nameOf: (text: string) => string | undefined;
}

/** Runs statements by `query`, whose rows have the types that commands expect. */
export const serverRunner = (
  query: (config: pg.QueryConfig) => Promise<pg.QueryResult>,
  columnOf: ColumnOf,
): SqlRunner => runnerAlone((statement) => query({ ...compileSql(statement, columnOf), types: parsers }));

/** Of statements that belong to no transaction. */
const runnerAlone = (query: (statement: Sql) => Promise<pg.QueryResult>): SqlRunner =>
  runnerOf(async (statement) => {
    requireNoTransaction();
    return query(statement);
  }, rowsAffected);

/** The write side on a PostgreSQL server. */
export function serverClient({ pool, columnOf, nameOf }: ServerClientOptions): SqlClient {
  const signals = new Signals();
  const configOf = (statement: Sql): pg.QueryConfig => {
    const { text, values } = compileSql(statement, columnOf);
    const name = nameOf(text);
    return { text, values, types: parsers, ...(name !== undefined && { name }) };
  };
  return {
    ...runnerAlone((statement) => {
      const config = configOf(statement);
      return tracedStatement(config.text, () => pool.query(config));
    }),
    onSignal: (signal, listener) => signals.on(signal, listener),
    transaction: async (work) => {
      requireNoTransaction();
      const client = await pool.connect();
      const open = new OpenTransaction(client, configOf);
      try {
        const result = await insideTransaction(() => work(open.transaction));
        await open.commit();
        client.release();
        signals.give(open.signals);
        return result;
      } catch (error) {
        client.release(await open.rollBack());
        throw open.cause(error);
      }
    },
  };
}

/** One transaction on one connection. */
class OpenTransaction {
  readonly signals = new Set<Signal>();
  readonly transaction: Transaction;
  readonly #query: (statement: string | pg.QueryConfig) => Promise<pg.QueryResult>;
  readonly #sent: Promise<unknown>[] = [];
  #savepoints = 0;
  /**
   * Of the first statement that failed since the last savepoint was rolled back to, also when the work went on: what
   * made the transaction fail, whatever came after.
   */
  #failed: { error: unknown } | undefined;

  constructor(client: pg.PoolClient, configOf: (statement: Sql) => pg.QueryConfig) {
    this.#query = gathering(client);
    this.#send(this.#query('begin'));
    const query = async (statement: Sql): Promise<pg.QueryResult> => {
      const config = configOf(statement);
      try {
        return await tracedStatement(config.text, () => this.#query(config));
      } catch (error) {
        this.#failed ??= { error };
        throw error;
      }
    };
    this.transaction = {
      ...runnerOf(query, rowsAffected),
      send: async (statement) => this.#send(query(statement)),
      savepoint: (work) => this.#savepoint(work),
      signal: (signal) => void this.signals.add(signal),
    };
  }

  /** Throws when the transaction did not commit. */
  async commit(): Promise<void> {
    const committed = this.#query('commit');
    // Looked at below; until then a lost connection must not count as a rejection that nobody handles.
    committed.catch(() => undefined);
    await Promise.all(this.#sent);
    // PostgreSQL answers `ROLLBACK` to the commit of a transaction in which a statement has failed.
    if ((await committed).command !== 'COMMIT') throw new Error('The transaction was rolled back');
  }

  /** Returns the error when the connection is of no use any more. */
  async rollBack(): Promise<Error | undefined> {
    await Promise.allSettled(this.#sent);
    try {
      await this.#query('rollback');
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  /** What made the transaction fail: `error`, unless it only says that a statement before it had failed. */
  cause(error: unknown): unknown {
    const isAborted = (error as { code?: unknown } | undefined)?.code === '25P02';
    return isAborted && this.#failed ? this.#failed.error : error;
  }

  #send(sent: Promise<unknown>): void {
    this.#sent.push(sent);
    sent.catch((error: unknown) => (this.#failed ??= { error }));
  }

  async #savepoint<T>(work: () => Promise<T>): Promise<T> {
    const name = `s${(this.#savepoints += 1)}`;
    const sentBefore = this.#sent.length;
    this.#send(this.#query(`savepoint ${name}`));
    try {
      const result = await work();
      await Promise.all(this.#sent.splice(sentBefore));
      if (this.#failed) throw this.#failed.error;
      this.#send(this.#query(`release savepoint ${name}`));
      return result;
    } catch (error) {
      await Promise.allSettled(this.#sent.splice(sentBefore));
      const cause = this.cause(error);
      this.#failed = undefined;
      await this.#query(`rollback to savepoint ${name}`);
      throw cause;
    }
  }
}

/**
 * Sends the statements of a connection that are made in one turn of the event loop in one piece, at its end: each piece
 * is a call of the system and wakes the server.
 */
function gathering(client: pg.PoolClient): (statement: string | pg.QueryConfig) => Promise<pg.QueryResult> {
  const { stream } = (client as unknown as { connection: pg.Connection }).connection;
  let isGathering = false;
  const send = (): void => {
    isGathering = false;
    stream.uncork();
  };
  return (statement) => {
    if (!isGathering) {
      isGathering = true;
      stream.cork();
      process.nextTick(send);
    }
    return client.query(statement as pg.QueryConfig);
  };
}
