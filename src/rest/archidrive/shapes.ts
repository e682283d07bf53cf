import { z } from 'zod';

/** Ids are the numbers of the directory that all dialects share. */
export const id = z.int().min(1).max(999_999_999);

export const idQuery = z.coerce.number().int().min(1).max(999_999_999);

/** Of a path: what cannot be an id is simply not found. */
export const idParams = z.object({ id: z.string() });

/** Pages from 1; `size` 1 to 100. */
export const paging = {
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  size: z.coerce.number().int().min(1).max(100).default(50),
};

export const toSlice = ({ page, size }: { page: number; size: number }): { first: number; offset: number } => ({
  first: size,
  offset: (page - 1) * size,
});

/** How every success begins. */
export const ok = { success: true } as const;
