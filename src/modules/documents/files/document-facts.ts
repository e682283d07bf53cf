import type { SqlRunner, Transaction } from '../../../db/sql-client.js';
import { raw, type RowChanges, type Sql, sql } from '../../../db/sql.js';
import type { FieldProblem } from '../../../lib/errors.js';
import { tidyName } from '../../../lib/names.js';
import { rowId } from '../../../lib/row-id.js';
import type { DocumentFactsInput } from './document-mutations.inputs.js';
import type { Document } from './document.entity.js';

/** What people state about a document. Undefined states nothing, null states that there is none. */
export type DocumentFacts = {
  readonly [K in keyof DocumentFactsInput]?: Readonly<DocumentFactsInput[K]> | undefined;
};

export const maxTitleLength = 500;
const maxTags = 100;

/** The columns of facts that are stored in the document's own row; a fact that is forgotten here does not compile. */
export function columnsOfFacts(facts: DocumentFacts) {
  const { typeId, correspondentId, ...columns } = {
    title: facts.title == null ? undefined : tidyName(facts.title),
    typeId: facts.typeId,
    correspondentId: facts.correspondentId,
    documentDate: facts.documentDate,
    amount: facts.amount,
    currency: facts.currency,
    asn: facts.asn,
  } satisfies Record<Exclude<keyof DocumentFacts, 'tagIds'>, unknown>;
  return { ...columns, type: typeId, correspondent: correspondentId } satisfies RowChanges<Document>;
}

/** The names of the facts that are stated. */
export const namesOfFacts = (facts: DocumentFacts): (keyof DocumentFacts)[] =>
  (Object.keys(facts) as (keyof DocumentFacts)[]).filter((name) => facts[name] !== undefined);

/** Everything that is wrong with the facts, as far as it shows without the database. */
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

/** Problems for those of the type, the correspondent and the tags that do not exist. */
export const unknownReferences = (db: SqlRunner, facts: DocumentFacts): Promise<FieldProblem[]> =>
  findUnknown(db, facts, raw(''));

/** Like `unknownReferences`; the rows that exist stay locked against deletion until the commit. */
export const lockReferences = (tx: Transaction, facts: DocumentFacts): Promise<FieldProblem[]> =>
  findUnknown(tx, facts, raw('for key share'));

async function findUnknown(
  db: SqlRunner,
  { typeId, correspondentId, tagIds }: DocumentFacts,
  lock: Sql,
): Promise<FieldProblem[]> {
  const find = async (table: Sql, ids: readonly (string | null | undefined)[]): Promise<Set<string>> => {
    const real = ids.map((id) => (id == null ? undefined : rowId(id))).filter((id) => id !== undefined);
    if (!real.length) return new Set();
    const rows = await db.all<{ id: number }>(
      sql`select id from ${table} where id = any(${real}::int[]) order by id ${lock}`,
    );
    return new Set(rows.map(({ id }) => String(id)));
  };
  const [types, correspondents, tags] = await Promise.all([
    find(raw('document_types'), [typeId]),
    find(raw('correspondents'), [correspondentId]),
    find(raw('tags'), tagIds ?? []),
  ]);
  const problems: FieldProblem[] = [];
  const check = (found: ReadonlySet<string>, id: string, path: string[], message: string): void => {
    if (!found.has(String(rowId(id)))) problems.push({ path, code: 'unknown_reference', message });
  };
  if (typeId != null) check(types, typeId, ['typeId'], 'There is no such document type');
  if (correspondentId != null)
    check(correspondents, correspondentId, ['correspondentId'], 'There is no such correspondent');
  tagIds?.forEach((id, index) => check(tags, id, ['tagIds', String(index)], 'There is no such tag'));
  return problems;
}
