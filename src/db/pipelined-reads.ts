/**
 * Short reads share a few connections and are sent without waiting for the answers to those before them (pipelined):
 * the statements of a level cost one round trip together, and no request waits for a connection of its own. A statement
 * behind a slow one on the same connection waits for it, so whatever may take long goes elsewhere.
 */
import pg from 'pg';
import { serialize } from 'pg-protocol';
import utils from 'pg/lib/utils.js';
import type { Logger } from 'pino';
import type { PoolState, ReadSql } from './database.js';

type Rows = (string | null)[][];

const executed = Buffer.concat([serialize.execute(), serialize.sync()]);

/** What `pg` keeps on a connection, beside what is typed of it. */
interface StatementConnection extends pg.Connection {
  parsedStatements: Record<string, string>;
  submittedNamedStatements: Record<string, string>;
}

/**
 * A statement whose cells come as PostgreSQL's own text. Nobody looks at its columns' types, so the server is not asked
 * to describe them each time.
 */
class TextStatement implements pg.Submittable {
  readonly #rows: Rows = [];

  constructor(
    /** Empty: planned for this time only. */
    readonly name: string,
    readonly text: string,
    readonly values: readonly unknown[],
    readonly callback: (error: Error | null, rows?: Rows) => void,
  ) {}

  submit(connection: pg.Connection): void {
    const { parsedStatements, submittedNamedStatements, stream } = connection as StatementConnection;
    const isNew = !parsedStatements[this.name] && !submittedNamedStatements[this.name];
    const bind = serialize.bind({ statement: this.name, values: this.values.map(utils.prepareValue) });
    stream.write(
      Buffer.concat([...(isNew ? [serialize.parse({ name: this.name, text: this.text })] : []), bind, executed]),
    );
    if (isNew && this.name) submittedNamedStatements[this.name] = this.text;
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.#rows.push(fields);
  }

  handleReadyForQuery(): void {
    this.callback(null, this.#rows);
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleCommandComplete(): void {}
}

interface PipelinedConnection {
  client: pg.Client;
  connected: Promise<unknown>;
  openedAt: number;
  /** How many statements have been sent and not answered. */
  waiting: number;
  /** When the last answer came, or the first of these statements was sent. */
  movedAt: number;
}

/**
 * A connection with so many statements waiting, or without an answer for so long, is passed by while there is another.
 */
const maxWaiting = 16;
const stuckMs = 50;
const maxConnections = 8;

export interface PipelinedReads {
  read: ReadSql;
  /** For rows by column name, of types that the statement says. */
  query: (config: pg.QueryConfig) => Promise<pg.QueryResult>;
  state: () => Omit<PoolState, 'pool'>;
  end: () => Promise<void>;
}

/** `nameOf` returns undefined for a statement that is not worth keeping planned. */
export function openPipelinedReads(
  config: pg.ClientConfig,
  nameOf: (text: string) => string | undefined,
  log: Logger,
): PipelinedReads {
  const pool = new ConnectionPool(config, log);
  const sendOver = async <T>(send: (client: pg.Client) => Promise<T>, openedAfter = 0): Promise<T> => {
    const connection = pool.choose(openedAfter);
    if (connection.waiting++ === 0) connection.movedAt = performance.now();
    try {
      await connection.connected;
      return await send(connection.client);
    } finally {
      connection.waiting--;
      connection.movedAt = performance.now();
    }
  };
  const read = async <T>(send: (client: pg.Client) => Promise<T>): Promise<T> => {
    const sentAt = performance.now();
    try {
      return await sendOver(send);
    } catch (error) {
      if (!isLostConnection(error) || pool.hasEnded) throw error;
      // A read does no harm a second time; the other connections may have been cut with this one.
      return sendOver(send, sentAt);
    }
  };
  return {
    read: (text, parameters) =>
      read(
        (client) =>
          new Promise<Rows>((resolve, reject) => {
            client.query(
              new TextStatement(nameOf(text) ?? '', text, parameters, (error, rows) =>
                error ? reject(error) : resolve(rows as Rows),
              ),
            );
          }),
      ),
    query: ({ text, ...config }) => {
      const name = nameOf(text);
      return read((client) => client.query({ ...config, text, ...(name !== undefined && { name }) }));
    },
    state: () => pool.state(),
    end: () => pool.end(),
  };
}

class ConnectionPool {
  readonly #config: pg.ClientConfig;
  readonly #log: Logger;
  readonly #open = new Set<PipelinedConnection>();
  /** The connection of this turn of the event loop. */
  #chosen: PipelinedConnection | undefined;
  hasEnded = false;

  constructor(config: pg.ClientConfig, log: Logger) {
    this.#config = { ...config, application_name: 'passerelle-short-reads', pipeline: true } as pg.ClientConfig;
    this.#log = log;
  }

  /**
   * Returns one that was opened after `openedAfter`. The same for all statements of one turn of the event loop, which
   * leave in one piece at its end: each piece wakes the server.
   */
  choose(openedAfter: number): PipelinedConnection {
    const chosen = this.#chosen;
    if (chosen && this.#open.has(chosen) && chosen.openedAt > openedAfter) return chosen;
    const connection = this.#findUsable(openedAfter) ?? this.#connect();
    const { stream } = (connection.client as unknown as { connection: pg.Connection }).connection;
    stream.cork();
    setImmediate(() => {
      this.#chosen = undefined;
      stream.uncork();
    });
    this.#chosen = connection;
    return connection;
  }

  /** Several statements may wait for answers on one of the busy ones. */
  state(): Omit<PoolState, 'pool'> {
    const waiting = [...this.#open].map((connection) => connection.waiting);
    return {
      open: waiting.length,
      busy: waiting.filter((statements) => statements > 0).length,
      waiting: waiting.reduce((sum, statements) => sum + Math.max(0, statements - 1), 0),
    };
  }

  async end(): Promise<void> {
    this.hasEnded = true;
    await Promise.all([...this.#open].map(({ client }) => client.end()));
  }

  #findUsable(openedAfter: number): PipelinedConnection | undefined {
    const usable = [...this.#open].filter(({ openedAt }) => openedAt > openedAfter);
    const now = performance.now();
    const isFree = ({ waiting, movedAt }: PipelinedConnection): boolean =>
      waiting < maxWaiting && (waiting === 0 || now - movedAt < stuckMs);
    // The first that will do, so that few processes of the server are woken for many statements.
    const free = usable.find(isFree);
    return free ?? (usable.length < maxConnections ? undefined : usable.toSorted(byWaiting)[0]);
  }

  #connect(): PipelinedConnection {
    const client = new pg.Client(this.#config);
    const connection = { client, connected: client.connect(), openedAt: performance.now(), waiting: 0, movedAt: 0 };
    const forget = (): void => void this.#open.delete(connection);
    client.on('error', (error) => {
      forget();
      if (!this.hasEnded) this.#log.warn({ err: error }, 'a read connection was lost');
    });
    client.on('end', forget);
    connection.connected.catch(forget);
    this.#open.add(connection);
    return connection;
  }
}

const byWaiting = (one: PipelinedConnection, other: PipelinedConnection): number => one.waiting - other.waiting;

/** Not an answer to the statement: the connection, or the server behind it, went away. */
const isLostConnection = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) || /^57P0[123]$/.test(error.code ?? '');
