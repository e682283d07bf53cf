import type { SqlRunner } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import { checkedText } from '../../lib/checked-values.js';
import type { FieldProblem } from '../../lib/errors.js';
import { isDeeperThan } from '../../lib/json-depth.js';

export const longestTitle = 300;
export const longestDescription = 20_000;
const longestAuthor = 255;
const longestContent = 200_000;
const deepestContent = 20;

/** What a writer puts into a report. Undefined states nothing, null states that there is none. */
export interface ReportTexts {
  title?: string | null | undefined;
  description?: string | null | undefined;
  author?: string | null | undefined;
  content?: unknown;
}

/** The texts that are stated, checked; adds what is wrong with them to `problems`. */
export function checkedTexts({ title, description, author, content }: ReportTexts, problems: FieldProblem[]) {
  const text = (given: string | null | undefined, name: string, max: number) =>
    given == null ? given : checkedText(given, [name], problems, { max }) || null;
  return {
    // A report always has these two: what is emptied stays.
    title: text(title, 'title', longestTitle) ?? undefined,
    author: text(author, 'author', longestAuthor) ?? undefined,
    description: text(description, 'description', longestDescription),
    content: content == null ? (content as null | undefined) : checkedContent(content, problems),
  };
}

function checkedContent(content: unknown, problems: FieldProblem[]): unknown {
  if (content === '') return null;
  if (isDeeperThan(content, deepestContent)) {
    problems.push({ path: ['content'], code: 'invalid', message: `at most ${deepestContent} levels deep` });
    return null;
  }
  if (JSON.stringify(content).length > longestContent)
    problems.push({ path: ['content'], code: 'too_long', message: `at most ${longestContent} characters as JSON` });
  return storable(content);
}

/** Without what PostgreSQL refuses in JSON: NUL and half surrogates. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '');
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), storable(inner)]));
}

/** The name of a person, as a report names them; undefined when there is no such person. */
export async function nameOfPerson(db: SqlRunner, userId: number): Promise<string | undefined> {
  const person = await db.first<{ name: string }>(sql`
    select coalesce(nullif(trim(full_name), ''), username) as name from users where id = ${userId}::int`);
  return person?.name;
}
