import type { FieldCode } from './error-catalog.js';
import { isConfusable, isSeen } from './names.js';

const shortestPassword = 8;
export const longestPassword = 200;

/** Longest values of a person's fields, in characters. */
export const longestPersonField = {
  username: 50,
  email: 254,
  firstName: 100,
  lastName: 100,
  phone: 30,
  street: 200,
  city: 100,
  postalCode: 20,
  country: 100,
  timeZone: 64,
} as const;

export const usernamePattern = /^(?!erased-)[a-z0-9][a-z0-9._-]+$/i;

export const phonePattern = /^[\d\s+.()-]*$/;

/** Narrower than RFC 5322 on purpose: what mail servers of today accept, without comments and quoted names. */
export const emailPattern =
  /^[^\s@<>"(),;:\\[\]]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i;

export const isEmail = (text: string): boolean => emailPattern.test(text) && isSeen(text) && !isConfusable(text);

/** As it is measured, hashed and compared: keyboards send the same letter composed or as a letter with its accent. */
export const tidyPassword = (password: string): string => password.normalize('NFC');

/** What DECISIONS.md, section 0, asks of a password; everything that is wrong at once. */
export function passwordWeaknesses(given: string): { code: FieldCode; message: string }[] {
  const password = tidyPassword(given);
  const missing = [
    ...(/\p{Lu}/u.test(password) ? [] : ['an upper-case letter']),
    ...(/\p{Ll}/u.test(password) ? [] : ['a lower-case letter']),
    ...(/\d/.test(password) ? [] : ['a digit']),
    ...(/[^\p{L}\d\s]/u.test(password) ? [] : ['a special character']),
  ];
  return [
    ...(password.length < shortestPassword
      ? [{ code: 'too_short' as const, message: `must have at least ${shortestPassword} characters` }]
      : []),
    ...(password.length > longestPassword
      ? [{ code: 'too_long' as const, message: `must have at most ${longestPassword} characters` }]
      : []),
    ...(missing.length ? [{ code: 'weak_password' as const, message: `needs ${missing.join(', ')}` }] : []),
  ];
}
