import { z } from 'zod';
import { pathNumber } from '../engine/openapi-schemas.js';

/** The id in a path. An id that no row has is 404, so the shape refuses nothing. */
export const IdParams = z.object({ id: pathNumber('Numéro') });

export const Moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)
  .meta({ example: '2026-02-03T10:00:00Z' });

/** The lists of the contract: every row, with the count. */
export const listOf = <S extends z.ZodType>(item: S) => z.object({ count: z.int(), results: z.array(item) });
export const listed = <T>(results: T[]): { count: number; results: T[] } => ({ count: results.length, results });
