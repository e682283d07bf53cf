import { raw, type Sql, sql } from './sql.js';

/**
 * Every advisory lock of the installation: one number each, so that no two pieces of work wait for each other by
 * accident. They hold across all processes of one database. Only this file writes a lock into SQL; a test reads the
 * others for it.
 */
export const lockKeys = {
  /** One process migrates at a time; the others wait and find nothing to do. */
  migrations: 7_261_000,
  /** One relay at a time gives events their positions. */
  eventPositions: 7_261_001,
  /** Partitions of the event log are made and dropped one at a time. */
  eventMonths: 7_261_008,
  /** Several processes may start on an empty database: one makes the administrator. */
  firstAdministrator: 7_261_002,
  /** The tree of tags changes one at a time: two moves that are harmless alone can close a cycle together. */
  tagTree: 7_261_003,
  /** Appointments are booked one at a time: two at once for one slot could wait for each other in its constraint. */
  planning: 7_261_006,
  /** Tasks are made one at a time: there is a bound on how many there are. */
  newTask: 7_261_009,
} as const;

/** Kinds of locks of which there is one for each value; the number keeps equal values of two kinds apart. */
export const lockKinds = {
  /** By SHA-256: who files these bytes and who removes them wait for each other. */
  documentContent: 7_261_100,
  /** By its UUID: who keeps the bytes of a file from the field and who removes them wait for each other. */
  mediumContent: 7_261_106,
  /** By a customer's number: payments and credit notes of one customer's invoices change one at a time. */
  customerMoney: 7_261_101,
  /** By who the supplier is: of two invoices of one number one came first. */
  supplier: 7_261_105,
} as const;

export type LockName = keyof typeof lockKeys;
export type LockKind = keyof typeof lockKinds;

/** The statement that waits for the lock and holds it until the transaction ends. */
export const lockUntilCommit = (name: LockName): string => `select pg_advisory_xact_lock(${lockKeys[name]})::text`;

/** The statement that waits for the lock and holds it until the connection ends. */
export const lockUntilDisconnected = (name: LockName): string => `select pg_advisory_lock(${lockKeys[name]})::text`;

/**
 * `lockUntilCommit` for the write side: `await tx.send(takeLock('tagTree'))`. Sent is enough: what the transaction
 * sends after it runs under the lock.
 */
export const takeLock = (name: LockName): Sql => raw(lockUntilCommit(name));

/** The same for one value. */
export const takeValueLock = (kind: LockKind, value: string): Sql =>
  sql`select pg_advisory_xact_lock(hashtextextended(${value}, ${raw(String(lockKinds[kind]))}))::text`;
