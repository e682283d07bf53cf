import type { SqlClient, Transaction } from '../../../db/sql-client.js';
import { raw } from '../../../db/sql.js';
import type { StorageOperation } from '../../../plugin-host/plugin-process.js';
import { decoded, StorageProblem } from './column-values.js';
import type { PluginTables } from './plugin-tables.js';
import { mostRows, type SingleOperation, statementOf, type StorageStatement } from './storage-statements.js';

const mostOperations = 50;
const statementMs = 2_000;
/** What goes in, and what comes out, of one call. */
const mostBytes = 4 * 1024 * 1024;

/** Runs what a plugin asks of its own tables. */
export type PluginStorage = (operation: StorageOperation) => Promise<unknown>;

/**
 * The storage of one plugin: its schema `plugin_<id>` and in it the tables that its migrations declare. Every name is
 * one of those, every value a parameter. Throws StorageProblem, whose message the plugin may see, for what cannot be
 * done; a transaction does all or nothing.
 */
export const pluginStorage =
  (db: SqlClient, pluginId: string, tables: PluginTables): PluginStorage =>
  async (operation) => {
    if (sizeOf(operation) > mostBytes) throw new StorageProblem(`An operation has at most ${mostBytes} bytes`);
    const isTransaction = 'transaction' in operation;
    const operations = isTransaction ? operation.transaction : [operation];
    if (!Array.isArray(operations) || operations.length === 0 || operations.length > mostOperations)
      throw new StorageProblem(`A transaction has 1 to ${mostOperations} operations`);
    const statements = (operations as readonly SingleOperation[]).map((one) => statementOf(pluginId, tables, one));
    try {
      const results = await db.transaction(async (tx) => {
        await tx.send(raw(`set local statement_timeout = ${statementMs}`));
        const done: unknown[] = [];
        let bytes = 0;
        for (const statement of statements) {
          const result = await run(tx, statement);
          bytes += sizeOf(result);
          if (bytes > mostBytes) throw new StorageProblem(`The rows have more than ${mostBytes} bytes: ask for fewer`);
          done.push(result);
        }
        return done;
      });
      return isTransaction ? results : results[0];
    } catch (error) {
      throw problemOf(error);
    }
  };

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

type Cells = Record<string, string | null>;

async function run(tx: Transaction, { statement, columns, kind }: StorageStatement): Promise<unknown> {
  const rows = await tx.all<Cells>(statement);
  if (kind === 'count') return Number(rows[0]?.['count']);
  if (rows.length > mostRows) throw new StorageProblem(`There are more than ${mostRows} rows: narrow the condition`);
  return rows.map((row) => ({
    ...Object.fromEntries([...columns].map(([name, column]) => [name, decoded(column, row[name] ?? null)])),
    ...(kind === 'groups' && { count: Number(row[':count']) }),
  }));
}

/** What the database says of what was asked, as the plugin may see it: without the server's own names. */
function problemOf(error: unknown): unknown {
  const { code, constraint } = error as { code?: unknown; constraint?: string };
  switch (typeof code === 'string' ? code : '') {
    case '23505':
      return new StorageProblem(`A row has these values already (${constraint ?? 'unique'})`);
    case '23502':
      return new StorageProblem('A column that must have a value has none');
    case '42P10':
      return new StorageProblem('onConflict names columns that are not unique together');
    case '21000':
      return new StorageProblem('Two of the rows are the same by onConflict');
    case '57014':
      return new StorageProblem(`It took longer than ${statementMs} ms`);
    case '40001':
    case '40P01':
      return new StorageProblem('Somebody else changed the same rows: try again');
    case '42P01':
    case '3F000':
    case '42703':
      return new StorageProblem('The table is not there any more');
    default:
      return typeof code === 'string' && code.startsWith('22')
        ? new StorageProblem('A value is out of the range of its column')
        : error;
  }
}
