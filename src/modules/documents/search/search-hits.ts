import { Bound, raw, type Sql, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import type { Bind } from '../../../kernel/read-model.js';
import type { Viewer } from '../../../kernel/viewer.js';
import { parseSearch, type SearchNode, signsIn } from '../../../lib/search-query.js';
import { visibleDocuments } from '../files/document.policy.js';
import { searchRows } from './bounded-search.js';
import {
  candidateRows,
  type Condition,
  filterConditions,
  inWindow,
  isByIndex,
  otherConditions,
  windowsOf,
  windowsSql,
} from './candidates.js';
import {
  byLooking,
  conditionOf,
  searchCondition,
  signsCondition,
  stretchBits,
  stretchSize,
  textOf,
} from './search-condition.js';
import { indexedLabel } from './search-labels.js';
import type { DocumentSearchFilter } from './search.inputs.js';
import { hasText, isMixed, prefixQueries, splitSearch, type SplitOptions, type SplitSearch } from './split-search.js';

/**
 * Which documents a search finds, in work that is bounded whatever the words and however many documents hold them.
 *
 *   candidate   a document that is visible and fits all that indexes answer of the search: only so many are read
 *   hit         a candidate that also holds what has to be looked for in its text, see `SplitSearch`
 *   stretch     256 ids, which the full-text index tells apart: reading the words of one costs what lies in it
 *   window      neighbouring stretches that are read together, so many that dozens of candidates lie in it
 *
 * Few candidates are read at once. Of many, windows are read one by one until there are enough: the newest first for
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
  /** Windows that counts are read from, one by one; undefined: they are read at once. */
  windows: number | undefined;
  /** How many candidates there may be. */
  guess: number;
  /**
   * Two common table expressions, for a page or for counts: `candidates`, with the number of their window in the order
   * of reading as `place`, from 1, and `hits`.
   */
  write: (use: Use, bind: Bind) => string;
}

/** The newest are wanted for a page, and what stands for all for counts. */
type Use = 'page' | 'counts';

/** Stretches by which is told how many candidates there are. */
const probed = 32;
/** As a share of the candidates that are read, those that a window should hold: the last one is read in part. */
const wantedInWindow = 1 / 128;
/** Stretches of which every document is looked at, for how common beginnings of words are. */
const sampledStretches = 8;

/** A search without words: its conditions are answered by indexes, and its order is that of filing. */
export function isWithoutWords(q: string | null | undefined): boolean {
  const tree = parseSearch(q ?? '');
  return tree ? !hasText(tree) : signsIn(q ?? '') === undefined;
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
  const oneByOne = (condition: Condition, limit: number, { guess, read }: Guess): HitSource => {
    // What the full-text index does not answer is looked at in the candidates, which are then more than the hits.
    const most = Math.min(2 * limit, Math.ceil((limit * read) / Math.max(1, guess)));
    return sourceOf(condition, { ctx, search, limit: most, guess: read, survey });
  };

  if (survey.saysNothing || (!tree && typed.trim() !== '')) {
    if (signsIn(typed) === undefined) return [atOnce({ conditions: () => 'false' }, counted)];
    const signs: Condition = { looked: (bind) => signsCondition(typed, 't', bind) };
    // Titles and names of files are read faster than texts.
    return [isSmall ? atOnce(signs, counted) : oneByOne(signs, 2 * counted, await guessed(ctx, search, signs, survey))];
  }

  const split = (options: SplitOptions): Condition => conditionOfSplit(tree && splitSearch(tree, options), !isSmall);
  if (isSmall) return [atOnce(split({ isRare: () => true, asksAlternatives: true }), counted)];
  const limitOf = ({ looked }: Condition): number => (looked ? Math.ceil(counted / 2) : counted);
  const sample = tree && (await sampled(ctx, tree, survey));
  const stretched = split({ isRare: () => false, asksAlternatives: false });
  const guess = await guessed(ctx, search, stretched, survey);
  const byWindow = oneByOne(stretched, limitOf(stretched), guess);
  const isAskedAtOnce = sample !== undefined && (sample.rare.size > 0 || sample.isRareMixture);
  const whole = isAskedAtOnce
    ? split({ isRare: (prefix) => sample.rare.has(prefix), asksAlternatives: sample.isRareMixture })
    : stretched;
  const isFew = isAskedAtOnce || guess.guess <= (whole.looked ? 0.8 : 1.5) * counted;
  return isFew ? [atOnce(whole, (whole.looked ? 1 : 2) * counted), byWindow] : [byWindow];
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

/** `isLarge`: the full-text index is asked for labels, which only pays where words are common. */
function conditionOfSplit({ indexed, looked }: SplitSearch = {}, isLarge = true): Condition {
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

const columnsFor: Record<Use, readonly string[]> = {
  page: ['id', 'created_at', 'search_names'],
  counts: ['id', 'created_at', 'correspondent_id', 'document_type_id', 'tag_ids'],
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
  const { filter } = search;
  const { text, looked } = condition;
  const isByWindow = survey !== undefined && (text !== undefined || guess > selective * survey.documents);
  const isLeaping = isByIndex(condition, { filter, viewer: ctx.viewer });
  const windows = survey && windowsOf(survey, { guess: isLeaping ? guess : Infinity, wanted: wantedInWindow * limit });
  // The words of a window give so many rows as are wanted. What else they have to fit is looked at in those.
  const isByText = isByWindow && text !== undefined;
  const isNarrowed = isByText && otherConditions(condition, filter, () => '').length > 0;
  const candidates = (use: Use, bind: Bind): string => {
    const names = new Set([...columnsFor[use], ...(looked ? [...lookedAt, ...columnsFor.counts] : [])]);
    const columns = isNarrowed ? 't.*' : [...names].map((name) => `t.${name}`).join(', ');
    const options = { filter, viewer: ctx.viewer, bind, columns, isByText };
    if (windows && isByWindow && (isLeaping || use === 'counts'))
      return `select c.*, w.place from ${windowsSql(windows, use === 'page' ? 'newest' : 'chance')}
        cross join lateral (${candidateRows(condition, { ...options, within: inWindow(windows.size) })}
          limit ${limit + 1}) c limit ${limit + 1}`;
    const newest = survey && limit + 1;
    return `select c.*, 1 as place from (${candidateRows(condition, { ...options, newest })}) c
      ${survey ? 'order by c.created_at desc, c.id desc' : ''} limit ${limit + 1}`;
  };
  const isHit = (bind: Bind): string =>
    [...(isNarrowed ? otherConditions(condition, filter, bind) : []), looked?.(bind) ?? 'true'].join(' and ');
  return {
    limit,
    guess,
    windows: isByWindow ? windows?.count : undefined,
    write: (use, bind) => `candidates as materialized (${candidates(use, bind)}),
      hits as ${looked || isNarrowed ? 'materialized ' : ''}(select * from candidates t where ${isHit(bind)})`,
  };
}

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

interface Guess {
  /** Candidates. */
  guess: number;
  /** Documents that the full-text index gives of which candidates are a part, when there are words. */
  read: number;
}

/** How many candidates there may be, by some stretches that chance picks. */
async function guessed(
  ctx: SearchContext,
  { filter }: DocumentSearch,
  condition: Condition,
  survey: Survey,
): Promise<Guess> {
  const probes = Math.min(probed, stretchesOf(survey));
  const all = `generate_series(${survey.first}, ${survey.last}) n`;
  const chosen = `select n from ${all} order by hashint4(n) limit ${probes}`;
  const statement = (bind: Bind): string => {
    const options = { filter, viewer: ctx.viewer, bind, columns: 't.*', isByText: true };
    const rows = isByIndex(condition, options)
      ? candidateRows(condition, { ...options, within: { stretches: `array(${chosen})` } })
      : `select c.* from (${chosen}) w
           cross join lateral (${candidateRows(condition, { ...options, within: inWindow(1) })}) c`;
    const others = [...otherConditions(condition, filter, bind), 'true'].join(' and ');
    return `select count(*)::int as read, (count(*) filter (where ${others}))::int as guess from (${rows}) t`;
  };
  const [row] = await searchRows<Guess>(ctx, sql`${new Bound(statement)}`);
  const ofAll = (count = 0): number => (count * stretchesOf(survey)) / probes;
  const guess = ofAll(row?.guess);
  return { guess, read: condition.text ? ofAll(row?.read) : guess };
}

/** The whole condition on a hit of a search without words, called `t`. */
export const conditionsOf = (search: DocumentSearch, viewer: Viewer, bind: Bind): string =>
  [
    `(${visibleDocuments(viewer)('t', bind)})`,
    't.deleted_at is null',
    ...filterConditions(search.filter, bind),
    searchCondition(search.q ?? '', 't', bind),
  ].join(' and ');
