import { isCalendarDate } from '../../lib/calendar-day.js';
import { isUuid } from '../../lib/uuid.js';

/** An opaque place in a list: the order it belongs to, the sort value as PostgreSQL prints it, and the id. */
export const encodeCursor = (orderBy: string, sort: string, id: string): string =>
  Buffer.from(JSON.stringify([orderBy, sort, id])).toString('base64url');

/** undefined for anything that this server did not make for that order: the database never sees a forged value. */
export function decodeCursor(
  cursor: string,
  orderBy: string,
  sortType = 'text',
  keyType = 'int',
): { sort: string; id: string } | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 3 || parts.some((p) => typeof p !== 'string')) return undefined;
  const [order, sort, id] = parts as [string, string, string];
  const usable =
    order === orderBy && fits(id, keyType) && sort.length <= 1000 && !sort.includes('\0') && fits(sort, sortType);
  return usable ? { sort, id } : undefined;
}

function fits(text: string, type: string): boolean {
  switch (type) {
    case 'int':
      return /^\d{1,9}$/.test(text);
    case 'bigint':
      return /^\d{1,18}$/.test(text);
    case 'uuid':
      return isUuid(text);
    case 'numeric':
      return text === '-Infinity' || /^-?\d{1,20}(\.\d{1,10})?$/.test(text);
    case 'date':
      return text === '-infinity' || isCalendarDate(text);
    case 'timestamptz':
      return (
        text === '-infinity' ||
        (isCalendarDate(text.slice(0, 10)) && /^ ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?\+00$/.test(text.slice(10)))
      );
    default:
      return true;
  }
}
