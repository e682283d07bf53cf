import { midnight } from '../i18n/days';
import { calendarDayOf } from '../ui/search-values';
import type { DocumentListQueryVariables, DocumentSearchQueryVariables } from './operations.gen';

export const orders = [
  'CREATED_AT_DESC',
  'CREATED_AT_ASC',
  'DOCUMENT_DATE_DESC',
  'DOCUMENT_DATE_ASC',
  'TITLE_ASC',
  'TITLE_DESC',
  'AMOUNT_DESC',
  'AMOUNT_ASC',
  'UPDATED_AT_DESC',
] as const;
export type DocumentOrder = (typeof orders)[number];

/** What the list shows, as its address says it. */
export interface ListSearch {
  q?: string;
  type?: number;
  tags?: number[];
  from?: number;
  /** Filed on this day or later. */
  after?: string;
  /** Filed on this day or before. */
  before?: string;
  /** Absent: best first while words are searched, otherwise newest first. */
  sort?: DocumentOrder;
  view?: 'grid';
}

/** Undefined takes a condition away. */
export type ListChanges = { [Key in keyof ListSearch]?: ListSearch[Key] | undefined };

const numberOf = (value: unknown): number | undefined =>
  Number.isInteger(Number(value)) && value ? Number(value) : undefined;

/** The same without what is empty or makes no sense. */
export function searchOf(given: Record<string, unknown>): ListSearch {
  const q = given['q'] === undefined || given['q'] === null ? '' : String(given['q']).trim();
  const type = numberOf(given['type']);
  const from = numberOf(given['from']);
  const tags = (Array.isArray(given['tags']) ? given['tags'] : [given['tags']]).flatMap((each) => numberOf(each) ?? []);
  const after = calendarDayOf(given['after']);
  const before = calendarDayOf(given['before']);
  const sort = orders.find((order) => order === given['sort']);
  return {
    ...(q && { q }),
    ...(type && { type }),
    ...(tags.length > 0 && { tags }),
    ...(from && { from }),
    ...(after && { after }),
    ...(before && { before }),
    ...(sort && { sort }),
    ...(given['view'] === 'grid' && { view: 'grid' }),
  };
}

/** How many conditions hold beside the words. */
export const conditionCount = ({ type, tags, from, after, before }: ListSearch): number =>
  (tags?.length ?? 0) + [type, from, after, before].filter((each) => each !== undefined).length;

/** The conditions as the graph has them. */
export const filterOf = ({
  type,
  tags,
  from,
  after,
  before,
}: ListSearch): NonNullable<DocumentSearchQueryVariables['filter'] & DocumentListQueryVariables['filter']> => ({
  ...(type !== undefined && { typeId: String(type) }),
  ...(tags && { tagIds: tags.map(String) }),
  ...(from !== undefined && { correspondentId: String(from) }),
  ...(after !== undefined && { createdAfter: midnight(after) }),
  ...(before !== undefined && { createdBefore: midnight(before, 1) }),
});
