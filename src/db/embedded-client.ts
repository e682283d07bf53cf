import type { PGlite, QueryOptions } from '@electric-sql/pglite';
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
import { type ColumnOf, compileSql } from './sql.js';
import { tracedStatement } from './traced-statement.js';

const asText = (value: string): string => value;

/** Types that PGlite would read or write by rules of its own, by OID. */
const translated = [16, 17, 20, 21, 23, 25, 26, 114, 700, 701, 1043, 1082, 1114, 1184, 1700, 2950, 3802];
const options: QueryOptions = {
  parsers: { ...Object.fromEntries(translated.map((oid) => [oid, asText])), ...resultParsers },
  serializers: Object.fromEntries(translated.map((oid) => [oid, asText])),
};

type Queries = Pick<PGlite, 'query' | 'exec'>;

/** The write side on PostgreSQL in this process. */
export function embeddedClient(pglite: PGlite, columnOf: ColumnOf): SqlClient {
  const signals = new Signals();
  const runner = (queries: Queries, before: () => void = () => undefined): SqlRunner =>
    runnerOf(
      (statement) => {
        before();
        const { text, values } = compileSql(statement, columnOf);
        return tracedStatement(text, () => queries.query(text, values, options));
      },
      ({ affectedRows }) => affectedRows,
    );
  return {
    ...runner(pglite, requireNoTransaction),
    onSignal: (signal, listener) => signals.on(signal, listener),
    transaction: async (work) => {
      requireNoTransaction();
      const given = new Set<Signal>();
      const result = await pglite.transaction((queries) =>
        insideTransaction(() => work(transactionOn(queries, runner(queries), given))),
      );
      signals.give(given);
      return result;
    },
  };
}

function transactionOn(queries: Queries, runner: SqlRunner, given: Set<Signal>): Transaction {
  let savepoints = 0;
  return {
    ...runner,
    send: async (statement) => void (await runner.run(statement)),
    signal: (signal) => void given.add(signal),
    savepoint: async (work) => {
      const name = `s${(savepoints += 1)}`;
      await queries.exec(`savepoint ${name}`);
      try {
        const result = await work();
        await queries.exec(`release savepoint ${name}`);
        return result;
      } catch (error) {
        await queries.exec(`rollback to savepoint ${name}`);
        throw error;
      }
    },
  };
}
