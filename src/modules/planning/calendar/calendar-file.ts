import { setImmediate as nextTurn } from 'node:timers/promises';
import ical, { ICalAlarmType, type ICalDayJsStub, ICalEventStatus, ICalEventTransparency } from 'ical-generator';
import { Temporal } from 'temporal-polyfill';
import { tzlib_get_ical_block as rulesOf, tzlib_get_timezones as zonesWithRules } from 'timezones-ical-library';
import { FairTurns } from '../../../lib/fair-turns.js';

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
export const calendarFile = (options: CalendarFileOptions, entries: readonly CalendarEntry[]): string =>
  written(options, zoneOf(options), entries);

/** Writing so many takes some milliseconds. */
const sliceEntries = 25;
/** One long file after the other: the one state of this module, which holds no data. */
const turns = new FairTurns({ atOnce: 1 });

/** The same for any number of entries, with others answered meanwhile, when it is the turn of its `owner`. */
export const longCalendarFile = (
  options: CalendarFileOptions,
  entries: readonly CalendarEntry[],
  owner: number | undefined,
): Promise<string> =>
  turns.take(owner, async () => {
    const zone = zoneOf(options);
    const files: string[] = [];
    for (let at = 0; at < Math.max(1, entries.length); at += sliceEntries) {
      await nextTurn();
      files.push(written(options, zone, entries.slice(at, at + sliceEntries)));
    }
    return joinedFiles(files);
  });

const firstEvent = 'BEGIN:VEVENT\r\n';
const lastEvent = 'END:VEVENT\r\n';

/** One file with the events of all. Texts begin no line, so that these lines are none of theirs. */
function joinedFiles(files: readonly string[]): string {
  if (files.length === 1) return files[0] as string;
  const parts = files.map((file) => {
    const [start, end] = [file.indexOf(firstEvent), file.lastIndexOf(lastEvent) + lastEvent.length];
    return { head: file.slice(0, start), events: file.slice(start, end), tail: file.slice(end) };
  });
  // Only that of a file with a time in the zone has the zone's rules.
  const head = parts.map((part) => part.head).reduce((one, other) => (other.length > one.length ? other : one));
  return head + parts.map(({ events }) => events).join('') + (parts[0]?.tail ?? '');
}

/** The zone that times are written in, and its clock; none where they are written in UTC. */
interface Zone {
  name: string | null;
  clock: (moment: Date) => ClockTime | undefined;
}

const zoneOf = ({ timeZone }: CalendarFileOptions): Zone =>
  timeZone !== 'UTC' && zonesWithRules().includes(timeZone)
    ? { name: timeZone, clock: clockOf(timeZone) }
    : { name: null, clock: () => undefined };

function written(
  { name, host }: CalendarFileOptions,
  { name: zone, clock }: Zone,
  entries: readonly CalendarEntry[],
): string {
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
