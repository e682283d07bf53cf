import { pipeline } from 'node:stream/promises';
import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Config } from '../../config/config.js';
import type { Database } from '../../db/database.js';
import { sessionSettings } from '../../db/orm-options.js';

/** One session of PostgreSQL, wherever it runs, for what reads or writes whole tables. */
export interface Session {
  all: <T extends object>(text: string, parameters?: readonly unknown[]) => Promise<T[]>;
  /** Statements without parameters and without answers. */
  run: (text: string) => Promise<void>;
  /** The rows of a table (no partitioned one) in COPY's text format, in pieces that end with a row. */
  copyOut: (table: string, columns: readonly string[]) => AsyncIterable<Buffer>;
  copyIn: (table: string, columns: readonly string[], rows: AsyncIterable<Buffer>) => Promise<void>;
  end: () => Promise<void>;
}

/** About so many bytes are one piece. */
const pieceBytes = 4 << 20;
/** Of eight kilobytes. */
const pagesAtOnce = 512;

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** `public.events` → `"public"."events"`. */
export const quotedTable = (name: string): string => name.split('.').map(quoted).join('.');
const list = (columns: readonly string[]): string => columns.map(quoted).join(', ');

/** A session of its own where the database is a server. */
export const sessionOn = async (
  { embedded }: Pick<Database, 'embedded'>,
  { databaseUrl, timeZone }: Pick<Config, 'databaseUrl' | 'timeZone'>,
): Promise<Session> => (embedded ? embeddedSession(embedded) : serverSession(databaseUrl as string, timeZone));

async function serverSession(url: string, timeZone: string): Promise<Session> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'passerelle-backup',
    options: [
      sessionSettings(timeZone),
      ...['statement_timeout=0', 'idle_in_transaction_session_timeout=0', 'lock_timeout=60s'].map((is) => `-c ${is}`),
    ].join(' '),
    keepAlive: true,
  });
  // The statement under way rejects.
  client.on('error', () => undefined);
  await client.connect();
  return {
    all: async (text, parameters = []) => (await client.query(text, [...parameters])).rows,
    run: async (text) => void (await client.query(text)),
    copyOut: (table, columns) =>
      wholeRows(client.query(copyTo(`copy (select ${list(columns)} from only ${quotedTable(table)}) to stdout`))),
    copyIn: async (table, columns, rows) => {
      const target = client.query(copyFrom(`copy ${quotedTable(table)} (${list(columns)}) from stdin`));
      await pipeline(rows, target);
    },
    end: () => client.end(),
  };
}

/** The session of the embedded database; nobody else may use it meanwhile. It reads a table by its pages. */
function embeddedSession(pglite: PGlite): Session {
  return {
    all: async <T extends object>(text: string, parameters: readonly unknown[] = []) =>
      (await pglite.query<T>(text, [...parameters])).rows,
    run: async (text) => void (await pglite.exec(text)),
    copyOut: async function* (table, columns) {
      const { rows } = await pglite.query<{ pages: number }>(
        `select (pg_relation_size($1::regclass) / current_setting('block_size')::int)::int as pages`,
        [quotedTable(table)],
      );
      for (let page = 0; page < (rows[0]?.pages ?? 0); page += pagesAtOnce) {
        const range = `ctid >= '(${page},0)' and ctid < '(${page + pagesAtOnce},0)'`;
        const { blob } = await pglite.query(
          `copy (select ${list(columns)} from only ${quotedTable(table)} where ${range}) to '/dev/blob'`,
        );
        const bytes = blob ? Buffer.from(await blob.arrayBuffer()) : Buffer.alloc(0);
        if (bytes.length > 0) yield bytes;
      }
    },
    copyIn: async (table, columns, rows) => {
      for await (const chunk of rows)
        await pglite.query(`copy ${quotedTable(table)} (${list(columns)}) from '/dev/blob'`, [], {
          blob: new Blob([new Uint8Array(chunk)]),
        });
    },
    end: async () => undefined,
  };
}

/** Pieces that end where a row does: within a row COPY writes no line feed. */
async function* wholeRows(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    held.push(chunk);
    size += chunk.length;
    const end = size >= pieceBytes ? chunk.lastIndexOf(10) + 1 : 0;
    if (end === 0) continue;
    yield Buffer.concat([...held.slice(0, -1), chunk.subarray(0, end)]);
    held = [chunk.subarray(end)];
    size = chunk.length - end;
  }
  if (size > 0) yield Buffer.concat(held);
}
