import { Bound, raw, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import type { Bind } from '../../../kernel/read-model.js';
import { type SearchNode } from '../../../lib/search-query.js';
import { searchRows } from './bounded-search.js';
import { type Condition, inWindow } from './candidates.js';
import { byLooking, conditionOf, stretchBits, stretchSize, textOf } from './search-condition.js';
import { indexedLabel } from './search-labels.js';
import { isMixed, prefixQueries, type SplitSearch } from './split-search.js';

// What has to be known of a search before its hits are read, and of which there are enough: see `search-hits.ts`.
export type SearchContext = Pick<Context, 'db' | 'services' | 'viewer'>;

/** Stretches by which is told how many candidates there are. */
export const probed = 32;
/** Stretches of which every document is looked at, for how common beginnings of words are. */
export const sampledStretches = 8;

/** Numbers of the oldest and the newest stretch, and whether no word that was typed means something. */
export interface Survey {
  first: number;
  last: number;
  /** At most. */
  documents: number;
  saysNothing: boolean;
}

export const stretchesOf = ({ first, last }: Pick<Survey, 'first' | 'last'>): number => last - first + 1;

export async function surveyed(ctx: SearchContext, tree: SearchNode | undefined): Promise<Survey> {
  const text = tree && textOf(tree);
  const says = text ? new Bound((bind) => `numnode(${text(bind)}) = 0`) : raw('false');
  const [row] = await searchRows<{ first: number | null; last: number | null; nothing: boolean }>(
    ctx,
    sql`select (select min(id) >> ${raw(String(stretchBits))} from documents) as first,
               (select max(id) >> ${raw(String(stretchBits))} from documents) as last, ${says} as nothing`,
  );
  const ends = { first: row?.first ?? 0, last: row?.last ?? 0 };
  return { ...ends, documents: stretchesOf(ends) * stretchSize, saysNothing: row?.nothing === true };
}

interface Sample {
  /** Beginnings of words whose postings are few enough to be read whole. */
  rare: Set<string>;
  /** Whether there are alternatives of words and conditions of which few documents fit one. */
  isRareMixture: boolean;
}

/** What only the documents of some stretches tell. Undefined when nothing has to be known. */
export async function sampled(ctx: SearchContext, tree: SearchNode, survey: Survey): Promise<Sample | undefined> {
  const prefixes = prefixQueries(tree);
  const mixture = isMixed(tree);
  if (prefixes.length === 0 && !mixture) return undefined;
  const step = Math.max(1, Math.floor(stretchesOf(survey) / sampledStretches));
  const numbers = Array.from({ length: sampledStretches }, (_, i) => survey.last - i * step);
  const counts = (bind: Bind): string => {
    const conditions = prefixes.map((prefix) => byLooking('t', () => `search_prefix(${bind(prefix)})`, true));
    if (mixture) conditions.push(conditionOf(tree, { alias: 't', bind, whenEmpty: () => 'true', holds: byLooking }));
    return conditions.map((condition) => `(count(*) filter (where ${condition}))::int`).join(', ');
  };
  const [row] = await searchRows<{ counts: number[] }>(
    ctx,
    sql`select array[${new Bound(counts)}] as counts from unnest(${numbers}::int[]) w (n)
         cross join lateral (select * from documents t
           where t.id >= ${raw(inWindow(1).ids[0])} and t.id < ${raw(inWindow(1).ids[1])} offset 0) t`,
  );
  const most = (1.5 * ctx.services.config.searchCounted * sampledStretches) / stretchesOf(survey);
  const isFew = (i: number): boolean => (row?.counts[i] ?? 0) <= most;
  return {
    rare: new Set(prefixes.filter((_, i) => isFew(i))),
    isRareMixture: mixture && isFew(prefixes.length),
  };
}

/** `isLarge`: the full-text index is asked for labels, which only pays where words are common. */
export function conditionOfSplit({ indexed, looked }: SplitSearch = {}, isLarge = true): Condition {
  // What says nothing narrows nothing: the whole says something.
  const options = { alias: 't', whenEmpty: () => 'true' };
  const parts = indexed?.kind === 'and' && !textOf(indexed) ? indexed.nodes : indexed ? [indexed] : [];
  const [texts, others] = [parts.filter((node) => textOf(node)), parts.filter((node) => !textOf(node))];
  const all = (nodes: readonly SearchNode[]) =>
    nodes.length
      ? (bind: Bind) => nodes.map((node) => conditionOf(node, { ...options, bind })).join(' and ')
      : undefined;
  const unused: Bind = () => '';
  // What labels answer as a whole is not asked for again. Without words other indexes have to answer all of it.
  const isAnswered = (node: SearchNode): boolean =>
    isLarge && texts.length > 0 && indexedLabel(node, unused)?.isPart === false;
  return {
    text: all(texts),
    labels: isLarge ? (bind) => others.flatMap((node) => indexedLabel(node, bind)?.sql ?? []) : undefined,
    conditions: all(others.filter((node) => !isAnswered(node))),
    looked: looked && ((bind) => conditionOf(looked, { ...options, bind, holds: byLooking })),
  };
}
