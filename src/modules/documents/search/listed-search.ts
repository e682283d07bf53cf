import { Bound, sql } from '../../../db/sql.js';
import type { Bind, SortKey } from '../../../kernel/read-model.js';
import { storableFilter } from '../../../kernel/read-model.js';
import type { Place, Seek, SoughtPage } from '../../../kernel/seek.js';
import { parseSearch, type SearchNode, signsIn } from '../../../lib/search-query.js';
import { documentReads } from '../files/document.reads.js';
import { refuseCostlyPrefixes, searchRows } from './bounded-search.js';
import {
  candidateRows,
  type Condition,
  filterConditions,
  inWindow,
  isByIndex,
  otherConditions,
  seenPredicate,
} from './candidates.js';
import { byLooking, searchCondition, signsCondition } from './search-condition.js';
import { summariseHits } from './search-documents.js';
import { type DocumentSearch, hitSources, lookedAt } from './search-hits.js';
import { inMonths, type SearchedFilter } from './search-labels.js';
import {
  conditionOfSplit,
  probed,
  sampled,
  sampledStretches,
  type SearchContext,
  stretchesOf,
  type Survey,
  surveyed,
} from './search-survey.js';
import { splitSearch, type SplitOptions } from './split-search.js';

/**
 * The list of documents with a search, in any order, to its end. A page is looked for
 *
 *   1. among the next thousand documents of the order: what one in twenty fits fills it;
 *   2. as far along the order as it should take by a sample of all documents: the full-text index and that of the order
 *      are asked together, so that only documents are read which both give;
 *   3. farther each time, to the end of the order, where there turn out to be fewer.
 */
export function seekDocuments(ctx: SearchContext, given: object | null | undefined): Seek | undefined {
  const { search, trashed, ...filter } = storableFilter(given) as SearchedFilter & ListFilters;
  // Few documents lie in the trash, and few are asked for by their ids.
  if (!search?.trim() || trashed || filter.ids) return undefined;
  const asked: DocumentSearch = { q: search, filter };
  const check = (): void => refuseCostlyPrefixes(search, ['filter', 'search']);
  return {
    ids: async (page) => {
      check();
      return page.limit === 0 ? [] : new ListedSearch(ctx, asked, page).ids();
    },
    count: async () => {
      check();
      const { totalCount, isEstimated } = await summariseHits(ctx, () => hitSources(ctx, asked));
      return { totalCount, isEstimated };
    },
  };
}

interface ListFilters {
  search?: string | null;
  trashed?: boolean | null;
  ids?: readonly string[] | null;
}

/** As a share of the hits that are counted, the documents that are looked at first. */
const walkedShare = 1 / 10;
/** As a share of them, those that are read at once. */
const fewShare = 1.5;
/** How far the second look reaches, in hits of the sample: a page should lie before it nearly always. */
const firstReach = 3;
const furtherReach = 4;
/** Hits of the sample that are told: farther than that, all the rest is looked at. */
const mostPlaces = 500;

/** What is looked at in rows that were sorted, and what they are sorted by. */
const sortedColumns = [...lookedAt, 'correspondent_id', 'document_type_id', 'created_at', 'updated_at']
  .map((name) => `t.${name}`)
  .join(', ');

interface Sample {
  /** Documents for each that was in it. */
  ratio: number;
  /** Documents that indexes may give. */
  read: number;
  /** Where its hits lie in the order. */
  places: Place[];
}

/** `to`: the last that belongs to it; undefined: the end of what is asked for. */
interface Range {
  after: Place | undefined;
  to: Place | undefined;
}

class ListedSearch {
  readonly #found = new Set<number>();

  constructor(
    private readonly ctx: SearchContext,
    private readonly search: DocumentSearch,
    private readonly page: SoughtPage,
  ) {}

  async ids(): Promise<number[]> {
    const { after } = this.page;
    const tree = parseSearch(this.#typed);
    const survey = await surveyed(this.ctx, tree);
    const words = survey.saysNothing ? undefined : tree;
    if (!words && signsIn(this.#typed) === undefined) return [];
    if (survey.documents <= this.ctx.services.config.searchCounted) {
      const all = this.#split(words, { isRare: () => true, asksAlternatives: true }, false);
      await this.#readRange(all, { after, to: undefined });
      return this.#ids;
    }
    const end = await this.#walk();
    if (this.#isFull || !end) return this.#ids;
    const known = words && (await sampled(this.ctx, words, survey));
    const split = this.#split(words, {
      isRare: (prefix) => known?.rare.has(prefix) === true,
      asksAlternatives: known?.isRareMixture === true,
    });
    await this.#readRanges(split, end, await this.#sampleBeyond(split, survey, end));
    return this.#ids;
  }

  /** Without words: the signs that were typed. */
  #split(words: SearchNode | undefined, options: SplitOptions, isLarge = true): Condition {
    if (words) return conditionOfSplit(splitSearch(words, options), isLarge);
    return { labels: isLarge ? () => [] : undefined, looked: (bind) => signsCondition(this.#typed, 't', bind) };
  }

  get #ids(): number[] {
    return [...this.#found].slice(0, this.page.limit);
  }

  get #isFull(): boolean {
    return this.#found.size >= this.page.limit;
  }

  get #typed(): string {
    return this.search.q ?? '';
  }

  /** Looks at the first documents of the order. Returns the last of them; undefined: there are no more. */
  async #walk(): Promise<Place | undefined> {
    const { sort, limit } = this.page;
    const walked = Math.ceil(this.ctx.services.config.searchCounted * walkedShare);
    const all: Range = { after: this.page.after, to: undefined };
    const inOrder = (bind: Bind, columns: string, page: string): string =>
      `select ${columns} from documents t
        where t.deleted_at is null and ${this.#within(all, bind)} ${this.#order} ${page}`;
    const statement = (bind: Bind): string => `
      select array(select t.id from (${inOrder(bind, '*', `limit ${walked}`)}) t
                    where ${this.#byLooking(bind)} limit ${limit}) as ids,
             p.sort, p.id::text as id
        from (select) o left join (
          ${inOrder(bind, `(${sort.sql('t')})::text as sort, t.id`, `offset ${walked - 1} limit 1`)}) p on true`;
    const [row] = await searchRows<{ ids: number[]; sort: string | null; id: string | null }>(
      this.ctx,
      sql`${new Bound(statement)}`,
    );
    this.#add(row?.ids ?? []);
    return row?.sort != null && row.id != null ? { sort: row.sort, id: row.id } : undefined;
  }

  /** Where hits lie beyond the place, of the documents of some stretches that chance picks. */
  async #sampleBeyond(condition: Condition, survey: Survey, after: Place): Promise<Sample> {
    const { filter } = this.search;
    const { viewer } = this.ctx;
    const isByText = isByIndex(condition, { filter, viewer });
    // Without an index every document of them is looked at.
    const count = Math.min(isByText ? probed : sampledStretches, stretchesOf(survey));
    const numbers = `generate_series(${survey.first}, ${survey.last}) n`;
    const chosen = `select n from ${numbers} order by hashint4(n) limit ${count}`;
    const statement = (bind: Bind): string => {
      const options = { filter, viewer, bind, columns: 't.*', isByText: true };
      const rows = isByText
        ? candidateRows(condition, { ...options, within: { stretches: `array(${chosen})` } })
        : `select c.* from (${chosen}) w
             cross join lateral (${candidateRows(condition, { ...options, within: inWindow(1) })}) c`;
      const key = this.page.sort.sql('t');
      const fits = [...otherConditions(condition, filter, bind), condition.looked?.(bind) ?? 'true'].join(' and ');
      const [direction] = this.#directions;
      const inOrder = (column: string): string =>
        `(array_agg(${column} order by key ${direction}, id ${direction}) filter (where fits))[1:${mostPlaces}]`;
      return `select count(*)::int as read, ${inOrder('sort')} as sorts, ${inOrder('id')} as ids
        from (select t.id, ${key} as key, (${key})::text as sort, ${fits} as fits from (${rows}) t
               where ${this.#within({ after, to: undefined }, bind)} offset 0) s`;
    };
    const [row] = await searchRows<{ read: number; sorts: string[] | null; ids: number[] | null }>(
      this.ctx,
      sql`${new Bound(statement)}`,
    );
    const ratio = stretchesOf(survey) / count;
    return {
      ratio,
      read: (row?.read ?? 0) * ratio,
      places: (row?.sorts ?? []).map((sort, i) => ({ sort, id: String(row?.ids?.[i]) })),
    };
  }

  async #readRanges(condition: Condition, start: Place, { ratio, read, places }: Sample): Promise<void> {
    // So few are read faster than the index of the order.
    if (read <= this.ctx.services.config.searchCounted * fewShare)
      return this.#readRange(condition, { after: start, to: undefined });
    let after = start;
    let reach = firstReach + Math.ceil((this.page.limit - this.#found.size) / ratio);
    for (let nth = reach; !this.#isFull; nth += reach) {
      const to = places[nth];
      await this.#readRange(condition, { after, to });
      if (!to) return;
      after = to;
      reach *= furtherReach;
    }
  }

  async #readRange(condition: Condition, range: Range): Promise<void> {
    const { filter } = this.search;
    const { viewer } = this.ctx;
    const { looked } = condition;
    const statement = (bind: Bind): string => {
      const also = range.to ? [this.#within(range, bind), ...this.#months(range, bind)] : [];
      const columns = looked ? sortedColumns : 't.*';
      const rows = candidateRows(condition, { filter, viewer, bind, columns, also });
      // The rows are gathered before they are sorted, and looked at afterwards, as far as the page reaches.
      const gathered = `select * from (${rows} offset 0) t where ${this.#within(range, bind)} ${this.#order}`;
      return `select array(select t.id from (${gathered} offset 0) t
        where ${looked?.(bind) ?? 'true'} limit ${this.page.limit}) as ids`;
    };
    const [row] = await searchRows<{ ids: number[] }>(this.ctx, sql`${new Bound(statement)}`);
    this.#add(row?.ids ?? []);
  }

  #add(ids: readonly number[]): void {
    for (const id of ids) this.#found.add(id);
  }

  /** All that is asked for, of the row called `t`, without the full-text index. */
  #byLooking(bind: Bind): string {
    const { q, filter } = this.search;
    return [
      seenPredicate(this.ctx.viewer)('t', bind),
      ...filterConditions(filter, bind),
      searchCondition(q ?? '', 't', bind, byLooking),
    ].join(' and ');
  }

  get #directions(): [order: 'asc' | 'desc', beyond: '<' | '>', before: '<' | '>'] {
    return this.page.descending ? ['desc', '<', '>'] : ['asc', '>', '<'];
  }

  get #order(): string {
    const [direction] = this.#directions;
    return `order by ${this.page.sort.sql('t')} ${direction}, t.id ${direction}`;
  }

  #within({ after, to }: Range, bind: Bind): string {
    const { sort, until } = this.page;
    const [, beyond, before] = this.#directions;
    const compared = (operator: string, place: Place | undefined): string[] =>
      place ? [`(${sort.sql('t')}, t.id) ${operator} (${bind(place.sort)}::${sort.type}, ${bind(place.id)}::int)`] : [];
    const all = [...compared(beyond, after), ...compared(`${before}=`, to), ...compared(before, until)];
    return all.join(' and ') || 'true';
  }

  /** That a document is of the months of a range of days, as the full-text index knows. */
  #months({ after, to }: Range, bind: Bind): string[] {
    const kind = monthsOf.get(this.page.sort);
    const days = [after, to].map((place) => place && dayOf(place.sort));
    const [from, before] = days.toSorted();
    const isIn = kind && from && before && inMonths(kind, from, before, bind);
    return isIn ? [isIn] : [];
  }
}

const { orders } = documentReads.list;
const monthsOf = new Map<SortKey | undefined, 'month' | 'filed'>([
  [orders['DOCUMENT_DATE'], 'month'],
  [orders['CREATED_AT'], 'filed'],
]);

/** Of a date or moment as PostgreSQL writes it, in UTC; undefined for infinity and other years than of four digits. */
function dayOf(text: string): string | undefined {
  if (!/^\d{4}-[^C]*$/.test(text)) return undefined;
  const time = Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
