import { Bound, raw, type Sql, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { type Bind, type Filter, keyedBy } from '../../../kernel/read-model.js';
import type { Viewer } from '../../../kernel/viewer.js';
import { visibleDocuments } from '../files/document.policy.js';
import { documentReads } from '../files/document.reads.js';
import { searchRows } from './bounded-search.js';
import { markedWords, searchCondition, searchVector, wantedWords } from './search-condition.js';
import type { DocumentSearchFilter } from './search.inputs.js';

/**
 * The page of a search, and what the whole of it holds. Both are one statement each, over the same condition, so they
 * can run side by side.
 */
export interface DocumentSearch {
  q: string | null | undefined;
  filter: DocumentSearchFilter | null | undefined;
}

export interface FoundDocument {
  id: number;
  /** Null when the query has no words: the order is then newest first. */
  score: number | null;
  snippet: string | null;
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
}

const facetSize = 20;
/** Hits that are ranked by their whole text; beyond them the order is by title, file name, correspondent and tags. */
const rankedByText = 1000;
/** Of D, C, B and A: text, tags, file name and correspondent, title. */
const weights = `'{0.1, 0.3, 0.5, 1.0}'`;
/** The part of a text in which words are marked. */
const markedCharacters = 50_000;
/** One page of the hits: best first, ties newest first. `snippets` costs reading the texts of the page. */
export async function findDocuments(
  ctx: Pick<Context, 'db' | 'services' | 'viewer'>,
  search: DocumentSearch,
  { first, offset, snippets }: { first: number; offset: number; snippets: boolean },
): Promise<FoundDocument[]> {
  const { viewer } = ctx;
  const wanted = wantedWords(search.q ?? '');
  const marked = markedWords(search.q ?? '');
  const page = (bind: Bind): string => `limit ${first} offset ${bind(offset)}::int`;
  const newestFirst = (bind: Bind): string => `
    select t.id, null::real as score, ${snippets ? `nullif(left(t.content, 200), '')` : 'null'} as snippet
      from documents t where ${hitsOf(search, viewer, bind)} order by t.created_at desc, t.id desc ${page(bind)}`;
  if (!wanted || !marked) return searchRows<FoundDocument>(ctx, sql`${new Bound(newestFirst)}`);

  // A text may hold a word a hundred times; its share of the score stays below 0.1, far below that of a title.
  const textScore = (bind: Bind): string => `0.1 * (
    select ts_rank_cd(${weights}, ${searchVector('t')}, ${wanted(bind)}, 32) from documents t where t.id = p.id)`;
  const snippet = (bind: Bind): string =>
    snippets ? `(select ${snippetOf('t', marked(bind))} from documents t where t.id = p.id)` : 'null';
  const bestFirst = (bind: Bind): string => `
    with candidates as (
      select t.id, t.created_at, ts_rank_cd(${weights}, t.search_names, ${wanted(bind)}) as names
        from documents t where ${hitsOf(search, viewer, bind)}
        order by names desc, t.created_at desc, t.id desc limit ${bind(Math.max(rankedByText, offset + first))}::int
    ), placed as (
      select id, names, row_number() over (order by names desc, created_at desc, id desc) as place from candidates
    ), page as (
      select id, names, place, case when place <= ${rankedByText} then names + ${textScore(bind)} end as score
        from placed p order by score desc nulls last, place ${page(bind)}
    )
    select p.id, coalesce(p.score, p.names) as score, ${snippet(bind)} as snippet
      from page p order by p.score desc nulls last, p.place`;
  return searchRows<FoundDocument>(ctx, sql`${new Bound(bestFirst)}`);
}

/** The number of hits, and the labels that most of them have. */
export async function summariseHits(
  ctx: Pick<Context, 'db' | 'services' | 'viewer'>,
  search: DocumentSearch,
): Promise<SearchSummary> {
  const top = (counted: string): Sql => raw(`(${counted} order by 2 desc, 1 limit ${facetSize}) f (id, count)`);
  const labelled = (column: string, grouped: number): Sql =>
    top(`select ${column}, count from labels where grouped = ${grouped} and ${column} is not null`);
  const tagged = top('select tag_id, count(*)::int from (select unnest(tag_ids) as tag_id from hits) h group by 1');
  // The hits are read once and counted in two passes. With the tags beside them and unnested in the list of columns,
  // which is cheaper than a join with document_tags or a lateral one.
  const rows = await searchRows<{ facet: string; id: number; count: number }>(
    ctx,
    sql`
    with hits as materialized (
      select t.correspondent_id, t.document_type_id, t.tag_ids from documents t
       where ${new Bound((bind) => hitsOf(search, ctx.viewer, bind))}
    ), labels as materialized (
      select grouping(correspondent_id, document_type_id) as grouped, correspondent_id, document_type_id,
             count(*)::int as count
        from hits group by grouping sets ((), (correspondent_id), (document_type_id))
    )
    select 'total' as facet, 0 as id, count from labels where grouped = 3
    union all (select 'correspondents', id, count from ${labelled('correspondent_id', 1)})
    union all (select 'types', id, count from ${labelled('document_type_id', 2)})
    union all (select 'tags', id, count from ${tagged})`,
  );
  const facet = (name: string): FacetRow[] =>
    rows
      .filter((row) => row.facet === name)
      .map(({ id, count }) => ({ id, count }))
      .toSorted((a, b) => b.count - a.count || a.id - b.id);
  return {
    totalCount: rows.find((row) => row.facet === 'total')?.count ?? 0,
    correspondents: facet('correspondents'),
    types: facet('types'),
    tags: facet('tags'),
  };
}

/** The condition on a hit called `t`: visible, not in the trash, and all that was asked for. */
function hitsOf({ q, filter }: DocumentSearch, viewer: Viewer, bind: Bind): string {
  const { filters } = documentReads.list;
  const asked = Object.entries(filter ?? {})
    .filter(([, value]) => value != null)
    .map(([name, value]) => ((filters[name] ?? keyedBy('int')) as Filter<unknown>)(value, 't', bind));
  return [
    't.deleted_at is null',
    `(${visibleDocuments(viewer)('t', bind)})`,
    ...asked,
    searchCondition(q ?? '', 't', bind),
  ].join(' and ');
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
