import ical, { ICalAlarmType, type ICalDayJsStub, ICalEventStatus, ICalEventTransparency } from 'ical-generator';
import { Temporal } from 'temporal-polyfill';
import { tzlib_get_ical_block as rulesOf, tzlib_get_timezones as zonesWithRules } from 'timezones-ical-library';

/** What a calendar program is told of one visit. */
export interface CalendarEntry {
  /** Never changes, so that a program which knows the entry moves it instead of adding another. */
  id: string;
  /** Higher after each change of what the entry says: programs keep the highest that they saw. */
  sequence: number;
  status: 'TENTATIVE' | 'CONFIRMED' | 'CANCELLED';
  startsAt: Date;
  endsAt: Date;
  summary: string;
  location?: string | null | undefined;
  description?: string | null | undefined;
  category?: string | null | undefined;
  /** An alarm this long before the start; none for what is cancelled. */
  reminderHours?: number | null | undefined;
  createdAt: Date;
  updatedAt: Date;
}

export interface CalendarFileOptions {
  /** What the calendar is called in the program that follows it. */
  name: string;
  /** Makes the entries' ids unique in the world: `<id>@<host>`. */
  host: string;
  /** IANA name of the zone that the times are written in. */
  timeZone: string;
}

/** How often a program that follows the calendar is asked to look again. */
const refreshSeconds = 3600;

/**
 * An iCalendar file (RFC 5545): times in their zone with its VTIMEZONE; in UTC where the zone's clock would show a time
 * twice, which programs read differently, and for a zone whose rules are not known.
 * It is the same text for the same entries: DTSTAMP is the last change, as for every file without a METHOD.
 */
export function calendarFile({ name, host, timeZone }: CalendarFileOptions, entries: readonly CalendarEntry[]): string {
  const zone = timeZone !== 'UTC' && zonesWithRules().includes(timeZone) ? timeZone : null;
  const clock = zone === null ? () => undefined : clockOf(zone);
  const calendar = ical({
    name: singleLine(name),
    prodId: { company: 'Passerelle', product: 'Planning', language: 'FR' },
    ttl: refreshSeconds,
    // A zone of the whole calendar would write DTSTAMP in it too, where UTC is asked for.
    timezone: { name: null, generator: (wanted) => rulesOf(wanted)[0] ?? null },
    ...(zone && { x: { 'X-WR-TIMEZONE': zone } }),
  });
  for (const entry of entries) {
    const [start, end] = [clock(entry.startsAt), clock(entry.endsAt)];
    const event = calendar.createEvent({
      id: `${entry.id}@${host}`,
      sequence: entry.sequence,
      ...(start && end ? { start, end, timezone: zone } : { start: entry.startsAt, end: entry.endsAt }),
      summary: plainText(entry.summary),
      status: ICalEventStatus[entry.status],
      transparency: entry.status === 'CANCELLED' ? ICalEventTransparency.TRANSPARENT : ICalEventTransparency.OPAQUE,
      stamp: entry.updatedAt,
      lastModified: entry.updatedAt,
      created: entry.createdAt,
    });
    if (entry.location) event.location(plainText(entry.location));
    if (entry.description) event.description(plainText(entry.description));
    if (entry.category) event.createCategory({ name: plainText(entry.category) });
    if (entry.reminderHours && entry.status !== 'CANCELLED')
      event.createAlarm({ type: ICalAlarmType.display, triggerBefore: entry.reminderHours * 3600 });
  }
  return `${calendar.toString()}\r\n`;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** No clock is put back by more. */
const longestBackMs = 3 * hourMs;

/**
 * What the clock of a zone shows at a moment; undefined when it shows that at another one too. Days on which the clock
 * stays as it is, and those of a calendar nearly all are, are looked up once.
 */
function clockOf(zone: string): (moment: Date) => ClockTime | undefined {
  const offsetAt = (ms: number): number =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).offsetNanoseconds / 1_000_000;
  const steady = new Map<number, number | undefined>();
  const steadyOffset = (day: number): number | undefined => {
    if (steady.has(day)) return steady.get(day);
    const offset = offsetAt(day * dayMs - longestBackMs);
    const found = offset === offsetAt((day + 1) * dayMs + longestBackMs) ? offset : undefined;
    steady.set(day, found);
    return found;
  };
  return (moment) => {
    const ms = moment.getTime();
    const offset = steadyOffset(Math.floor(ms / dayMs));
    if (offset !== undefined) return new ClockTime(ms, offset);
    const shown = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
    const [first, last] = (['earlier', 'later'] as const).map((disambiguation) =>
      shown.toPlainDateTime().toZonedDateTime(zone, { disambiguation }),
    );
    return first?.epochMilliseconds === last?.epochMilliseconds ? new ClockTime(ms, offsetAt(ms)) : undefined;
  };
}

/** A moment that shows the clock of its zone, in the form of Day.js, which the library knows. */
class ClockTime implements ICalDayJsStub {
  readonly #ms: number;
  readonly #shown: string;

  constructor(ms: number, offsetMs: number) {
    this.#ms = ms;
    this.#shown = new Date(ms + offsetMs).toISOString().replace(/[-:]/g, '');
  }

  format(pattern: 'YYYYMMDD' | 'HHmmss'): string {
    return pattern === 'YYYYMMDD' ? this.#shown.slice(0, 8) : this.#shown.slice(9, 15);
  }

  isValid(): boolean {
    return true;
  }

  toDate(): Date {
    return new Date(this.#ms);
  }

  toJSON(): string {
    return this.toDate().toJSON();
  }
}

/** What TEXT may hold: tabs and line breaks are the only control characters. */
const plainText = (text: string): string => text.toWellFormed().replace(/[^\P{Cc}\t\n\r]/gu, '');

/** The calendar's own name is written by the library as it is given. */
const singleLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/[\\;,]/g, '\\$&');
