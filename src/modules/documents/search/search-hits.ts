import { Bound, type Sql, sql } from '../../../db/sql.js';
import type { Bind } from '../../../kernel/read-model.js';
import type { Viewer } from '../../../kernel/viewer.js';
import { parseSearch, signsIn } from '../../../lib/search-query.js';
import { searchRows } from './bounded-search.js';
import {
  candidateRows,
  type Condition,
  filterConditions,
  inWindow,
  isByIndex,
  labelConditions,
  otherConditions,
  seenPredicate,
  windowsOf,
  windowsSql,
} from './candidates.js';
import { searchCondition, signsCondition } from './search-condition.js';
import type { SearchedFilter } from './search-labels.js';
import {
  conditionOfSplit,
  probed,
  sampled,
  type SearchContext,
  stretchesOf,
  type Survey,
  surveyed,
} from './search-survey.js';
import { hasText, splitSearch, type SplitOptions } from './split-search.js';

export type { SearchContext };

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
export interface DocumentSearch {
  q: string | null | undefined;
  /** Without nulls, but for those that ask for documents without something. */
  filter: SearchedFilter | null | undefined;
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

/** As a share of the candidates that are read, those that a window should hold: the last one is read in part. */
const wantedInWindow = 1 / 128;

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
    const signs: Condition = { labels: () => [], looked: (bind) => signsCondition(typed, 't', bind) };
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

const columnsFor: Record<Use, readonly string[]> = {
  page: ['id', 'created_at', 'search_names'],
  counts: ['id', 'created_at', 'correspondent_id', 'document_type_id', 'tag_ids'],
};
/** What is looked for may be a condition on any of these. */
export const lookedAt = [
  'id',
  'title',
  'original_filename',
  'document_date',
  'amount',
  'asn',
  'search_names',
  'search_text',
];

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
    // Whoever sees some is answered by the index, or by the row.
    ...labelConditions({}, { filter: undefined, viewer, bind }),
    `(${seenPredicate(viewer)('t', bind)})`,
    't.deleted_at is null',
    ...filterConditions(search.filter, bind),
    searchCondition(search.q ?? '', 't', bind),
  ].join(' and ');
