import type { Span } from './calendar';

/** A column of the team's day: whoever goes there. */
export interface Column {
  /** As an appointment has it: a user name, or any text; empty: nobody yet. */
  technician: string;
  name: string;
}

const dayMs = 86_400_000;
/** Midnight of a day (`2026-03-01`) where the calendar counts without summer time. */
const midnightOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/**
 * The calendar draws days beside each other, and no people: a person's column is drawn as the day so many days after
 * the one that is shown, in UTC, where no clock is ever put forward.
 */
export function drawnAt({ startsAt, endsAt }: Span, column: number): { start: string; end: string } {
  const drawn = (moment: string): string => {
    const at = new Date(moment);
    const wall = Date.UTC(at.getFullYear(), at.getMonth(), at.getDate(), at.getHours(), at.getMinutes());
    return new Date(wall + column * dayMs).toISOString();
  };
  return { start: drawn(startsAt), end: drawn(endsAt) };
}

/** What a place in the calendar stands for: the time on the day that is shown, and the column. */
export function meantBy({ start, end }: { start: Date; end: Date }, day: string): { span: Span; column: number } {
  const column = Math.floor((start.valueOf() - midnightOf(day)) / dayMs);
  const meant = (at: Date): string => {
    const wall = new Date(at.valueOf() - column * dayMs);
    return new Date(
      wall.getUTCFullYear(),
      wall.getUTCMonth(),
      wall.getUTCDate(),
      wall.getUTCHours(),
      wall.getUTCMinutes(),
    ).toISOString();
  };
  return { span: { startsAt: meant(start), endsAt: meant(end) }, column };
}
