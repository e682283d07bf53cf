import { Bound, type Sql, sql } from '../../../db/sql.js';
import type { Bind } from '../../../kernel/read-model.js';
import { searchRows } from './bounded-search.js';
import { markedWords, searchVector, wantedWords } from './search-condition.js';
import {
  conditionsOf,
  type DocumentSearch,
  fromSources,
  type HitSource,
  isWithoutWords,
  type SearchContext,
} from './search-hits.js';

/** Of the page of a search. Its statement and that of the counts read the same hits, see `search-hits.ts`. */
export interface FoundDocument {
  id: number;
  /** Null when the query has no words: the order is then newest first. */
  score: number | null;
  snippet: string | null;
}

export interface FoundPage {
  documents: FoundDocument[];
  /** How many documents there are to page through; undefined: as many as there are hits. */
  reachable: number | undefined;
}

export interface FacetRow {
  id: number;
  count: number;
}

export interface SearchSummary {
  totalCount: number;
  correspondents: FacetRow[];
  types: FacetRow[];
  tags: FacetRow[];
  /** The counts stand for more hits than were counted, to two digits. */
  isEstimated: boolean;
}

const facetSize = 20;
/** Hits that are ranked by their whole text; beyond them the order is by title, file name, correspondent and tags. */
const rankedByText = 1000;
/** Of D, C, B and A: text, tags, file name and correspondent, title. */
const weights = `'{0.1, 0.3, 0.5, 1.0}'`;
/** The part of a text in which words are marked. */
const markedCharacters = 50_000;

/** Where the hits of a search are read: told by statements of their own, which a page and its counts share. */
export type HitSources = () => Promise<readonly HitSource[]>;

interface PageOptions {
  first: number;
  offset: number;
  /** Costs reading the texts of the page. */
  snippets: boolean;
  sources: HitSources;
}

/**
 * One page of the hits: best first, ties newest first. Of more hits than are counted, the newest are ranked, and there
 * are no pages beyond them. Without words: newest first, to the last.
 */
export async function findDocuments(
  ctx: SearchContext,
  search: DocumentSearch,
  { first, offset, snippets, sources }: PageOptions,
): Promise<FoundPage> {
  const wanted = wantedWords(search.q ?? '');
  const marked = markedWords(search.q ?? '');
  const page = (bind: Bind): string => `limit ${first} offset ${bind(offset)}::int`;
  const beginning = (alias: string): string => (snippets ? `nullif(left(${alias}.content, 200), '')` : 'null');
  if (isWithoutWords(search.q)) {
    const newestFirst = (bind: Bind): string => `
      select t.id, null::real as score, ${beginning('t')} as snippet
        from documents t where ${conditionsOf(search, ctx.viewer, bind)}
        order by t.created_at desc, t.id desc ${page(bind)}`;
    return { documents: await searchRows<FoundDocument>(ctx, sql`${new Bound(newestFirst)}`), reachable: undefined };
  }

  const ofDocument = (value: string): string => `(select ${value} from documents t where t.id = p.id)`;
  const newestOfHits = (bind: Bind): string => `page as (
      select p.id, null::real as score, ${ofDocument(beginning('t'))} as snippet, row_number() over () as nth
        from (select id from hits order by created_at desc, id desc ${page(bind)}) p)`;
  // A text may hold a word a hundred times; its share of the score stays below 0.1, far below that of a title.
  const textScore = (words: string): string =>
    `0.1 * ${ofDocument(`ts_rank_cd(${weights}, ${searchVector('t')}, ${words}, 32)`)}`;
  const bestOfHits = (words: (bind: Bind) => string, bind: Bind): string => `best as (
      select t.id, t.created_at, ts_rank_cd(${weights}, t.search_names, ${words(bind)}) as names from hits t
        order by names desc, t.created_at desc, t.id desc limit ${bind(Math.max(rankedByText, offset + first))}::int
    ), placed as (
      select id, names, row_number() over (order by names desc, created_at desc, id desc) as place from best
    ), chosen as (
      select id, names, place, case when place <= ${rankedByText} then names + ${textScore(words(bind))} end as score
        from placed p order by score desc nulls last, place ${page(bind)}
    ), page as (
      select p.id, coalesce(p.score, p.names) as score,
             ${snippets && marked ? ofDocument(snippetOf('t', marked(bind))) : 'null'} as snippet,
             row_number() over (order by p.score desc nulls last, p.place) as nth
        from chosen p)`;
  const statement = (source: HitSource): Sql =>
    sql`${new Bound(
      (bind) => `
    with ${source.write('page', bind)}, ${wanted ? bestOfHits(wanted, bind) : newestOfHits(bind)}
    select page.id, page.score, page.snippet, counts.hits, counts.is_cut as "isCut"
      from (select (select count(*)::int from hits) as hits,
                   (select count(*) from candidates) > ${source.limit} as is_cut) counts
      left join page on true order by page.nth`,
    )}`;
  const { rows } = await fromSources<Partial<FoundDocument> & { hits: number; isCut: boolean }>(ctx, await sources(), {
    statement,
    isCut: ([row]) => row?.isCut === true,
  });
  return {
    documents: rows.filter((row) => row.id != null) as unknown as FoundDocument[],
    reachable: rows[0]?.hits ?? 0,
  };
}

/** How many documents a search without words finds, all counted: for a page from the end of them. */
export async function countWithoutWords(ctx: SearchContext, search: DocumentSearch): Promise<number> {
  const [row] = await searchRows<{ count: number }>(
    ctx,
    sql`select count(*)::int as count from documents t
         where ${new Bound((bind) => conditionsOf(search, ctx.viewer, bind))}`,
  );
  return row?.count ?? 0;
}

/** The number of hits, and the labels that most of them have: of many, estimated by windows that chance picks. */
export async function summariseHits(ctx: SearchContext, sources: HitSources): Promise<SearchSummary> {
  const top = (counted: string): string => `(${counted} order by 2 desc, 1 limit ${facetSize}) f (id, count)`;
  const labelled = (column: string, grouped: number): string =>
    top(`select ${column}, count from labels where grouped = ${grouped} and ${column} is not null`);
  const tagged = top('select tag_id, count(*)::int from (select unnest(tag_ids) as tag_id from hits) h group by 1');
  // The hits are read once and counted in two passes. With the tags beside them and unnested in the list of columns,
  // which is cheaper than a join with document_tags or a lateral one.
  const statement = (source: HitSource): Sql =>
    sql`${new Bound(
      (bind) => `
    with ${source.write('counts', bind)}, labels as materialized (
      select grouping(correspondent_id, document_type_id) as grouped, correspondent_id, document_type_id,
             count(*)::int as count
        from hits group by grouping sets ((), (correspondent_id), (document_type_id))
    ), places as materialized (select place, count(*)::int as count from candidates group by place)
    select 'total' as facet, 0 as id, count from labels where grouped = 3
    union all select 'candidates', 0, coalesce(sum(count), 0)::int from places
    union all (select 'last place', place, count from places order by place desc limit 1)
    union all (select 'correspondents', id, count from ${labelled('correspondent_id', 1)})
    union all (select 'types', id, count from ${labelled('document_type_id', 2)})
    union all (select 'tags', id, count from ${tagged})`,
    )}`;
  type Row = FacetRow & { facet: string };
  const countOf = (rows: readonly Row[], name: string): number => rows.find((row) => row.facet === name)?.count ?? 0;
  const { rows, source, isPart } = await fromSources<Row>(ctx, await sources(), {
    statement,
    isCut: (each, { limit }) => countOf(each, 'candidates') > limit,
  });
  const last = rows.find((row) => row.facet === 'last place');
  const factor = isPart ? factorOf({ source, candidates: countOf(rows, 'candidates'), last }) : 1;
  const told = (count: number): number => (isPart ? roundedUp(count, factor) : count);
  const facet = (name: string): FacetRow[] =>
    rows
      .filter((row) => row.facet === name)
      .toSorted((a, b) => b.count - a.count || a.id - b.id)
      .map(({ id, count }) => ({ id, count: told(count) }));
  return {
    totalCount: told(countOf(rows, 'total')),
    correspondents: facet('correspondents'),
    types: facet('types'),
    tags: facet('tags'),
    isEstimated: isPart,
  };
}

/** How many hits there are for each that was counted. The last window was read in part: it tells nothing. */
function factorOf({
  source: { windows, guess },
  candidates,
  last,
}: {
  source: HitSource;
  candidates: number;
  /** `id`: the place of the last window; `count`: its candidates. */
  last: FacetRow | undefined;
}): number {
  const read = (last?.id ?? 1) - 1;
  if (windows === undefined || read === 0) return Math.max(1, guess / candidates);
  const inThose = candidates - (last?.count ?? 0);
  return Math.max(1, (windows / read) * (inThose / candidates));
}

/** To two digits, and never less than were counted. */
function roundedUp(count: number, factor: number): number {
  return Math.max(count, Math.round(Number((count * factor).toPrecision(2))));
}

/** Marks around a word that was searched for: two private-use characters, which no font shows and no text here has. */
export const markStart = '\uE000';
export const markEnd = '\uE001';
// PostgreSQL's parser takes a file name or a code for one word, which the index does not, and leaves tags out. The
// characters by which it recognises them are replaced while it runs.
const joiners = '-/._@:<&';
const hidden = String.raw`E'\x01\x02\x03\x04\x05\x06\x07\x08'`;

const snippetOf = (alias: string, marked: string): string => {
  const text = `translate(left(${alias}.content, ${markedCharacters}), '${joiners}${markStart}${markEnd}', ${hidden})`;
  const marks = `StartSel=${markStart}, StopSel=${markEnd}`;
  const options = `${marks}, MaxFragments=2, MaxWords=25, MinWords=10, FragmentDelimiter=" … "`;
  return `nullif(translate(ts_headline('fr', ${text}, ${marked}, '${options}'), ${hidden}, '${joiners}'), '')`;
};
