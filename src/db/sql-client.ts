import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { Sql } from './sql.js';

/** Runs statements. Rows come by column name; see `resultParsers` for their values. */
export interface SqlRunner {
  /** All rows. */
  all: <R extends object>(statement: Sql) => Promise<R[]>;
  /** The first row, or undefined when there is none. */
  first: <R extends object>(statement: Sql) => Promise<R | undefined>;
  /** Returns how many rows were inserted, updated or deleted. */
  run: (statement: Sql) => Promise<number>;
}

export interface Transaction extends SqlRunner {
  /**
   * Sends a statement without waiting for it: later statements see what it did, and the transaction fails when it
   * fails. For writes whose answer nobody looks at; saves a round trip.
   */
  send: (statement: Sql) => Promise<void>;
  /** When `work` throws, only what it wrote is undone, and the transaction goes on. */
  savepoint: <T>(work: () => Promise<T>) => Promise<T>;
  /** Once this transaction has committed, all listeners of `signal` in this process are called. */
  signal: (signal: Signal) => void;
}

/** `events`: the transaction wrote events into the log. `jobs`: it sent jobs that want to begin at once. */
export type Signal = 'events' | 'jobs';

/**
 * The write side of the database. Commands own a transaction each and hand `tx` to their steps. A statement outside it,
 * made while it is open, throws: on PostgreSQL it would silently run outside the transaction, embedded it would wait
 * for ever.
 */
export interface SqlClient extends SqlRunner {
  /** Commits when `work` resolves, rolls back when it throws. */
  transaction: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;
  /** Calls back after each commit that gave the signal. Returns how to stop. */
  onSignal: (signal: Signal, listener: () => void) => () => void;
}

const openTransaction = new AsyncLocalStorage<{ isOpen: boolean }>();

/** Runs `work` as that of an open transaction. */
export async function insideTransaction<T>(work: () => Promise<T>): Promise<T> {
  const mark = { isOpen: true };
  try {
    return await openTransaction.run(mark, work);
  } finally {
    mark.isOpen = false;
  }
}

/** Throws when this code runs on behalf of a transaction that is still open. */
export function requireNoTransaction(): void {
  if (openTransaction.getStore()?.isOpen) {
    throw new Error('A statement outside the transaction that is open here: pass tx to the step');
  }
}

/** A runner over a driver's query; `affectedBy` says how many rows a result inserted, updated or deleted. */
export function runnerOf<Result extends { rows: unknown[] }>(
  query: (statement: Sql) => Promise<Result>,
  affectedBy: (result: Result) => number | null | undefined,
): SqlRunner {
  return {
    all: async <R extends object>(statement: Sql) => (await query(statement)).rows as R[],
    first: async <R extends object>(statement: Sql) => (await query(statement)).rows[0] as R | undefined,
    run: async (statement) => affectedBy(await query(statement)) ?? 0,
  };
}

/** Listeners of signals, for both kinds of client. */
export class Signals {
  readonly #listeners = new Map<Signal, Set<() => void>>();

  on(signal: Signal, listener: () => void): () => void {
    const listeners = this.#listeners.get(signal) ?? new Set();
    this.#listeners.set(signal, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  give(signals: Iterable<Signal>): void {
    for (const signal of signals) this.#listeners.get(signal)?.forEach((listener) => listener());
  }
}

const number = (text: string): number => Number(text);
const boolean = (text: string): boolean => text === 't';
const arrayOf = (oid: number): ((text: string) => unknown) => pg.types.getTypeParser(oid) as (text: string) => unknown;

/**
 * How results are read, by type (OID), the same on both databases: numbers that JavaScript holds exactly, booleans,
 * JSON and arrays of texts and integers as such; everything else (bigint, numeric, dates, timestamps, uuid) as
 * PostgreSQL's text.
 */
export const resultParsers: Readonly<Record<number, (text: string) => unknown>> = {
  16: boolean,
  21: number,
  23: number,
  26: number,
  114: JSON.parse,
  700: number,
  701: number,
  1005: arrayOf(1005),
  1007: arrayOf(1007),
  1009: arrayOf(1009),
  1015: arrayOf(1015),
  3802: JSON.parse,
};

/** Whether an error says that a unique constraint was broken, and that it was `constraint` when one is named. */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  hasSqlState(error, '23505') && (constraint === undefined || constraintOf(error) === constraint);

/** Whether an error says that a row refers, or is referred to, by another one that is not, or still, there. */
export const isForeignKeyViolation = (error: unknown): boolean => hasSqlState(error, '23503');

/** Whether an error says that a row broke the check called `constraint`. */
export const isCheckViolation = (error: unknown, constraint: string): boolean =>
  hasSqlState(error, '23514') && constraintOf(error) === constraint;

/** Whether an error says that a row broke an exclusion constraint: it overlaps with another one. */
export const isExclusionViolation = (error: unknown): boolean => hasSqlState(error, '23P01');

/** Whether an error says that a lock was not to be had in time, or that two waited for each other. */
export const isLockTimeout = (error: unknown): boolean => hasSqlState(error, '55P03') || hasSqlState(error, '40P01');

/** Whether an error says that a number is too large for its column. */
export const isOutOfRange = (error: unknown): boolean => hasSqlState(error, '22003');

/** The constraint that an error of the database names. */
export const constraintOf = (error: unknown): string | undefined =>
  (error as { constraint?: string } | undefined)?.constraint;

const hasSqlState = (error: unknown, code: string): boolean => (error as { code?: unknown } | undefined)?.code === code;
