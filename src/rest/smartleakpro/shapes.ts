import { z } from 'zod';
import { Refusal } from '../engine/problem.js';

/** The id in a path. An id that no row has is 404, so the shape refuses nothing. */
export const IdParams = z.object({ id: z.string().meta({ description: 'UUID', format: 'uuid' }) });

/** Of a row that was made offline: the same id sent again makes nothing new. */
export const NewId = z
  .guid()
  .nullish()
  .meta({ description: 'UUID choisi par le client ; renvoyé, il ne crée rien de plus', format: 'uuid' });

/** In a PUT: what the change saw. */
export const VersionSeen = z
  .int()
  .min(1)
  .max(2 ** 31 - 1)
  .nullish()
  .meta({ description: 'Version lue ; si elle a changé depuis : 409 avec `current`' });

/** smartleakpro.md, « Query Parameters »: pages from 1, 1 to 100 rows. */
export const PageQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1).meta({ description: 'Numéro de page' }),
  size: z.coerce.number().int().min(1).max(100).default(10).meta({ description: 'Taille de page' }),
  search: z.string().trim().max(200).optional().meta({ description: 'Recherche textuelle' }),
});
type Page = Pick<z.output<typeof PageQuery>, 'page' | 'size'>;

export const sliceOf = ({ page, size }: Page): { first: number; offset: number } => ({
  first: size,
  offset: (page - 1) * size,
});

/** The keys beside the rows of every list. */
export const pageShape = { total: z.int(), page: z.int(), size: z.int(), pages: z.int() };
export const pageOf = (
  { page, size }: Page,
  total: number,
): { total: number; page: number; size: number; pages: number } => ({
  total,
  page,
  size,
  pages: Math.ceil(total / size),
});

export const Moment = z.string().meta({ example: '2026-02-03T10:00:00Z', format: 'date-time' });

/** One line of text, without control characters. */
export const line = (longest: number, shortest = 1) =>
  z
    .string()
    .trim()
    .min(shortest)
    .max(longest)
    .regex(/^\P{Cc}*$/u);

/** The value, or 404 when the graph has none. */
export function found<T>(value: T | null | undefined, subject: string): T {
  if (value == null) throw new Refusal('NOT_FOUND', `${subject} not found`, { subject });
  return value;
}
