import { hash, verify } from '@node-rs/argon2';
import type { FieldProblem } from '../../../lib/errors.js';
import { longestPassword, passwordWeaknesses } from '../../../lib/person-rules.js';

/** Argon2id with the library's defaults (19 MiB, 2 passes), which are OWASP's. */
export const hashPassword = (password: string): Promise<string> => hash(password);

let dummyHash: Promise<string> | undefined;

/** False without a hash as well, after the same work: the time does not tell whether the person exists. */
export async function verifyPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  dummyHash ??= hashPassword('nobody has this password');
  const known = typeof passwordHash === 'string';
  const matches = await verify(known ? passwordHash : await dummyHash, password.slice(0, longestPassword));
  return known && matches && password.length <= longestPassword;
}

/** The weaknesses as problems of the field at `path`. */
export const passwordProblems = (password: string, path: string): FieldProblem[] =>
  passwordWeaknesses(password).map((weakness) => ({ ...weakness, path: path.split('.') }));
