import type { SqlEntityManager } from '@mikro-orm/sql';
import { maxPageSize } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import type { Bind, Filter } from '../../../kernel/read-model.js';
import type { Viewer } from '../../../kernel/viewer.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { visibleDocuments } from '../files/document.policy.js';
import { documentReads } from '../files/document.reads.js';
import { markedWords, searchCondition, searchVector, wantedWords } from './search-condition.js';
import type { DocumentSearchFilter } from './search.inputs.js';

/**
 * The page of a search, and what the whole of it holds. Both are one statement each, over the same condition, so they can
 * run side by side.
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
  name: string;
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
const maxOffset = 100_000_000;

/** Checks a page's bounds. Throws BAD_USER_INPUT with all that is wrong. */
export function checkPage(first: number, offset: number): void {
  const problems: FieldProblem[] = [];
  if (first < 0) problems.push({ path: ['first'], code: 'too_small', message: 'must be 0 or more' });
  if (first > maxPageSize)
    problems.push({ path: ['first'], code: 'too_large', message: `must be between 0 and ${maxPageSize}` });
  if (offset < 0) problems.push({ path: ['offset'], code: 'too_small', message: 'must be 0 or more' });
  if (offset > maxOffset)
    problems.push({ path: ['offset'], code: 'too_large', message: `must be at most ${maxOffset}` });
  if (problems.length) throw badInput(problems);
}

/** One page of the hits: best first, ties newest first. `snippets` costs reading the texts of the page. */
export async function findDocuments(
  { em, viewer }: Pick<Context, 'em' | 'viewer'>,
  search: DocumentSearch,
  { first, offset, snippets }: { first: number; offset: number; snippets: boolean },
): Promise<FoundDocument[]> {
  const { parameters, bind } = binder();
  const wanted = wantedWords(search.q ?? '');
  const marked = markedWords(search.q ?? '');
  const page = ` limit ${first} offset ${offset}`;
  if (!wanted || !marked) {
    const sql = `select t.id, null::real as score, ${snippets ? `nullif(left(t.content, 200), '')` : 'null'} as snippet
        from documents t where ${hitsOf(search, viewer, bind)} order by t.created_at desc, t.id desc${page}`;
    return run(em, sql, parameters);
  }
  // A text may say a word a hundred times; its share stays below 0.1, far below that of a title.
  const candidates = Math.max(rankedByText, offset + first);
  const sql = `with candidates as (
      select t.id, t.created_at, ts_rank_cd(${weights}, t.search_names, ${wanted(bind)}) as names
        from documents t where ${hitsOf(search, viewer, bind)}
        order by names desc, t.created_at desc, t.id desc limit ${candidates}
    ), placed as (
      select id, names, row_number() over (order by names desc, created_at desc, id desc) as place from candidates
    ), page as (
      select id, names, place, case when place <= ${rankedByText} then
          names + 0.1 * (select ts_rank_cd(${weights}, ${searchVector('t')}, ${wanted(bind)}, 32) from documents t where t.id = p.id) end as score
        from placed p order by score desc nulls last, place${page}
    )
    select p.id, coalesce(p.score, p.names) as score, ${snippets ? `(select ${snippetOf('t', marked(bind))} from documents t where t.id = p.id)` : 'null'} as snippet
      from page p order by p.score desc nulls last, p.place`;
  return run(em, sql, parameters);
}

/** The number of hits, and the labels that most of them bear. */
export async function summariseHits(
  { em, viewer }: Pick<Context, 'em' | 'viewer'>,
  search: DocumentSearch,
): Promise<SearchSummary> {
  const { parameters, bind } = binder();
  const top = (facet: string, counted: string, table: string, named: string): string =>
    `(select '${facet}', n.id, ${named}, f.count from (${counted} order by 2 desc, 1 limit ${facetSize}) f (id, count) join ${table} n on n.id = f.id)`;
  // The hits are read once and counted in two passes. With the tags beside them and unnested in the list of columns, which
  // is cheaper than a join with document_tags or a lateral one.
  const rows = await run<{ facet: string; id: number; name: string; count: number }>(
    em,
    `with hits as materialized (
       select t.correspondent_id, t.document_type_id, t.tag_ids from documents t where ${hitsOf(search, viewer, bind)}
     ), labels as materialized (
       select grouping(correspondent_id, document_type_id) as grouped, correspondent_id, document_type_id, count(*)::int as count
         from hits group by grouping sets ((), (correspondent_id), (document_type_id))
     )
     select 'total' as facet, 0 as id, '' as name, count from labels where grouped = 3
     union all ${top('correspondents', 'select correspondent_id, count from labels where grouped = 1 and correspondent_id is not null', 'correspondents', 'n.name')}
     union all ${top('types', 'select document_type_id, count from labels where grouped = 2 and document_type_id is not null', 'document_types', 'n.label')}
     union all ${top('tags', 'select tag_id, count(*)::int from (select unnest(tag_ids) as tag_id from hits) h group by 1', 'tags', 'n.name')}`,
    parameters,
  );
  const facet = (name: string): FacetRow[] =>
    rows
      .filter((row) => row.facet === name)
      .map(({ id, name, count }) => ({ id, name, count }))
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
    .map(([name, value]) => (filters[name] as Filter<unknown>)(value, 't', bind));
  return [
    't.deleted_at is null',
    `(${visibleDocuments(viewer)('t', bind)})`,
    ...asked,
    searchCondition(q ?? '', 't', bind),
  ].join(' and ');
}

/** Marks around a word that was searched for: two private-use characters, which no font shows and no text here holds. */
export const markStart = '\uE000';
export const markEnd = '\uE001';
// PostgreSQL's parser takes a file name or a code for one word, which the index does not, and leaves tags out. The marks by
// which it knows them are hidden from it meanwhile.
const joiners = '-/._@:<&';
const hidden = String.raw`E'\x01\x02\x03\x04\x05\x06\x07\x08'`;

const snippetOf = (alias: string, marked: string): string =>
  `nullif(translate(ts_headline('fr', translate(left(${alias}.content, ${markedCharacters}), '${joiners}${markStart}${markEnd}', ${hidden}), ${marked},
     'StartSel=${markStart}, StopSel=${markEnd}, MaxFragments=2, MaxWords=25, MinWords=10, FragmentDelimiter=" … "'), ${hidden}, '${joiners}'), '')`;

function binder(): { parameters: unknown[]; bind: Bind } {
  const parameters: unknown[] = [];
  return { parameters, bind: (value) => (parameters.push(value), '?') };
}

const run = <R extends object>(em: SqlEntityManager, sql: string, parameters: readonly unknown[]): Promise<R[]> =>
  em.getConnection('read').execute<R[]>(sql, [...parameters]);
