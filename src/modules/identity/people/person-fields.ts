import type { SqlRunner } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { isSeen, tidyName, unseenMessage } from '../../../lib/names.js';
import { isEmail, longestPersonField, phonePattern, usernamePattern } from '../../../lib/person-rules.js';
import { isTimeZone } from '../../../lib/zoned-day.js';
import { duplicate } from './duplicates.js';

/** The facts of a person that can be edited; absent: unchanged, or the column's default. */
export interface PersonFields {
  username?: string | null;
  email?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  phone?: string | null;
  street?: string | null;
  city?: string | null;
  postalCode?: string | null;
  country?: string | null;
  /** IANA name; null: the server's. */
  timeZone?: string | null;
}

/** Unique indexes of `users` and their fields. */
export const userKeys = { users_username_key: 'username', users_email_key: 'email' } as const;

export const personFieldNames = Object.keys(longestPersonField) as (keyof PersonFields)[];

const matches =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text);

const rules: { [field in keyof PersonFields]: { holds: (text: string) => boolean; message: string } } = {
  username: { holds: matches(usernamePattern), message: 'must be 2 to 50 of letters, digits, . _ -' },
  email: { holds: isEmail, message: 'must be an e-mail address' },
  phone: { holds: matches(phonePattern), message: 'must be digits, spaces and + . - ( )' },
  timeZone: { holds: isTimeZone, message: 'must be a time zone such as Europe/Paris' },
};

/** Returns the fields that are given, in NFC and trimmed. */
export function tidyPerson(input: PersonFields): PersonFields {
  const given = personFieldNames.filter((name) => input[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, input[name] == null ? null : tidyName(input[name])]));
}

/** Returns everything that is wrong with the form of the given fields. */
export function personProblems(person: PersonFields): FieldProblem[] {
  return personFieldNames.flatMap((name): FieldProblem[] => {
    const value = person[name];
    if (value === undefined) return [];
    if (value === null || value === '') {
      return name === 'email' || name === 'username'
        ? [{ path: [name], code: 'required', message: 'is required' }]
        : [];
    }
    if (value.length > longestPersonField[name])
      return [{ path: [name], code: 'too_long', message: `must have at most ${longestPersonField[name]} characters` }];
    const rule = rules[name];
    if (rule && !rule.holds(value)) return [{ path: [name], code: 'invalid_format', message: rule.message }];
    return isSeen(value) ? [] : [{ path: [name], code: 'invalid', message: unseenMessage }];
  });
}

/**
 * Returns whether a text is free of control characters: PostgreSQL refuses NUL, and the others only disguise a text.
 */
export const isPlain = (text: string): boolean => !/\p{Cc}/u.test(text);

/** The value of each field's column: what may be absent is null, the other texts are empty. */
export const personColumns = (person: PersonFields) =>
  ({
    username: person.username ?? '',
    email: person.email ?? '',
    firstName: person.firstName ?? '',
    lastName: person.lastName ?? '',
    phone: person.phone || null,
    street: person.street || null,
    city: person.city || null,
    postalCode: person.postalCode || null,
    country: person.country || null,
    timeZone: person.timeZone || null,
  }) satisfies { [field in keyof PersonFields]-?: string | null };

/** Throws BAD_USER_INPUT with every problem: those of form, `others`, and names that somebody else has. */
export async function checkPerson(
  db: SqlRunner,
  person: PersonFields,
  { exceptId = 0, others = [] }: { exceptId?: number; others?: readonly FieldProblem[] } = {},
): Promise<void> {
  const problems = [...personProblems(person), ...others];
  const sound = (name: 'username' | 'email'): string | null =>
    problems.some((p) => p.path[0] === name) ? null : (person[name] ?? null);
  const [username, email] = [sound('username'), sound('email')];
  const taken = await db.first<{ username: boolean; email: boolean }>(sql`
    select exists (select 1 from users
                    where lower(username) = lower(${username}::text) and id <> ${exceptId}) as username,
           exists (select 1 from users
                    where lower(email) = lower(${email}::text) and id <> ${exceptId}) as email`);
  if (taken?.username) problems.push(duplicate('username'));
  if (taken?.email) problems.push(duplicate('email'));
  if (problems.length) throw badInput(problems);
}
