import type { SqlEntityManager } from '@mikro-orm/sql';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { emailPattern, longestPersonField, phonePattern, usernamePattern } from '../../../lib/person-rules.js';
import { duplicate } from './duplicates.js';

/** What can be said of a person; absent: unchanged, or the column's default. */
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
}

/** Unique indexes of `users`, and the fields that they are about. */
export const userKeys = { users_username_key: 'username', users_email_key: 'email' } as const;

export const personFieldNames = Object.keys(longestPersonField) as (keyof PersonFields)[];

const patterns: { [field in keyof PersonFields]: { pattern: RegExp; message: string } } = {
  username: { pattern: usernamePattern, message: 'must be 2 to 50 of letters, digits, . _ -' },
  email: { pattern: emailPattern, message: 'must be an e-mail address' },
  phone: { pattern: phonePattern, message: 'must be digits, spaces and + . - ( )' },
};

/** The fields that are given, trimmed. */
export function tidyPerson(input: PersonFields): PersonFields {
  const given = personFieldNames.filter((name) => input[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, input[name]?.trim() ?? null]));
}

/** What is wrong with the form of the given fields, all at once. */
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
    const rule = patterns[name];
    if (rule && !rule.pattern.test(value)) return [{ path: [name], code: 'invalid_format', message: rule.message }];
    return isPlain(value) ? [] : [{ path: [name], code: 'invalid', message: 'must not hold control characters' }];
  });
}

/** No control characters: PostgreSQL refuses NUL, and the others only disguise a text. */
export const isPlain = (text: string): boolean => !/\p{Cc}/u.test(text);

/** Throws every problem at once: those given, those of form, and names that others have. */
export async function checkPerson(
  em: SqlEntityManager,
  person: PersonFields,
  { exceptId = 0, others = [] }: { exceptId?: number; others?: readonly FieldProblem[] } = {},
): Promise<void> {
  const problems = [...personProblems(person), ...others];
  const sound = (name: 'username' | 'email'): string | null =>
    problems.some((p) => p.path[0] === name) ? null : (person[name] ?? null);
  const [taken] = await em.execute<{ username: boolean; email: boolean }[]>(
    `select exists (select 1 from users where lower(username) = lower(?) and id <> ?) as username,
            exists (select 1 from users where lower(email) = lower(?) and id <> ?) as email`,
    [sound('username'), exceptId, sound('email'), exceptId],
  );
  if (taken?.username) problems.push(duplicate('username'));
  if (taken?.email) problems.push(duplicate('email'));
  if (problems.length) throw badInput(problems);
}
