import '@fullcalendar/react/skeleton.css';
import '@fullcalendar/react/themes/classic/theme.css';
import './calendar.css';
import FullCalendar, { type CalendarRef, type EventApi, type EventInput } from '@fullcalendar/react';
import dayGrid from '@fullcalendar/react/daygrid';
import interaction from '@fullcalendar/react/interaction';
import list from '@fullcalendar/react/list';
import english from '@fullcalendar/react/locales/en-gb';
import french from '@fullcalendar/react/locales/fr';
import classicTheme from '@fullcalendar/react/themes/classic';
import timeGrid from '@fullcalendar/react/timegrid';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { dayOf } from '../i18n/days';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { isNarrow } from './narrow';
import type { PlanningView } from './planning-page';
import { type Column, drawnAt, meantBy } from './team-columns';
import { words } from './words';

/** What stands in the calendar. */
export interface Entry {
  id: string;
  title: string;
  startsAt: string;
  endsAt: string;
  /** Number of the colour of whoever goes there, from 1 to 6; 0: nobody. */
  tone: number;
  look: 'firm' | 'open' | 'over' | 'unplanned';
  canMove: boolean;
  /** Who goes there, as the appointment has it; empty: nobody. */
  technician: string;
}

export interface Span {
  startsAt: string;
  endsAt: string;
}

interface CalendarProps {
  label: string;
  view: PlanningView;
  /** A day that is shown: `2026-03-01`. */
  date: string;
  entries: readonly Entry[];
  /** Of the team's day. */
  columns: readonly Column[];
  mayAdd: boolean;
  onSpan: (span: Span) => void;
  /** In the team's day with whoever's column it is. */
  onAdd: (span: Span, technician?: string) => void;
  onOpen: (id: string) => void;
  /** A day of a month for whose entries there is no room. */
  onDay: (date: string) => void;
  /** Resolves to whether it may stand there; it goes back otherwise. `technician`: of another column. */
  onMove: (id: string, to: Span, technician?: string) => Promise<boolean>;
}

const views = {
  day: 'timeGridDay',
  team: 'team',
  week: 'timeGridWeek',
  month: 'dayGridMonth',
  agenda: 'listWeek',
} as const;
const plugins = [dayGrid, timeGrid, list, interaction, classicTheme];
const locales = [english, french];
const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** An hour, for a day of the month that was clicked. */
function spanOf(start: Date, end: Date, isAllDay: boolean): Span {
  if (!isAllDay) return { startsAt: start.toISOString(), endsAt: end.toISOString() };
  const at = new Date(start);
  at.setHours(9, 0, 0, 0);
  return { startsAt: at.toISOString(), endsAt: new Date(at.valueOf() + 3_600_000).toISOString() };
}

/** The hours that are drawn: of a working day, and those in which something stands. */
function hoursOf(entries: readonly Entry[]): { slotMinTime: string; slotMaxTime: string } {
  let [first, last] = [7, 20];
  for (const { startsAt, endsAt } of entries) {
    const [start, end] = [new Date(startsAt), new Date(endsAt)];
    const isWithinDay = start.toDateString() === new Date(end.valueOf() - 1).toDateString();
    first = Math.min(first, isWithinDay ? start.getHours() : 0);
    last = Math.max(
      last,
      isWithinDay ? start.getHours() + Math.ceil((end.valueOf() - start.valueOf()) / 3_600_000) : 24,
    );
  }
  return { slotMinTime: `${first}:00:00`, slotMaxTime: `${Math.min(last + 1, 24)}:00:00` };
}

/** The week before a day and after it: whoever goes somewhere in it has a column. */
function around(day: string): Span {
  const at = (days: number): string => {
    const moment = new Date(`${day}T00:00:00`);
    moment.setDate(moment.getDate() + days);
    return moment.toISOString();
  };
  return { startsAt: at(-6), endsAt: at(8) };
}

const colourOf = (tone: number): string => `var(--${tone ? `chart-${tone}` : 'quiet'})`;

const eventOf = (
  { id, title, startsAt, endsAt, tone, look, canMove }: Entry,
  isInList: boolean,
  drawn: { start: string; end: string } = { start: startsAt, end: endsAt },
): EventInput => ({
  id,
  title,
  ...drawn,
  editable: canMove,
  className: `entry entry-${look} tone-${tone}`,
  // In a list it is the colour of a dot, otherwise the ground of text.
  color: isInList ? colourOf(tone) : `color-mix(in srgb, ${colourOf(tone)} 20%, var(--card))`,
  contrastColor: 'var(--text)',
});

/** Whether somebody would be at two places at once; the server knows more, such as how long the way takes. */
const collides = (id: string, technician: string, span: Span, entries: readonly Entry[]): boolean =>
  technician !== '' &&
  entries.some(
    (each) =>
      each.id !== id &&
      each.technician === technician &&
      (each.look === 'firm' || each.look === 'open') &&
      Date.parse(each.startsAt) < Date.parse(span.endsAt) &&
      Date.parse(each.endsAt) > Date.parse(span.startsAt),
  );

export function Calendar({
  label,
  view,
  date,
  entries,
  columns,
  mayAdd,
  onSpan,
  onAdd,
  onOpen,
  onDay,
  onMove,
}: CalendarProps) {
  const { i18n } = useTranslation();
  const t = useWords(words);
  const format = useFormat();
  const calendar = useRef<CalendarRef>(null);
  const isTeam = view === 'team';
  useEffect(() => {
    // The calendar draws at once, which React forbids within an effect of its own drawing.
    queueMicrotask(() => calendar.current?.getApi().changeView(views[view], date));
  }, [view, date]);
  /** What a place in the calendar means; `technician` only in the team's day. */
  const placeOf = (at: { start: Date; end: Date }): { span: Span; technician?: string } => {
    if (!isTeam) return { span: { startsAt: at.start.toISOString(), endsAt: at.end.toISOString() } };
    const { span, column } = meantBy(at, date);
    return { span, technician: columns[column]?.technician ?? '' };
  };
  const mayStand = (at: { start: Date; end: Date }, event: EventApi | null): boolean => {
    const entry = entries.find(({ id }) => id === event?.id);
    if (!entry) return true;
    const { span, technician = entry.technician } = placeOf(at);
    return !collides(entry.id, technician, span, entries);
  };
  const move = async ({ event, revert }: { event: EventApi; revert: () => void }) => {
    const { start, end } = event;
    if (!start || !end) return revert();
    const { span, technician } = placeOf({ start, end });
    if (!(await onMove(event.id, span, technician))) revert();
  };
  const nameAt = (of: Date): string => columns[meantBy({ start: of, end: of }, date).column]?.name ?? '';
  const shown = isTeam
    ? entries
        .filter(({ startsAt }) => dayOf(new Date(startsAt)) === date)
        .map((entry) => {
          const column = columns.findIndex(({ technician }) => technician === entry.technician);
          return eventOf(entry, false, drawnAt(entry, column));
        })
    : entries.map((entry) => eventOf(entry, view === 'agenda'));
  return (
    <section aria-label={label} className={`planning-calendar planning-${view}`}>
      <FullCalendar
        // The team's day counts in UTC, and has as many columns as people.
        key={isTeam ? `team ${columns.length}` : 'days'}
        ref={calendar}
        timeZone={isTeam ? 'UTC' : 'local'}
        views={{ team: { type: 'timeGrid', duration: { days: Math.max(columns.length, 1) } } }}
        {...(isTeam && { dayHeaderContent: ({ date: of }: { date: Date }) => nameAt(of) })}
        plugins={plugins}
        locales={locales}
        locale={i18n.language === 'fr' ? 'fr' : 'en-gb'}
        // Its own French lacks these, which are read out.
        timedText={t('timed')}
        eventsHint={t('appointments')}
        closeHint={t('close')}
        moreLinkHint={(count: number) => t('showMore', { count })}
        initialView={views[view]}
        initialDate={date}
        headerToolbar={false}
        allDaySlot={false}
        // The page scrolls, not a part of it: the keyboard reaches that by itself.
        height="auto"
        {...hoursOf(isTeam ? entries.filter(({ startsAt }) => dayOf(new Date(startsAt)) === date) : entries)}
        nowIndicator={!isTeam}
        eventTimeFormat={time}
        slotHeaderFormat={time}
        slotDuration="00:30:00"
        snapDuration="00:15:00"
        // On a phone a day of the month has room for a number alone, which leads to the day.
        dayMaxEvents={isNarrow() ? 0 : 4}
        {...(isNarrow() && {
          ...(view === 'month' && { moreLinkClass: 'day-count' }),
          moreLinkContent: ({ num }: { num: number }) => (
            <>
              <span aria-hidden>{num}</span>
              <span className="visually-hidden">{t('onDay', { total: num })}</span>
            </>
          ),
          // Its cell knows which day it is, and says so to nobody.
          moreLinkDidMount: ({ el }: { el: HTMLElement }) => {
            const day = el.closest<HTMLElement>('[data-date]')?.dataset['date'];
            if (day !== undefined) el.setAttribute('aria-description', format.date(day, 'full'));
          },
          moreLinkClick: ({ date: of }: { date: Date }) => onDay(dayOf(of)),
        })}
        eventDisplay="block"
        // Side by side: one over another would cover its text.
        slotEventOverlap={false}
        // Narrower than a third of a day nothing can be read: the others are behind their number.
        {...(view === 'week' && { eventMaxStack: isNarrow() ? 2 : 3, columnMoreLinkClass: 'count-beside' })}
        // What has no room is read where one points at; a reader of the screen hears it anyway.
        eventMouseEnter={({ el }) => {
          el.title = el.innerText.replaceAll(/\s+/g, ' ').trim();
        }}
        eventMinHeight={24}
        eventInteractive
        eventResizableFromStart
        longPressDelay={350}
        selectable={mayAdd}
        selectMirror
        eventAllow={mayStand}
        events={shown}
        datesSet={({ start, end }) => onSpan(isTeam ? around(date) : spanOf(start, end, false))}
        select={({ start, end, allDay }) => {
          const { span, technician } = placeOf({ start, end });
          onAdd(allDay ? spanOf(start, end, true) : span, technician);
          calendar.current?.getApi().unselect();
        }}
        eventClick={({ event, jsEvent }) => {
          jsEvent.preventDefault();
          onOpen(event.id);
        }}
        eventDrop={(info) => void move(info)}
        eventResize={(info) => void move(info)}
      />
    </section>
  );
}
