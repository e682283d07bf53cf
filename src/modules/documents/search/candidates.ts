import { type Bind, type Filter, keyedBy, type Predicate } from '../../../kernel/read-model.js';
import type { Viewer } from '../../../kernel/viewer.js';
import { seenBy, visibleDocuments } from '../files/document.policy.js';
import { documentReads } from '../files/document.reads.js';
import { inStretches, stretchSize } from './search-condition.js';
import { hasLabels, isLabelled, type SearchedFilter } from './search-labels.js';

type Write<T = string> = (bind: Bind) => T;

/** What a document has to fit, called `t`, beside the filter. See `search-hits.ts` for candidates and windows. */
export interface Condition {
  /** Answered by the full-text index. */
  text?: Write | undefined;
  /** Answered by the same index, which is asked for the filter's labels too; undefined: there are so few documents that
   * it is not. */
  labels?: Write<string[]> | undefined;
  /** Answered by other indexes. */
  conditions?: Write | undefined;
  looked?: Write | undefined;
}

/** Where candidates are read: SQL for the numbers of stretches, and for the first id and the one after the last. */
export interface Within {
  stretches: string;
  ids?: readonly [string, string];
}

interface RowsOptions {
  filter: SearchedFilter | null | undefined;
  viewer: Viewer;
  bind: Bind;
  /** Columns of `t`. */
  columns: string;
  /** Undefined: everywhere, by any index. */
  within?: Within | undefined;
  /** Leaves out what the full-text index does not answer, see `otherConditions`. */
  isByText?: boolean;
  /** Answered by any index, not within stretches. */
  also?: readonly string[];
  /** So many of the newest suffice. */
  newest?: number | undefined;
}

/**
 * The candidates as one query. Within stretches, other indexes are kept out: each would be read whole for each window.
 */
export function candidateRows(condition: Condition, options: RowsOptions): string {
  const { filter, viewer, bind, columns, within, isByText = false, also = [], newest } = options;
  const { text } = condition;
  const hasIndex = usesLabels(condition, within, viewer);
  const labels = hasIndex ? labelConditions(condition, { filter, viewer, bind }) : [];
  const found = [
    ...(within
      ? [text || labels.length || !within.ids ? inStretches('t', within.stretches) : inIds('t.id', within)]
      : []),
    ...(text ? [text(bind)] : []),
    ...labels,
    'true',
  ].join(' and ');
  const left = hasIndex ? condition : { ...condition, labels: undefined };
  const others = [
    't.deleted_at is null',
    seenPredicate(viewer)('t', bind),
    ...(isByText ? [] : otherConditions(left, filter, bind)),
    ...also,
  ].join(' and ');
  if (within) return `select ${columns} from (select * from documents t where ${found} offset 0) t where ${others}`;
  const end = newest === undefined ? '' : `order by t.created_at desc, t.id desc limit ${newest}`;
  return `select ${columns} from documents t where ${found} and ${others} ${end}`;
}

/** What the viewer sees, told by the row alone. */
export function seenPredicate(viewer: Viewer): Predicate {
  const reader = readerOf(viewer);
  return reader === undefined ? visibleDocuments(viewer) : seenBy(reader);
}

/** Whoever sees some documents, their own and those that are shared with them; undefined for who sees all or none. */
const readerOf = (viewer: Viewer): number | undefined => (visibleDocuments(viewer).parts ? viewer.userId : undefined);

/**
 * Words are read with labels everywhere, and so is what somebody sees; other labels alone within stretches, and
 * elsewhere by indexes of their own.
 */
const usesLabels = ({ text, labels }: Condition, within: Within | undefined, viewer: Viewer): boolean =>
  labels !== undefined && (text !== undefined || within !== undefined || readerOf(viewer) !== undefined);

/** What the full-text index is asked beside words. */
export const labelConditions = (
  { labels }: Pick<Condition, 'labels'>,
  { filter, viewer, bind }: Pick<RowsOptions, 'filter' | 'viewer' | 'bind'>,
): string[] => [...(labels?.(bind) ?? []), ...hasLabels(filter ?? {}, readerOf(viewer), bind)];

/** Whether the full-text index gives few documents of a window, by words or by labels, or all that lie in it. */
export const isByIndex = (condition: Condition, { filter, viewer }: Pick<RowsOptions, 'filter' | 'viewer'>): boolean =>
  condition.text !== undefined ||
  (condition.labels !== undefined && labelConditions(condition, { filter, viewer, bind: () => '' }).length > 0);

/** What the full-text index does not answer of the conditions on the row called `t`. */
export const otherConditions = (
  { labels, conditions }: Condition,
  filter: SearchedFilter | null | undefined,
  bind: Bind,
): string[] => [
  ...filterConditions(filter, bind, labels ? isLabelled : undefined),
  ...(conditions ? [conditions(bind)] : []),
];

/** What the filter asks for of the row called `t`, but for what is left out. */
export function filterConditions(
  filter: SearchedFilter | null | undefined,
  bind: Bind,
  isLeftOut: (name: string, value: unknown) => boolean = () => false,
): string[] {
  const { filters } = documentReads.list;
  return Object.entries(filter ?? {}).flatMap(([name, value]) => {
    const condition = (filters[name] ?? keyedBy('int')) as Filter<unknown>;
    const isAsked = value != null || (value === null && condition.acceptsNull);
    return isAsked && !isLeftOut(name, value) ? [`(${condition(value, 't', bind)})`] : [];
  });
}

const inIds = (id: string, { ids }: Within): string => (ids ? `${id} >= ${ids[0]} and ${id} < ${ids[1]}` : 'true');

/** Neighbouring stretches that are read together. */
export interface Windows {
  /** Stretches in each: a power of two. */
  size: number;
  /** Numbers of the oldest and the newest, counted from the first id. */
  first: number;
  last: number;
  count: number;
}

const mostInWindow = 64;

/** A window each time costs more than a candidate: rare ones are looked for in wider ones, until `wanted` lie in it. */
export function windowsOf(
  { first, last }: { first: number; last: number },
  { guess, wanted }: { guess: number; wanted: number },
): Windows {
  const each = Math.max(1, guess) / (last - first + 1);
  let size = 1;
  while (size < mostInWindow && size * each < wanted) size *= 2;
  const ends = { first: Math.floor(first / size), last: Math.floor(last / size) };
  return { size, ...ends, count: ends.last - ends.first + 1 };
}

/**
 * The windows in the order of reading, called `w`, as `n`, with their places and stretches: the newest first, or as
 * chance has it, the same each time. Fenced, so that the stretches of one are told when it is read.
 */
export const windowsSql = ({ size, first, last }: Windows, order: 'newest' | 'chance'): string => `(
      select n, place, array(select generate_series(n * ${size}, n * ${size} + ${size - 1})) as stretches from (
        select n, row_number() over ()::int as place from (
          select n from generate_series(${last}, ${first}, -1) n ${order === 'chance' ? 'order by hashint4(n)' : ''}
        ) o) p offset 0) w`;

/** What lies in the window `w`. */
export const inWindow = (size: number): Within & Required<Pick<Within, 'ids'>> => ({
  stretches: 'w.stretches',
  ids: [`w.n * ${size * stretchSize}`, `(w.n + 1) * ${size * stretchSize}`],
});
