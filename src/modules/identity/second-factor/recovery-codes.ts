import { randomBytes } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { hashSecret } from '../sessions/resolve-viewer.js';

/** DECISIONS.md, section 2. */
const codeCount = 10;
/** Crockford's base 32: none of the letters that are taken for digits. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
/** 80 bits: too many to be guessed from the hash. */
const codeLength = 16;

const newRecoveryCode = (): string =>
  [...randomBytes(codeLength)]
    .map((byte) => alphabet[byte % alphabet.length])
    .join('')
    .replace(/(.{4})(?=.)/g, '$1-');

/** As it was typed from paper: without regard to case, spaces and dashes, with o for 0, i and l for 1. */
const hashOfCode = (code: string): string =>
  hashSecret(code.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1'));

/** Ten new codes in place of all earlier ones, in the transaction of `em`. They are in the answer and nowhere else. */
export async function replaceRecoveryCodes(em: SqlEntityManager, userId: number): Promise<string[]> {
  const codes = Array.from({ length: codeCount }, newRecoveryCode);
  await em.execute('delete from recovery_codes where user_id = ?', [userId]);
  for (const code of codes)
    await em.execute('insert into recovery_codes (user_id, code_hash) values (?, ?)', [userId, hashOfCode(code)]);
  return codes;
}

/** Uses up a code; false when it is none or was used before. Of two at the same moment one gets true. */
export async function useRecoveryCode(em: SqlEntityManager, userId: number, code: string, now: Date): Promise<boolean> {
  const used = await em.execute<unknown[]>(
    'update recovery_codes set used_at = ?::timestamptz where user_id = ? and code_hash = ? and used_at is null returning 1',
    [now.toISOString(), userId, hashOfCode(code)],
  );
  return used.length > 0;
}
