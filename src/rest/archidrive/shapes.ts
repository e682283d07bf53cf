import { z } from 'zod';
import { pathNumber } from '../engine/openapi-schemas.js';

/** A number of the graph. */
export const id = z.int().min(1).max(999_999_999);

export const idQuery = z.coerce.number().int().min(1).max(999_999_999);

/** The id in a path. An id that no row has is 404, so the shape refuses nothing. */
export const idParams = z.object({ id: pathNumber('Number') });

/** Pages from 1; `size` 1 to 100. */
export const paging = {
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  size: z.coerce.number().int().min(1).max(100).default(50),
};

export const toSlice = ({ page, size }: { page: number; size: number }): { first: number; offset: number } => ({
  first: size,
  offset: (page - 1) * size,
});

/** The first key of every success. */
export const ok = { success: true } as const;
