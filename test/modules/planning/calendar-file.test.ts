import fc from 'fast-check';
import ICAL from 'ical.js';
import { expect, test } from 'vitest';
import {
  type CalendarEntry,
  calendarFile,
  longCalendarFile,
} from '../../../src/modules/planning/calendar/calendar-file.js';

const options = { name: 'Planning', host: 'erp.example.com', timeZone: 'Europe/Paris' };

const entry = (fields: Partial<CalendarEntry> = {}): CalendarEntry => ({
  id: '6f1c9f5e-0000-4000-8000-000000000001',
  sequence: 0,
  status: 'TENTATIVE',
  startsAt: new Date('2026-03-30T07:00:00Z'),
  endsAt: new Date('2026-03-30T08:30:00Z'),
  summary: 'Dupont - RDV',
  createdAt: new Date('2026-03-01T10:00:00Z'),
  updatedAt: new Date('2026-03-02T10:00:00.789Z'),
  ...fields,
});

/** The events of a file as ical.js reads them, which knows zones by the file's own VTIMEZONE only. */
function eventsOf(file: string): InstanceType<typeof ICAL.Event>[] {
  ICAL.TimezoneService.reset();
  const calendar = new ICAL.Component(ICAL.parse(file));
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  return calendar.getAllSubcomponents('vevent').map((event) => new ICAL.Event(event));
}

const written = (file: string, name: string): string[] =>
  file
    .replaceAll('\r\n ', '')
    .split('\r\n')
    .filter((line) => line.startsWith(name));

test.each([
  ['2026-03-28T08:00:00Z', '20260328T090000', 'the day before the clocks go forward'],
  ['2026-03-30T07:00:00Z', '20260330T090000', 'the day after they went forward'],
  ['2026-10-26T08:00:00Z', '20261026T090000', 'the day after they went back'],
])('%s is %s in Paris: %s', (moment, local) => {
  const startsAt = new Date(moment);
  const file = calendarFile(options, [entry({ startsAt, endsAt: new Date(startsAt.getTime() + 3_600_000) })]);
  expect(written(file, 'DTSTART')).toContain(`DTSTART;TZID=Europe/Paris:${local}`);
  expect(file).toContain('BEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\n');
  const [event] = eventsOf(file);
  expect(event?.startDate.zone?.tzid).toBe('Europe/Paris');
  expect(event?.startDate.toJSDate()).toEqual(startsAt);
  expect(event?.duration.toSeconds()).toBe(3600);
});

test.each(['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'])('%s, in the hour that comes twice, is itself', (moment) => {
  const startsAt = new Date(moment);
  const file = calendarFile(options, [entry({ startsAt, endsAt: new Date(startsAt.getTime() + 5_400_000) })]);
  const [event] = eventsOf(file);
  expect(event?.startDate.toJSDate()).toEqual(startsAt);
  expect(event?.duration.toSeconds()).toBe(5400);
});

test.each(['Etc/Nowhere', 'UTC'])('%s, a zone without rules, is written in UTC, never floating', (timeZone) => {
  const file = calendarFile({ ...options, timeZone }, [entry()]);
  expect(written(file, 'DT')).toEqual([
    'DTSTAMP:20260302T100000Z',
    'DTSTART:20260330T070000Z',
    'DTEND:20260330T083000Z',
  ]);
  expect(file).not.toContain('VTIMEZONE');
});

test('what identifies and dates an entry, its state, and its alarm', () => {
  const file = calendarFile(options, [
    entry({ sequence: 3, status: 'CONFIRMED', reminderHours: 24, category: 'détection', location: '1, rue du Bac' }),
    entry({ id: '6f1c9f5e-0000-4000-8000-000000000002', status: 'CANCELLED', reminderHours: 24 }),
  ]);
  const [confirmed, cancelled] = eventsOf(file);
  expect(confirmed).toMatchObject({
    uid: '6f1c9f5e-0000-4000-8000-000000000001@erp.example.com',
    sequence: 3,
    location: '1, rue du Bac',
  });
  const first = (name: string, of = confirmed) => of?.component.getFirstPropertyValue(name)?.toString();
  expect(first('status')).toBe('CONFIRMED');
  expect(first('categories')).toBe('détection');
  expect(first('dtstamp')).toBe('2026-03-02T10:00:00Z');
  expect(first('last-modified')).toBe('2026-03-02T10:00:00Z');
  expect(first('created')).toBe('2026-03-01T10:00:00Z');
  const [alarm] = confirmed?.component.getAllSubcomponents('valarm') ?? [];
  expect(alarm?.getFirstPropertyValue('trigger')?.toString()).toBe('-P1D');
  expect(first('status', cancelled)).toBe('CANCELLED');
  expect(first('transp', cancelled)).toBe('TRANSPARENT');
  expect(cancelled?.component.getAllSubcomponents('valarm')).toEqual([]);
});

test('separators, line breaks and backslashes come back as they were', () => {
  const text = 'Dupont, fuite; ét. 2\nC:\\new';
  const file = calendarFile(options, [entry({ summary: text, location: text, description: text })]);
  expect(written(file, 'DESCRIPTION')).toEqual([String.raw`DESCRIPTION:Dupont\, fuite\; ét. 2\nC:\\new`]);
  const [event] = eventsOf(file);
  expect(event).toMatchObject({ summary: text, location: text, description: text });
});

test('a name of the calendar adds no line of its own', () => {
  const file = calendarFile({ ...options, name: 'Léa, Paris\r\nX-EVIL:1' }, []);
  expect(written(file, 'NAME')).toEqual([String.raw`NAME:Léa\, Paris X-EVIL:1`]);
  expect(written(file, 'X-')).toEqual([
    String.raw`X-WR-CALNAME:Léa\, Paris X-EVIL:1`,
    'X-PUBLISHED-TTL:PT1H',
    'X-WR-TIMEZONE:Europe/Paris',
  ]);
});

test('whatever is written in a visit is read again, in lines of 75 octets that cut no character', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'a,;\\n:"é€𝄞\r\n\t\0\x7f ') }),
  );
  const readable = (from: string) => from.replace(/[^\P{Cc}\t\n\r]/gu, '').replace(/\r\n?/g, '\n');
  fc.assert(
    fc.property(text, text, text, (summary, location, description) => {
      const file = calendarFile(options, [entry({ summary, location, description })]);
      const lines = Buffer.from(file).toString('latin1').split('\r\n');
      for (const line of lines) {
        expect(line.length).toBeLessThanOrEqual(75);
        const octets = Buffer.from(line, 'latin1');
        expect(Buffer.from(octets.toString('utf8'))).toEqual(octets);
        // oxlint-disable-next-line no-control-regex
        expect(line).not.toMatch(/[\0-\x08\n-\x1f\x7f]/);
      }
      expect(lines.at(-1)).toBe('');
      const [event] = eventsOf(file);
      expect(event?.summary ?? '').toBe(readable(summary));
      expect(event?.location ?? '').toBe(readable(location));
      expect(event?.description ?? '').toBe(readable(description));
    }),
  );
});

test('a long file is the same as if it were written at once, and others are answered meanwhile', async () => {
  // The clock of Paris shows 02:30 twice on that night, so that the first hundred are written in UTC.
  const [twice, once] = [new Date('2026-10-25T00:30:00Z'), new Date('2026-03-30T07:00:00Z')];
  const entries = Array.from({ length: 1_050 }, (_, n) => {
    const startsAt = n < 100 ? twice : once;
    return entry({
      id: `entry-${n}`,
      startsAt,
      endsAt: new Date(startsAt.getTime() + 5_400_000),
      summary: `BEGIN:VEVENT\r\n${n}\r\nEND:VEVENT\r\n`,
    });
  });
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 0);
  const long = await longCalendarFile(options, entries, 1);
  clearInterval(timer);
  expect(long).toBe(calendarFile(options, entries));
  expect(turns).toBeGreaterThan(5);
  for (const few of [[], entries.slice(0, 1)])
    expect(await longCalendarFile(options, few, 1)).toBe(calendarFile(options, few));
});
