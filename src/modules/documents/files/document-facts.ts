import type { SqlEntityManager } from '@mikro-orm/sql';
import type { FieldProblem } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { execute, intArray } from './write-rows.js';

/** What people say of a document. Undefined says nothing, null says that there is none. */
export interface DocumentFacts {
  title?: string | null | undefined;
  typeId?: string | null | undefined;
  correspondentId?: string | null | undefined;
  documentDate?: string | null | undefined;
  amount?: string | null | undefined;
  currency?: string | null | undefined;
  asn?: number | null | undefined;
  tagIds?: readonly string[] | null | undefined;
}

export const maxTitleLength = 500;
const maxTags = 100;

/** Everything wrong with the facts that can be told without the database. */
export function problemsOfFacts({ title, amount, currency, asn, tagIds }: DocumentFacts): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const refuse = (path: string, code: FieldProblem['code'], message: string): void =>
    void problems.push({ path: [path], code, message });
  if (title === null || title?.trim() === '') refuse('title', 'required', 'A document needs a title');
  if (title && title.length > maxTitleLength) refuse('title', 'too_long', `At most ${maxTitleLength} characters`);
  if (title?.includes('\0')) refuse('title', 'invalid_format', 'Must not contain the character U+0000');
  if (amount != null && !/^-?\d{1,12}(\.\d{1,2}0*)?$/.test(amount))
    refuse('amount', 'invalid_format', 'At most 12 digits and 2 decimals');
  if (currency != null && !/^[A-Z]{3}$/.test(currency))
    refuse('currency', 'invalid_format', 'A three-letter code such as EUR');
  if (asn != null && asn < 1) refuse('asn', 'too_small', 'Must be 1 or more');
  if (tagIds && tagIds.length > maxTags) refuse('tagIds', 'too_long', `At most ${maxTags} tags`);
  return problems;
}

/**
 * What of the type, the correspondent and the tags does not exist. Inside a transaction the rows found stay locked
 * against deletion, so that what was checked holds until the commit.
 */
export async function unknownReferences(
  em: SqlEntityManager,
  { typeId, correspondentId, tagIds }: DocumentFacts,
): Promise<FieldProblem[]> {
  const problems: FieldProblem[] = [];
  const lock = em.getTransactionContext() ? ' for key share' : '';
  const find = async (table: string, ids: readonly string[]): Promise<Set<string>> => {
    const real = ids.map(rowId).filter((id) => id !== undefined);
    if (!real.length) return new Set();
    const rows = await execute<{ id: number }>(
      em,
      `select id from ${table} where id = any(?::int[]) order by id${lock}`,
      [intArray(real)],
    );
    return new Set(rows.map(({ id }) => String(id)));
  };
  const known = (found: ReadonlySet<string>, id: string): boolean => found.has(String(rowId(id)));
  const refuse = (path: string[], message: string): void =>
    void problems.push({ path, code: 'unknown_reference', message });
  if (typeId != null && !known(await find('document_types', [typeId]), typeId))
    refuse(['typeId'], 'There is no such document type');
  if (correspondentId != null && !known(await find('correspondents', [correspondentId]), correspondentId)) {
    refuse(['correspondentId'], 'There is no such correspondent');
  }
  if (tagIds?.length) {
    const found = await find('tags', tagIds);
    tagIds.forEach((id, index) => {
      if (!known(found, id)) refuse(['tagIds', String(index)], 'There is no such tag');
    });
  }
  return problems;
}
