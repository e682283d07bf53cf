import type { SqlClient, SqlRunner, Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { DomainError } from '../../../lib/errors.js';
import { countedAddress } from '../../../quota/address.js';
import { hashSecret } from './resolve-viewer.js';

/** DECISIONS.md, section 0: five failures from one address lock the account for that address for half an hour. */
const allowedFailures = 5;
export const lockSeconds = 30 * 60;

export interface LoginAttempt {
  /** User name or e-mail, as `foldedName` returns it. */
  name: string;
  ip: string | undefined;
  /** A device that the person is known to use: it is then counted instead of the name and the address. */
  deviceId?: string | null | undefined;
  at: Date;
}

export interface CountedAttempt {
  /** Deletes it and the failures before it. */
  succeeded: () => Promise<void>;
  /** Takes it back: neither a failure nor a success. */
  withdraw: () => Promise<void>;
}

/**
 * Returns the name as the database compares it: its lower case differs from JavaScript's in some letters (`İ`), and
 * each spelling that finds the same person must be counted as that one name.
 */
export const foldedName = async (db: SqlRunner, name: string): Promise<string> =>
  (await db.first<{ name: string }>(sql`select lower(${name}::text) as name`))?.name ?? '';

/** The key under which the attempts for a name are counted. */
export const nameHash = (name: string): string => hashSecret(name.trim().toLowerCase());

const lockedSince = (at: Date): Date => new Date(at.valueOf() - lockSeconds * 1000);

/** Stands in place of the address; no address reads like it. */
const byDevice = 'device';

/**
 * Counts an attempt before its password is verified, so that parallel attempts are counted too: at most five of them
 * get through. The same for names that nobody has, and for all addresses of an IPv6 network together. An attempt from a
 * known device is counted for the device alone (OWASP, "device cookies"): the guesses of others at the same address do
 * not lock its owner out, nor can the device guess without end. Call it outside a transaction, which could undo the
 * count. Throws RATE_LIMITED with the seconds to wait.
 */
export async function countAttempt(db: SqlClient, { name, ip, deviceId, at }: LoginAttempt): Promise<CountedAttempt> {
  const [key, place] = deviceId ? [nameHash(deviceId), byDevice] : [nameHash(name), countedAddress(ip)];
  const since = lockedSince(at);
  const own = (await db.first<{ id: string }>(
    sql`insert into login_attempts (name_hash, ip, attempted_at) values (${key}, ${place}, ${at}) returning id`,
  )) as { id: string };
  const seen = await db.first<{ attempts: number; oldest: string }>(sql`
    select count(*)::int as attempts, min(attempted_at)::text as oldest from login_attempts
     where name_hash = ${key} and ip = ${place} and attempted_at > ${since}`);
  const withdraw = async (): Promise<void> => {
    await db.run(sql`delete from login_attempts where id = ${own.id}`);
  };
  if (seen && seen.attempts > allowedFailures) {
    // An attempt whose password was not verified does not prolong the lock.
    await withdraw();
    const freeAt = new Date(`${seen.oldest.replace(' ', 'T')}:00`).valueOf() + lockSeconds * 1000;
    const retryAfterSeconds = Math.max(1, Math.ceil((freeAt - at.valueOf()) / 1000));
    throw new DomainError('RATE_LIMITED', `Too many failed attempts. Try again in ${retryAfterSeconds} seconds.`, {
      reason: 'login_locked',
      details: { retryAfterSeconds },
    });
  }
  return {
    succeeded: async () => {
      await db.run(sql`
        delete from login_attempts where (name_hash = ${key} and ip = ${place}) or attempted_at < ${since}`);
    },
    withdraw,
  };
}

/** Those of the names and devices that are locked at some address, or everywhere, at a moment. */
export async function lockedNames(db: SqlRunner, names: readonly string[], at: Date): Promise<Set<string>> {
  const byHash = new Map(names.map((name) => [nameHash(name), name]));
  const rows = await db.all<{ hash: string }>(sql`
    select name_hash as hash from login_attempts
     where name_hash = any(${[...byHash.keys()]}::text[]) and attempted_at > ${lockedSince(at)}
     group by name_hash, ip having count(*) >= ${allowedFailures}`);
  return new Set(rows.map(({ hash }) => byHash.get(hash) ?? ''));
}

/**
 * Deletes the attempts for these names from every address, and those of the devices. Returns whether there were any.
 */
export async function forgetAttempts(
  tx: Transaction,
  { names, deviceIds }: { names: readonly string[]; deviceIds: readonly string[] },
): Promise<boolean> {
  const hashes = [...names, ...deviceIds].map(nameHash);
  return (await tx.run(sql`delete from login_attempts where name_hash = any(${hashes}::text[])`)) > 0;
}
