/**
 * Short reads share a few connections and are sent without waiting for the answers to those before them: the statements
 * of a level cost one round trip together, and no request waits for a connection of its own. What follows a slow
 * statement on its connection waits for it, so whatever may take long goes elsewhere.
 */
import pg from 'pg';
import { serialize } from 'pg-protocol';
import utils from 'pg/lib/utils.js';
import type { Logger } from 'pino';
import type { ReadSql } from './database.js';

type Lines = (string | null)[][];

/** What `pg` keeps on a connection, beside what is typed of it. */
interface Wire extends pg.Connection {
  parsedStatements: Record<string, string>;
  submittedNamedStatements: Record<string, string>;
}

/**
 * A statement whose cells come as PostgreSQL's own text. Nobody looks at its columns' types, so the server is not asked
 * to describe them each time.
 */
class TextStatement implements pg.Submittable {
  readonly #lines: Lines = [];

  constructor(
    /** Empty: planned for this time only. */
    readonly name: string,
    readonly text: string,
    readonly values: readonly unknown[],
    readonly callback: (error: Error | null, lines?: Lines) => void,
  ) {}

  submit(connection: pg.Connection): void {
    const wire = connection as Wire;
    const isNew = !wire.parsedStatements[this.name] && !wire.submittedNamedStatements[this.name];
    const bind = serialize.bind({ statement: this.name, values: this.values.map(utils.prepareValue) });
    wire.stream.write(
      Buffer.concat([
        ...(isNew ? [serialize.parse({ name: this.name, text: this.text })] : []),
        bind,
        serialize.execute(),
        serialize.sync(),
      ]),
    );
    if (isNew && this.name) wire.submittedNamedStatements[this.name] = this.text;
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.#lines.push(fields);
  }

  handleReadyForQuery(): void {
    this.callback(null, this.#lines);
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleCommandComplete(): void {}
}

interface Lane {
  client: pg.Client;
  connected: Promise<unknown>;
  openedAt: number;
  /** Statements on the wire, and when the last of them was answered. */
  waiting: number;
  movedAt: number;
}

/** A lane that has so many statements waiting, or on which nothing has moved for so long, is passed by while there is another. */
const crowded = 16;
const stuckMs = 50;
const mostLanes = 8;

export interface ReadLanes {
  read: ReadSql;
  end: () => Promise<void>;
}

/** `nameOf`: undefined for a statement that is not worth keeping planned. */
export function readLanes(
  config: pg.ClientConfig,
  nameOf: (text: string) => string | undefined,
  log: Logger,
): ReadLanes {
  const open = new Set<Lane>();
  let ended = false;
  let chosen: Lane | undefined;

  const connect = (): Lane => {
    const client = new pg.Client({
      ...config,
      application_name: 'passerelle-short-reads',
      pipeline: true,
    } as pg.ClientConfig);
    const lane: Lane = { client, connected: client.connect(), openedAt: performance.now(), waiting: 0, movedAt: 0 };
    const lose = (): void => void open.delete(lane);
    client.on('error', (error) => {
      lose();
      if (!ended) log.warn({ err: error }, 'a read connection was lost');
    });
    client.on('end', lose);
    lane.connected.catch(lose);
    open.add(lane);
    return lane;
  };
  /** The same for all statements of one turn of the event loop, which leave in one piece at its end: each piece wakes the server. */
  const choose = (openedAfter: number): Lane => {
    if (chosen && open.has(chosen) && chosen.openedAt > openedAfter) return chosen;
    const usable = [...open].filter(({ openedAt }) => openedAt > openedAfter);
    const now = performance.now();
    const isFree = ({ waiting, movedAt }: Lane): boolean =>
      waiting < crowded && (waiting === 0 || now - movedAt < stuckMs);
    // The first that will do, so that few processes of the server are woken for many statements.
    chosen =
      usable.find(isFree) ??
      (usable.length < mostLanes
        ? connect()
        : (usable.toSorted((one, other) => one.waiting - other.waiting)[0] as Lane));
    const { stream } = (chosen.client as unknown as { connection: pg.Connection }).connection;
    stream.cork();
    setImmediate(() => {
      chosen = undefined;
      stream.uncork();
    });
    return chosen;
  };
  const send = async (text: string, parameters: readonly unknown[], openedAfter = 0): Promise<Lines> => {
    const lane = choose(openedAfter);
    if (lane.waiting++ === 0) lane.movedAt = performance.now();
    try {
      await lane.connected;
      return await new Promise<Lines>((resolve, reject) => {
        lane.client.query(
          new TextStatement(nameOf(text) ?? '', text, parameters, (error, lines) =>
            error ? reject(error) : resolve(lines as Lines),
          ),
        );
      });
    } finally {
      lane.waiting--;
      lane.movedAt = performance.now();
    }
  };
  return {
    read: async (text, parameters) => {
      const sentAt = performance.now();
      try {
        return await send(text, parameters);
      } catch (error) {
        if (!wasCut(error) || ended) throw error;
        // A read does no harm a second time; the other connections may have been cut with this one.
        return send(text, parameters, sentAt);
      }
    },
    end: async () => {
      ended = true;
      await Promise.all([...open].map(({ client }) => client.end()));
    },
  };
}

/** Not an answer to the statement: the connection, or the server behind it, went away. */
const wasCut = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) || /^57P0[123]$/.test(error.code ?? '');
