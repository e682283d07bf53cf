/** What may stand in a transaction: input becomes a row here, or every problem at once. */
import type { SqlRunner } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { checkedAmount, checkedName, checkedText } from '../../../lib/checked-values.js';
import type { FieldProblem } from '../../../lib/errors.js';
import { sumAmounts } from '../../../lib/money.js';
import { isRowId } from '../../../lib/row-id.js';
import { mostLabels } from './most-labels.js';
import type { SplitRow } from './write-transactions.js';

export interface SplitTerms {
  categoryId?: string | null | undefined;
  /** Decimal text. */
  amount: string;
  description?: string | null | undefined;
}

const limits = { description: 500, notes: 5000, labels: mostLabels, label: 50, splits: 50 } as const;

export const checkedDescription = (text: string, problems: FieldProblem[]): string =>
  checkedText(text, ['description'], problems, { max: limits.description, isRequired: true });

export const checkedNotes = (text: string, problems: FieldProblem[]): string =>
  checkedText(text, ['notes'], problems, { max: limits.notes });

/** Each label once. */
export function checkedLabels(labels: readonly string[], problems: FieldProblem[]): string[] {
  const checked = labels.map((label, index) =>
    checkedName(label, ['labels', String(index)], problems, { max: limits.label }),
  );
  const unique = [...new Set(checked)];
  if (unique.length > limits.labels)
    problems.push({ path: ['labels'], code: 'too_long', message: `at most ${limits.labels} labels` });
  return unique;
}

/** The parts of a transaction of this amount. Adds problems, also when their sum is another. */
export async function checkedSplits(
  tx: SqlRunner,
  splits: readonly SplitTerms[],
  amount: string,
  owners: CategoryOwners,
  problems: FieldProblem[],
): Promise<SplitRow[]> {
  if (splits.length > limits.splits) {
    problems.push({ path: ['splits'], code: 'too_long', message: `at most ${limits.splits} parts` });
    return [];
  }
  const known = await usableCategories(
    tx,
    splits.map(({ categoryId }) => categoryId),
    owners,
  );
  const before = problems.length;
  const rows = splits.map(({ categoryId, amount: part, description }, index): SplitRow => {
    const path = ['splits', String(index)];
    if (categoryId != null && !known.has(Number(categoryId)))
      problems.push({ path: [...path, 'categoryId'], code: 'unknown_reference', message: 'is no category of yours' });
    return {
      categoryId: categoryId == null ? null : Number(categoryId),
      amount: checkedAmount(part, [...path, 'amount'], problems),
      description: checkedText(description ?? '', [...path, 'description'], problems, { max: limits.description }),
    };
  });
  const sum = sumAmounts(rows.map((row) => row.amount));
  if (rows.length > 0 && problems.length === before && sum !== amount)
    problems.push({ path: ['splits'], code: 'invalid', message: `add up to ${sum}, not to ${amount}` });
  return rows;
}

/** Whose categories a transaction may have, beside the global ones: the account's owner's and the writer's. */
export interface CategoryOwners {
  ownerId: number;
  writerId: number;
}

/** The number of the category; adds a problem when there is none that the transaction may have. */
export async function checkedCategory(
  tx: SqlRunner,
  categoryId: string | null | undefined,
  owners: CategoryOwners,
  problems: FieldProblem[],
): Promise<number | null> {
  if (categoryId == null) return null;
  const known = await usableCategories(tx, [categoryId], owners);
  if (!known.has(Number(categoryId)))
    problems.push({ path: ['categoryId'], code: 'unknown_reference', message: 'is no category of yours' });
  return Number(categoryId);
}

async function usableCategories(
  tx: SqlRunner,
  ids: readonly (string | null | undefined)[],
  { ownerId, writerId }: CategoryOwners,
): Promise<Set<number>> {
  const asked = ids.filter((id) => id != null && isRowId(id)).map(Number);
  if (asked.length === 0) return new Set();
  const rows = await tx.all<{ id: number }>(sql`
    select id from categories
     where id = any(${asked}::int[]) and (owner_id is null or owner_id in (${ownerId}::int, ${writerId}::int))
     order by id for key share`);
  return new Set(rows.map(({ id }) => id));
}
