import { z } from 'zod';

/** The id in a path. Whatever names no row is 404, so nothing is refused here. */
export const IdParams = z.object({ id: z.string().meta({ description: 'Numéro', example: '1' }) });

export const Moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)
  .meta({ example: '2026-02-03T10:00:00Z' });

/** « Lister … »: everything at once, with its count. */
export const listOf = <S extends z.ZodType>(item: S) => z.object({ count: z.int(), results: z.array(item) });
export const listed = <T>(results: T[]): { count: number; results: T[] } => ({ count: results.length, results });
