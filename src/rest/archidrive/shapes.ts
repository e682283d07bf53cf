import { z } from 'zod';
import { pathNumber } from '../engine/openapi-schemas.js';

/** A number of the graph. */
export const id = z.int().min(1).max(999_999_999);

export const idQuery = z.coerce.number().int().min(1).max(999_999_999);

/** The id in a path. An id that no row has is 404, so the shape refuses nothing. */
export const idParams = z.object({ id: pathNumber('Number') });

/** Pages from 1; `size` 1 to 100. Without both the list comes whole, as far as `wholeList`. */
export const paging = {
  page: z.coerce.number().int().min(1).max(1_000_000).optional().meta({ description: 'From 1' }),
  size: z.coerce.number().int().min(1).max(100).optional().meta({ description: '50 when only `page` is given' }),
};
interface Paging {
  page?: number | undefined;
  size?: number | undefined;
}

const wholeList = 1000;
const usualSize = 50;

const pageOf = ({ page, size }: Paging): { page: number; size: number } => ({
  page: page ?? 1,
  size: size ?? (page === undefined ? wholeList : usualSize),
});

export function toSlice(paging: Paging): { first: number; offset: number } {
  const { page, size } = pageOf(paging);
  return { first: size, offset: (page - 1) * size };
}

/** What a list says of itself beside its rows. */
export const pageShape = { total: z.int(), page: z.int(), pages: z.int() };
export function pageFigures(paging: Paging, total: number): { total: number; page: number; pages: number } {
  const { page, size } = pageOf(paging);
  return { total, page, pages: Math.ceil(total / size) };
}

/** The first key of every success. */
export const ok = { success: true } as const;
