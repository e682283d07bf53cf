import { Bound, raw, type Sql, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { type Bind, type Filter, keyedBy } from '../../../kernel/read-model.js';
import type { Viewer } from '../../../kernel/viewer.js';
import { parseSearch, type SearchNode, signsIn } from '../../../lib/search-query.js';
import { visibleDocuments } from '../files/document.policy.js';
import { documentReads } from '../files/document.reads.js';
import { searchRows } from './bounded-search.js';
import { byLooking, conditionOf, searchCondition, signsCondition, textOf } from './search-condition.js';
import type { DocumentSearchFilter } from './search.inputs.js';
import { hasText, isMixed, prefixQueries, splitSearch, type SplitOptions, type SplitSearch } from './split-search.js';

/**
 * Which documents a search finds, in work that is bounded whatever the words and however many documents hold them.
 *
 *   candidate   a document that is visible and fits all that indexes answer of the search: only so many are read
 *   hit         a candidate that also holds what has to be looked for in its text, see `SplitSearch`
 *   stretch     256 ids, which the full-text index tells apart: reading the words of one costs what lies in it
 *
 * Few candidates are read at once. Of many, stretches are read one by one until there are enough: the newest first for
 * a page, and in an order by chance, the same each time, for counts, which then stand for all.
 */
export type SearchContext = Pick<Context, 'db' | 'services' | 'viewer'>;

export interface DocumentSearch {
  q: string | null | undefined;
  filter: DocumentSearchFilter | null | undefined;
}

/** Where hits are read from. */
export interface HitSource {
  /** Candidates that are read; one more shows that there are more. */
  limit: number;
  /** Stretches that counts are read from, one by one; undefined: they are read at once. */
  stretches: number | undefined;
  /** How many candidates there may be. */
  guess: number;
  /**
   * Two common table expressions, for a page or for counts: `candidates`, with the number of their stretch in the order
   * of reading as `place`, from 1, and `hits`.
   */
  write: (use: Use, bind: Bind) => string;
}

/** The newest are wanted for a page, and what stands for all for counts. */
type Use = 'page' | 'counts';

const stretchBits = 8;
const stretchSize = 2 ** stretchBits;
/** Stretches by which is told how many candidates there are. */
const probed = 32;
/** Stretches of which every document is looked at, for how common beginnings of words are. */
const sampledStretches = 8;

/** A search without words: its conditions are answered by indexes, and its order is that of filing. */
export function isWithoutWords(q: string | null | undefined): boolean {
  const tree = parseSearch(q ?? '');
  return tree ? !hasText(tree) : signsIn(q ?? '') === undefined;
}

/** Visible, not in the trash and what the filter asks for: the row called `t`. */
export function foundByFilter({ filter }: Pick<DocumentSearch, 'filter'>, viewer: Viewer, bind: Bind): string {
  const { filters } = documentReads.list;
  const asked = Object.entries(filter ?? {})
    .filter(([, value]) => value != null)
    .map(([name, value]) => ((filters[name] ?? keyedBy('int')) as Filter<unknown>)(value, 't', bind));
  return ['t.deleted_at is null', `(${visibleDocuments(viewer)('t', bind)})`, ...asked].join(' and ');
}

/** Where to read the hits of a search, in turn: each but the last may turn out to give more than its limit. */
export async function hitSources(ctx: SearchContext, search: DocumentSearch): Promise<HitSource[]> {
  const typed = search.q ?? '';
  const tree = parseSearch(typed);
  const survey = await surveyed(ctx, tree);
  const counted = ctx.services.config.searchCounted;
  const isSmall = survey.documents <= counted;
  const atOnce = (condition: Condition, limit: number): HitSource =>
    sourceOf(condition, { ctx, search, limit, guess: limit, survey: undefined });
  const oneByOne = async (condition: Condition, limit: number): Promise<HitSource> => {
    const guess = await guessed(ctx, search, condition, survey);
    return sourceOf(condition, { ctx, search, limit, guess, survey });
  };

  if (survey.saysNothing || (!tree && typed.trim() !== '')) {
    if (signsIn(typed) === undefined) return [atOnce({ conditions: () => 'false' }, counted)];
    const signs: Condition = { looked: (bind) => signsCondition(typed, 't', bind) };
    // Titles and names of files are read faster than texts.
    return [isSmall ? atOnce(signs, counted) : await oneByOne(signs, 2 * counted)];
  }

  const split = (options: SplitOptions): Condition => conditionOfSplit(tree && splitSearch(tree, options));
  if (isSmall) return [atOnce(split({ isRare: () => true, asksAlternatives: true }), counted)];
  const limitOf = ({ looked }: Condition): number => (looked ? Math.ceil(counted / 2) : counted);
  const sample = tree && (await sampled(ctx, tree, survey));
  const stretched = split({ isRare: () => false, asksAlternatives: false });
  const byStretch = await oneByOne(stretched, limitOf(stretched));
  const isAskedAtOnce = sample !== undefined && (sample.rare.size > 0 || sample.isRareMixture);
  const whole = isAskedAtOnce
    ? split({ isRare: (prefix) => sample.rare.has(prefix), asksAlternatives: sample.isRareMixture })
    : stretched;
  const isFew = isAskedAtOnce || byStretch.guess <= (whole.looked ? 0.8 : 1.5) * limitOf(whole);
  return isFew ? [atOnce(whole, (whole.looked ? 1 : 2) * limitOf(whole)), byStretch] : [byStretch];
}

/** Rows of the first source that gives no more than its limit, or of the last. `isCut` tells it from the rows. */
export async function fromSources<R extends object>(
  ctx: SearchContext,
  sources: readonly HitSource[],
  { statement, isCut }: { statement: (source: HitSource) => Sql; isCut: (rows: R[], source: HitSource) => boolean },
): Promise<{ rows: R[]; source: HitSource; isPart: boolean }> {
  for (const [i, source] of sources.entries()) {
    const rows = await searchRows<R>(ctx, statement(source));
    const isPart = isCut(rows, source);
    if (!isPart || i === sources.length - 1) return { rows, source, isPart };
  }
  throw new Error('A search has no source');
}

/** What a document has to fit, called `t`, beside the filter. */
interface Condition {
  /** Answered by the full-text index. */
  text?: ((bind: Bind) => string) | undefined;
  /** Answered by other indexes. */
  conditions?: ((bind: Bind) => string) | undefined;
  looked?: ((bind: Bind) => string) | undefined;
}

function conditionOfSplit({ indexed, looked }: SplitSearch = {}): Condition {
  // What says nothing narrows nothing: the whole says something.
  const options = { alias: 't', whenEmpty: () => 'true' };
  const all = (nodes: readonly SearchNode[]) =>
    nodes.length
      ? (bind: Bind) => nodes.map((node) => conditionOf(node, { ...options, bind })).join(' and ')
      : undefined;
  const parts = indexed?.kind === 'and' && !textOf(indexed) ? indexed.nodes : indexed ? [indexed] : [];
  return {
    text: all(parts.filter((node) => textOf(node))),
    conditions: all(parts.filter((node) => !textOf(node))),
    looked: looked && ((bind) => conditionOf(looked, { ...options, bind, holds: byLooking })),
  };
}

const columnsFor: Record<Use, readonly string[]> = {
  page: ['id', 'created_at', 'search_names'],
  counts: ['correspondent_id', 'document_type_id', 'tag_ids'],
};
/** What is looked for may be a condition on any of these. */
const lookedAt = ['id', 'title', 'original_filename', 'document_date', 'amount', 'asn', 'search_names', 'search_text'];

interface SourceOptions {
  ctx: SearchContext;
  search: DocumentSearch;
  limit: number;
  guess: number;
  /** Undefined: read at once. */
  survey: Survey | undefined;
}

/** As a share of all documents: fewer are found by the indexes of what they fit, not by looking through all. */
const selective = 0.05;

function sourceOf(condition: Condition, { ctx, search, limit, guess, survey }: SourceOptions): HitSource {
  const { text, conditions, looked } = condition;
  const isByStretch = survey !== undefined && (text !== undefined || guess > selective * survey.documents);
  const candidates = (use: Use, bind: Bind): string => {
    const names = new Set([...columnsFor[use], ...(looked ? [...lookedAt, ...columnsFor.counts] : [])]);
    const columns = [...names].map((name) => `t.${name}`).join(', ');
    const others = (): string => [foundByFilter(search, ctx.viewer, bind), conditions?.(bind) ?? 'true'].join(' and ');
    if (survey && isByStretch && (text || use === 'counts'))
      return `select c.*, s.place from ${stretchesSql(survey, use)} cross join lateral (
          select ${columns} from ${ofStretch(text?.(bind))} where ${others()} limit ${limit + 1}) c limit ${limit + 1}`;
    return `select ${columns}, 1 as place from documents t where ${others()} and ${text?.(bind) ?? 'true'}
      ${survey ? 'order by t.created_at desc, t.id desc' : ''} limit ${limit + 1}`;
  };
  return {
    limit,
    guess,
    stretches: isByStretch ? stretchesOf(survey) : undefined,
    write: (use, bind) => `candidates as materialized (${candidates(use, bind)}),
      hits as ${looked ? 'materialized ' : ''}(select * from candidates t where ${looked?.(bind) ?? 'true'})`,
  };
}

/** The numbers of all stretches, called `s`, as `n`, and their places. */
const stretchesSql = ({ first, last }: Survey, use: Use): string =>
  `(select n, row_number() over ()::int as place from (
      select n from generate_series(${last}, ${first}, -1) n ${use === 'counts' ? 'order by hashint4(n)' : ''}) o) s`;

/**
 * The documents of a stretch `s.n`, called `t`: those with a text by the full-text index, which leaps to the stretch,
 * else by the key. Other indexes are kept out: each would be read whole for each stretch.
 */
const ofStretch = (text: string | undefined): string =>
  `(select * from documents t where ${
    text === undefined
      ? `t.id >= s.n * ${stretchSize} and t.id < (s.n + 1) * ${stretchSize}`
      : `array[t.id >> ${stretchBits}] @> array[s.n] and ${text}`
  } offset 0) t`;

/** Numbers of the oldest and the newest stretch, and whether no word that was typed means something. */
interface Survey {
  first: number;
  last: number;
  /** At most. */
  documents: number;
  saysNothing: boolean;
}

const stretchesOf = ({ first, last }: Pick<Survey, 'first' | 'last'>): number => last - first + 1;

async function surveyed(ctx: SearchContext, tree: SearchNode | undefined): Promise<Survey> {
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
async function sampled(ctx: SearchContext, tree: SearchNode, survey: Survey): Promise<Sample | undefined> {
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
    sql`select array[${new Bound(counts)}] as counts from unnest(${numbers}::int[]) s (n)
         cross join lateral ${raw(ofStretch(undefined))}`,
  );
  const most = (1.5 * ctx.services.config.searchCounted * sampledStretches) / stretchesOf(survey);
  const isFew = (i: number): boolean => (row?.counts[i] ?? 0) <= most;
  return {
    rare: new Set(prefixes.filter((_, i) => isFew(i))),
    isRareMixture: mixture && isFew(prefixes.length),
  };
}

/** How many candidates there may be, by some stretches that chance picks. */
async function guessed(
  ctx: SearchContext,
  search: DocumentSearch,
  { text, conditions }: Condition,
  survey: Survey,
): Promise<number> {
  const read = Math.min(probed, stretchesOf(survey));
  const statement = (bind: Bind): string => `
    select count(*)::int as count from ${stretchesSql(survey, 'counts')} cross join lateral (
      select 1 from ${ofStretch(text?.(bind))}
       where ${foundByFilter(search, ctx.viewer, bind)} and ${conditions?.(bind) ?? 'true'}) t
     where s.place <= ${read}`;
  const [row] = await searchRows<{ count: number }>(ctx, sql`${new Bound(statement)}`);
  return ((row?.count ?? 0) * stretchesOf(survey)) / read;
}

/** The whole condition on a hit of a search without words, called `t`. */
export const conditionsOf = (search: DocumentSearch, viewer: Viewer, bind: Bind): string =>
  [foundByFilter(search, viewer, bind), searchCondition(search.q ?? '', 't', bind)].join(' and ');
