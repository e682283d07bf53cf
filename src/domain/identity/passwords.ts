import { hash, verify } from '@node-rs/argon2';
import type { FieldProblem } from '../../errors.js';

const shortest = 8;
const longest = 200;

/** Argon2id with the library's defaults (19 MiB, 2 passes), which are OWASP's. */
export const hashPassword = (password: string): Promise<string> => hash(password);

let dummyHash: Promise<string> | undefined;

/** False without a hash as well, after the same work: the time does not tell whether the person exists. */
export async function verifyPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  dummyHash ??= hashPassword('nobody has this password');
  const known = typeof passwordHash === 'string';
  const matches = await verify(known ? passwordHash : await dummyHash, password.slice(0, longest));
  return known && matches && password.length <= longest;
}

/** What DECISIONS.md, section 0, asks of a password; all problems at once. */
export function passwordProblems(password: string, path: string): FieldProblem[] {
  const problem = (code: FieldProblem['code'], message: string): FieldProblem => ({ path: path.split('.'), code, message });
  const missing = [
    ...(/\p{Lu}/u.test(password) ? [] : ['an upper-case letter']),
    ...(/\p{Ll}/u.test(password) ? [] : ['a lower-case letter']),
    ...(/\d/.test(password) ? [] : ['a digit']),
    ...(/[^\p{L}\d\s]/u.test(password) ? [] : ['a special character']),
  ];
  return [
    ...(password.length < shortest ? [problem('too_short', `must have at least ${shortest} characters`)] : []),
    ...(password.length > longest ? [problem('too_long', `must have at most ${longest} characters`)] : []),
    ...(missing.length ? [problem('weak_password', `needs ${missing.join(', ')}`)] : []),
  ];
}
