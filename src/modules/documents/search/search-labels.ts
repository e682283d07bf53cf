import type { Bind } from '../../../kernel/read-model.js';
import { isRowId } from '../../../lib/row-id.js';
import type { SearchNode } from '../../../lib/search-query.js';
import { idsOfLabel } from './search-condition.js';

/** What the full-text index knows of documents beside their words: `search_labels` of the migration 0072. */
const kinds = { owner: 1, type: 2, correspondent: 3, tag: 4, month: 5, filed: 6, seen: 7 } as const;

/** Conditions on documents, of a search and of the list; the index knows these. */
export interface SearchedFilter {
  typeId?: string | null;
  correspondentId?: string | null;
  ownerId?: string | null;
  tagId?: string | null;
  tagIds?: readonly string[] | null;
  createdAfter?: Date | null;
  createdBefore?: Date | null;
}

/** Of the row called `t`, as indexed. */
const labels =
  'search_labels(t.owner_id, t.document_type_id, t.correspondent_id, t.tag_ids, t.document_date, t.created_at,' +
  ' t.shared_with)';

/** `number`: an integer in SQL. */
const keyOf = (kind: keyof typeof kinds, number: string): string => `(${kinds[kind]}::bigint << 32) + ${number}`;

/** Months of one condition that the index is asked for, one by one. */
const mostMonths = 60;

/** A condition of a query as the index answers it: as a whole, or in part when it `isPart`. Undefined: not at all. */
export function indexedLabel(node: SearchNode, bind: Bind): { sql: string; isPart: boolean } | undefined {
  // A part of a name may be that of thousands of correspondents.
  if (node.kind === 'label' && node.of !== 'from') {
    const keys = `select ${keyOf(node.of, 'n.id')} from (${idsOfLabel(node, bind)}) n`;
    return { sql: `${labels} && array(${keys})`, isPart: false };
  }
  if (node.kind !== 'date' || !node.from || !node.before) return undefined;
  const sql = inMonths('month', node.from, node.before, bind);
  return sql === undefined ? undefined : { sql, isPart: true };
}

/** That a day from this one, before that one, is in a month that the index knows; undefined for too many. */
export function inMonths(kind: 'month' | 'filed', from: string, before: string, bind: Bind): string | undefined {
  const monthOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  const first = monthOf(from);
  const count = monthOf(before) - first + 1;
  if (count > mostMonths) return undefined;
  const months = bind(Array.from({ length: Math.max(0, count) }, (_, i) => first + i));
  return `${labels} && array(select ${keyOf(kind, 'm')} from unnest(${months}::int[]) m)`;
}

/** That a document may fit a filter, as the index knows it, and is seen by this person. */
export function hasLabels(
  { typeId, correspondentId, ownerId, tagId, tagIds, createdAfter, createdBefore }: SearchedFilter,
  seenBy: number | undefined,
  bind: Bind,
): string[] {
  const keys = (kind: keyof typeof kinds, ids: readonly unknown[]): string[] =>
    ids.length > mostKeys ? [] : ids.filter(isRowId).map((id) => keyOf(kind, `${bind(Number(id))}::int`));
  const all = [
    ...keys('seen', [seenBy]),
    ...keys('owner', [ownerId]),
    ...keys('type', [typeId]),
    ...keys('correspondent', [correspondentId]),
    ...keys('tag', [tagId, ...(tagIds ?? [])]),
  ];
  const isFiled =
    createdAfter && createdBefore && inMonths('filed', createdAfter.toISOString(), createdBefore.toISOString(), bind);
  return [...(all.length ? [`${labels} @> array[${all.join(', ')}]`] : []), ...(isFiled ? [isFiled] : [])];
}

const labelFilters: readonly string[] = ['typeId', 'correspondentId', 'ownerId', 'tagId', 'tagIds'];
const mostKeys = 100;

/** Whether the index answers a condition of a filter as a whole. */
export const isLabelled = (name: string, value: unknown): boolean => {
  const ids = [value].flat();
  return labelFilters.includes(name) && ids.length <= mostKeys && ids.every(isRowId);
};
