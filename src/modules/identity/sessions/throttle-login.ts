import type { SqlEntityManager } from '@mikro-orm/sql';
import { DomainError } from '../../../lib/errors.js';
import { countedAddress } from '../../../quota/address.js';
import { hashSecret } from './resolve-viewer.js';

/** DECISIONS.md, section 0: five failures lock the account for half an hour, for the address that they came from. */
const allowedFailures = 5;
export const lockSeconds = 30 * 60;

export interface LoginAttempt {
  /** User name or e-mail, in the letters that the database compares by: `foldedName`. */
  name: string;
  ip: string | undefined;
  /** A device that the person is known to use: it then counts instead of the name and the address. */
  deviceId?: string | null | undefined;
  at: Date;
}

export interface CountedAttempt {
  /** Forgives it and the failures before it. */
  succeeded: () => Promise<void>;
  /** Takes it back: neither a failure nor a success. */
  withdraw: () => Promise<void>;
}

/**
 * The name as the database compares it: its lower case differs from JavaScript's in some letters (`İ`), and each way to
 * write a name that finds the same person must be counted as that one name.
 */
export const foldedName = async (em: SqlEntityManager, name: string): Promise<string> =>
  (await em.execute<{ name: string }[]>('select lower(?) as name', [name]))[0]?.name ?? '';

/** How the attempts for a name are kept. */
export const nameHash = (name: string): string => hashSecret(name.trim().toLowerCase());

/** In the place of the address, where no address reads like it. */
const byDevice = 'device';

/**
 * Counts an attempt before its password is looked at, so that many at once are counted too: of any number in parallel at
 * most five see a free place. The same for names that nobody has, and for all addresses of an IPv6 network together. An
 * attempt from a known device is counted for the device alone (OWASP, « device cookies »): the guesses of others at the
 * same address do not lock its owner out, nor can the device guess without end. Throws RATE_LIMITED with the seconds to wait.
 */
export async function countAttempt(
  em: SqlEntityManager,
  { name, ip, deviceId, at }: LoginAttempt,
): Promise<CountedAttempt> {
  const key = deviceId ? [nameHash(deviceId), byDevice] : [nameHash(name), countedAddress(ip)];
  const connection = em.getConnection();
  const since = new Date(at.valueOf() - lockSeconds * 1000).toISOString();
  const [own] = await connection.execute<{ id: string }[]>(
    'insert into login_attempts (name_hash, ip, attempted_at) values (?, ?, ?::timestamptz) returning id::text',
    [...key, at.toISOString()],
  );
  const [seen] = await connection.execute<{ attempts: number; oldest: string }[]>(
    `select count(*)::int as attempts, min(attempted_at)::text as oldest from login_attempts
      where name_hash = ? and ip = ? and attempted_at > ?::timestamptz`,
    [...key, since],
  );
  const withdraw = async (): Promise<void> => {
    await connection.execute('delete from login_attempts where id = ?::bigint', [own?.id]);
  };
  if (seen && seen.attempts > allowedFailures) {
    // An attempt that was refused unseen does not prolong the lock.
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
      await connection.execute(
        'delete from login_attempts where (name_hash = ? and ip = ?) or attempted_at < ?::timestamptz',
        [...key, since],
      );
    },
    withdraw,
  };
}

/** Forgets the attempts for these names from every address, and those of the devices. True when there were any. */
export async function forgetAttempts(
  em: SqlEntityManager,
  { names, deviceIds }: { names: readonly string[]; deviceIds: readonly string[] },
): Promise<boolean> {
  const hashes = [...names, ...deviceIds].map(nameHash);
  const forgotten = await em.execute<unknown[]>(
    `delete from login_attempts where name_hash in (${hashes.map(() => '?').join(', ')}) returning id`,
    hashes,
  );
  return forgotten.length > 0;
}
