import { randomBytes } from 'node:crypto';
import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { hashSecret } from '../sessions/resolve-viewer.js';

/** DECISIONS.md, section 2. */
const codeCount = 10;
/** Crockford's base 32: none of the letters that are taken for digits. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
/** 80 bits: too many to be found from the hash by guessing. */
const codeLength = 16;

const newRecoveryCode = (): string =>
  [...randomBytes(codeLength)]
    .map((byte) => alphabet[byte % alphabet.length])
    .join('')
    .replace(/(.{4})(?=.)/g, '$1-');

/** Accepts what people type from paper: any case, spaces and dashes, o for 0, i and l for 1. */
const hashOfCode = (code: string): string =>
  hashSecret(code.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1'));

/** Replaces all codes by ten new ones. They are returned here only; the database keeps their hashes. */
export async function replaceRecoveryCodes(tx: Transaction, userId: number): Promise<string[]> {
  const codes = Array.from({ length: codeCount }, newRecoveryCode);
  await tx.send(sql`delete from recovery_codes where user_id = ${userId}`);
  await tx.send(sql`
    insert into recovery_codes (user_id, code_hash) select ${userId}::int, unnest(${codes.map(hashOfCode)}::text[])`);
  return codes;
}

/** Uses up a code. Returns false for an unknown or used one; of two uses at the same moment one gets true. */
export async function useRecoveryCode(tx: Transaction, userId: number, code: string, now: Date): Promise<boolean> {
  const used = await tx.run(sql`
    update recovery_codes set used_at = ${now}
     where user_id = ${userId} and code_hash = ${hashOfCode(code)} and used_at is null`);
  return used > 0;
}
