/** The part of an address after `?`, before it is checked. */
export type Searched = Record<string, unknown>;

/** A text of the address; undefined, which the address leaves out, for none. */
export const wordOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined;

/** A day of the calendar (`2026-03-01`); undefined for anything else. */
export const calendarDayOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;

/** One of a few values; undefined for anything else. */
export const choiceOf = <Value extends string>(values: readonly Value[], value: unknown): Value | undefined =>
  values.find((each) => each === value);

/** For `validateSearch`: links may leave out what has no value. */
export const optional = <Search extends object>(search: Search): Partial<Search> => search;
