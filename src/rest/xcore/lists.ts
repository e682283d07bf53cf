import { z } from 'zod';

/**
 * xcore.md, « Format de Réponse Paginée » and « Tri »: the query of every list. `sortable` are the dialect's names of
 * the fields to sort by, the first of them the default.
 */
export const listQuery = <const K extends string>(sortable: readonly [K, ...K[]]) =>
  z.object({
    skip: z.coerce.number().int().min(0).max(2_147_483_647).default(0).meta({ description: 'Décalage pagination' }),
    limit: z.coerce.number().int().min(1).max(100).default(20).meta({ description: 'Limite résultats' }),
    sort_by: z.enum(sortable).prefault(sortable[0]).meta({ description: 'Champ de tri' }),
    sort_order: z.enum(['asc', 'desc']).default('asc').meta({ description: 'Ordre de tri' }),
  });

interface Slice {
  skip: number;
  limit: number;
}

/** The query as the graph's arguments: `sort_by: created_at` is the order `CREATED_AT_…`. */
export const listVariables = <K extends string>({
  skip,
  limit,
  sort_by,
  sort_order,
}: Slice & { sort_by: K; sort_order: 'asc' | 'desc' }) => ({
  first: limit,
  offset: skip,
  orderBy: `${sort_by}_${sort_order}`.toUpperCase() as `${Uppercase<K>}_${'ASC' | 'DESC'}`,
});

export const listOf = <S extends z.ZodType>(item: S) =>
  z.object({ total: z.int(), skip: z.int(), limit: z.int(), items: z.array(item), has_more: z.boolean() });

export const listOut = <T>({ skip, limit }: Slice, total: number, items: T[]) => ({
  total,
  skip,
  limit,
  items,
  has_more: skip + items.length < total,
});

export const moment = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
