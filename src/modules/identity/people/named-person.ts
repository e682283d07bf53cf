import type { SqlRunner } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { FieldProblem } from '../../../lib/errors.js';
import { isSeen, tidyName, unseenMessage } from '../../../lib/names.js';
import { isUuid } from '../../../lib/uuid.js';

const longestName = 255;

/** A person that a text may name: `text` as it was given, and the person's number if it names one. */
export interface NamedPerson {
  text: string | null;
  userId: number | null;
}

/**
 * Who does something, by what people write: the UUID or the user name of an active person, or any other text, which
 * names nobody (DECISIONS.md, section 8, `utilisateur_responsable`). Empty: nobody. Adds a problem for a text that is
 * too long, and for the UUID of no active person.
 */
export async function namedPerson(
  db: SqlRunner,
  given: string | null | undefined,
  path: readonly string[],
  problems: FieldProblem[],
): Promise<NamedPerson> {
  const text = tidyName(given?.replace(/\p{Cc}+/gu, ' ') ?? '');
  if (!text) return { text: null, userId: null };
  if (text.length > longestName) {
    problems.push({ path, code: 'too_long', message: `at most ${longestName} characters` });
    return { text: null, userId: null };
  }
  if (!isSeen(text)) {
    problems.push({ path, code: 'invalid_format', message: unseenMessage });
    return { text: null, userId: null };
  }
  const person = await db.first<{ id: number }>(
    isUuid(text)
      ? sql`select id from users where uuid = ${text}::uuid and is_active and erased_at is null`
      : sql`select id from users where lower(username) = lower(${text}) and is_active and erased_at is null`,
  );
  if (!person && isUuid(text)) problems.push({ path, code: 'unknown_reference', message: 'is no active person' });
  return { text, userId: person?.id ?? null };
}

/** Like `namedPerson`; who is named as before stays who they are, also when their account was switched off since. */
export async function namedAsBefore(
  db: SqlRunner,
  given: string | null | undefined,
  before: { technician: string | null; technicianUserId: number | null } | undefined,
  path: readonly string[],
  problems: FieldProblem[],
): Promise<NamedPerson> {
  const isAsBefore = given === undefined || (before !== undefined && given?.trim() === before.technician);
  return isAsBefore
    ? { text: before?.technician ?? null, userId: before?.technicianUserId ?? null }
    : namedPerson(db, given, path, problems);
}
