import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { FieldProblem } from '../../../lib/errors.js';
import { longestPassword, passwordWeaknesses, tidyPassword } from '../../../lib/person-rules.js';

/** Argon2id with the library's defaults (19 MiB, 2 passes), which are OWASP's. */
export const hashPassword = (password: string): Promise<string> => hash(tidyPassword(password));

let dummyHash: Promise<string> | undefined;

/**
 * False without a hash as well, after the same work: the time does not tell whether the person exists. A hash of before
 * may be of the password as it was typed, instead of in NFC.
 */
export async function verifyPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  dummyHash ??= hashPassword('nobody has this password');
  const known = typeof passwordHash === 'string';
  for (const spelling of new Set([tidyPassword(password), password])) {
    const matches = await verify(known ? passwordHash : await dummyHash, spelling.slice(0, longestPassword));
    if (known && matches && spelling.length <= longestPassword) return true;
  }
  return false;
}

/** The weaknesses as problems of the field at `path`. */
export const passwordProblems = (password: string, path: string): FieldProblem[] =>
  passwordWeaknesses(password).map((weakness) => ({ ...weakness, path: path.split('.') }));

/** Returns 116 random bits in groups that can be read aloud; satisfies the rules for passwords. */
export function readablePassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  const group = (): string => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return `Pa5-${group()}-${group()}-${group()}-${group()}`;
}
