import { z } from 'zod';
import { pathNumber } from '../engine/openapi-schemas.js';
import { Refusal } from '../engine/problem.js';

/** Where the API lies on its host. */
export const kdocsPrefix = '/kdocs/api';

/** The id in a path. An id that no row has is 404, so the shape refuses nothing. */
export const IdParams = z.object({ id: pathNumber('Numéro') });

/** A reference in a query or a form, whose values are text. */
export const TextId = z.coerce.number().int().min(1).max(999_999_999);
export const Id = z.int().min(1).max(999_999_999);

export const PageQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1).meta({ description: 'Numéro de page' }),
  per_page: z.coerce.number().int().min(1).max(100).default(20).meta({ description: "Nombre d'éléments par page" }),
});

/** Name of a tag or correspondent. The graph checks it too; here, all problems of a body are reported together. */
export const labelName = z.string().trim().min(1).max(200);

/** Labels are few and shown in menus, so a page is as large as it may be by default. */
export const LabelQuery = PageQuery.extend({
  per_page: z.coerce.number().int().min(1).max(100).default(100).meta({ description: "Nombre d'éléments par page" }),
  search: z.string().max(200).optional().meta({ description: 'Partie du nom' }),
});

/** As `LabelQuery`, for lists that fill menus: whole without `page` and `per_page`, as far as 10,000 rows. */
export const WholeQuery = z.object({
  page: PageQuery.shape.page.unwrap().optional().meta({ description: 'Numéro de page' }),
  per_page: PageQuery.shape.per_page
    .unwrap()
    .optional()
    .meta({ description: "Nombre d'éléments par page ; 100 si seule `page` est donnée" }),
  search: LabelQuery.shape.search,
});

const wholeList = 10_000;
const usualLabels = 100;

export const pageOfWhole = ({ page, per_page }: Pick<z.output<typeof WholeQuery>, 'page' | 'per_page'>): Page => ({
  page: page ?? 1,
  per_page: per_page ?? (page === undefined ? wholeList : usualLabels),
});

type Page = z.output<typeof PageQuery>;

export const pageVariables = ({ page, per_page }: Page): { first: number; offset: number } => ({
  first: per_page,
  offset: (page - 1) * per_page,
});

export const Pagination = z
  .object({ page: z.int(), per_page: z.int(), total: z.int(), total_pages: z.int() })
  .meta({ id: 'KdocsPagination' });

export const paginationOf = ({ page, per_page }: Page, total: number): z.input<typeof Pagination> => ({
  page,
  per_page,
  total,
  total_pages: Math.ceil(total / per_page),
});

/** The first key of every success. */
export const ok = { success: true } as const;
export const success = <S extends z.ZodType>(data: S) =>
  z.object({ success: z.literal(true), data, message: z.string().optional() });
export const successPage = <S extends z.ZodType>(item: S) =>
  z.object({ success: z.literal(true), data: z.array(item), pagination: Pagination });
export const Done = z.object({ success: z.literal(true), message: z.string() });

export const Moment = z.string().meta({ example: '2026-01-21 10:00:00' });
/** `2026-01-21 10:00:00` for `2026-01-21T10:00:00Z`. */
export const momentOf = (value: string): string => value.slice(0, 19).replace('T', ' ');

export const matchingAlgorithms = ['none', 'any', 'all', 'exact', 'regex', 'fuzzy', 'auto'] as const;

/** The value, or 404 when the graph has none. */
export function found<T>(value: T | null | undefined, subject: string): T {
  if (value == null) throw new Refusal('NOT_FOUND', `${subject} not found`, { subject });
  return value;
}
