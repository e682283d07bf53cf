import { z } from 'zod';
import { pathNumber } from '../engine/openapi-schemas.js';
import { Refusal } from '../engine/problem.js';
import type { RequestFacts, Route } from '../engine/route.js';

/** The section that names the routes which the contract does not. */
export const beyondContract = 'DECISIONS.md#9-names-of-what-goes-beyond-the-contracts';

/** The id in a path. An id that no row has is 404, so the shape refuses nothing. */
export const IdParams = z.object({ id: pathNumber('Numéro') });

export const Moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)
  .meta({ example: '2026-02-03T10:00:00Z' });

/** The lists of the contract: every row, with the count. */
export const listOf = <S extends z.ZodType>(item: S) => z.object({ count: z.int(), results: z.array(item) });
export const listed = <T>(results: T[]): { count: number; results: T[] } => ({ count: results.length, results });

/** A reference in a body, and one in a query, whose values are text. */
export const Id = z.int().min(1).max(999_999_999);
export const TextId = z.coerce.number().int().min(1).max(999_999_999);

const largestAmount = 999_999_999_999.99;

/** An amount of money: at most 12 digits before the point and two after it. */
export const Money = z
  .number()
  .min(-largestAmount)
  .max(largestAmount)
  .refine((amount) => /^-?\d+(\.\d{1,2})?$/.test(String(amount)), 'Au plus deux décimales');
export const TextMoney = z.coerce.number().pipe(Money);

/** ISO 4217, in any case. */
export const Currency = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{3}$/);

/** Of which accounts a figure tells; amounts of several currencies are never added. */
export const CurrencyQuery = Currency.optional().meta({
  description: "Comptes de cette devise ; par défaut celle de l'entreprise, ou celle du premier compte",
});

/** A calendar day, `2026-02-03`; there is no year 0. */
export const Day = z.iso
  .date()
  .refine((day) => !day.startsWith('0000'), 'date ISO invalide')
  .meta({ example: '2026-02-03' });

/** The value, or 404 when the graph has none. */
export function found<T>(value: T | null | undefined, subject: string): T {
  if (value == null) throw new Refusal('NOT_FOUND', `${subject} not found`, { subject });
  return value;
}

/** What PATCH does, PUT does too (DECISIONS.md, section 8); `putId` names its function in generated clients. */
export const patchAndPut = (patch: Route, putId: string): [Route, Route] => [
  patch,
  { ...patch, method: 'put', operationId: putId },
];

export const PageQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1).meta({ description: 'Numéro de page' }),
  page_size: z.coerce.number().int().min(1).max(100).default(50).meta({ description: 'Résultats par page' }),
});
type Page = z.output<typeof PageQuery>;

export const sliceOf = ({ page, page_size }: Page): { first: number; offset: number } => ({
  first: page_size,
  offset: (page - 1) * page_size,
});

/** A page of a list, with the addresses of its neighbours. */
export const pageOfList = <S extends z.ZodType>(item: S) =>
  z.object({ count: z.int(), next: z.url().nullable(), previous: z.url().nullable(), results: z.array(item) });

/** The addresses of the pages beside this one: as the client asked, with another page. */
export function neighbours(
  { page, page_size }: Page,
  count: number,
  { originalUrl, headers, secure }: RequestFacts,
): { next: string | null; previous: string | null } {
  const addressOf = (number: number): string => {
    const url = new URL(originalUrl, `${secure ? 'https' : 'http'}://${headers.host ?? 'localhost'}`);
    url.searchParams.set('page', String(number));
    return url.href;
  };
  return {
    next: page * page_size < count ? addressOf(page + 1) : null,
    previous: page > 1 ? addressOf(page - 1) : null,
  };
}
