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
import type { PlanningView } from './planning-page';

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
  mayAdd: boolean;
  onSpan: (span: Span) => void;
  onAdd: (span: Span) => void;
  onOpen: (id: string) => void;
  /** Resolves to whether it may stand there; it goes back otherwise. */
  onMove: (id: string, to: Span) => Promise<boolean>;
}

const views = { day: 'timeGridDay', week: 'timeGridWeek', month: 'dayGridMonth', agenda: 'listWeek' } as const;
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

const colourOf = (tone: number): string => `var(--${tone ? `chart-${tone}` : 'quiet'})`;

const eventOf = ({ id, title, startsAt, endsAt, tone, look, canMove }: Entry, isInList: boolean): EventInput => ({
  id,
  title,
  start: startsAt,
  end: endsAt,
  editable: canMove,
  className: `entry entry-${look} tone-${tone}`,
  // In a list it is the colour of a dot, otherwise the ground of text.
  color: isInList ? colourOf(tone) : `color-mix(in srgb, ${colourOf(tone)} 20%, var(--card))`,
  contrastColor: 'var(--text)',
});

export function Calendar({ label, view, date, entries, mayAdd, onSpan, onAdd, onOpen, onMove }: CalendarProps) {
  const { i18n } = useTranslation();
  const calendar = useRef<CalendarRef>(null);
  useEffect(() => {
    // The calendar draws at once, which React forbids within an effect of its own drawing.
    queueMicrotask(() => calendar.current?.getApi().changeView(views[view], date));
  }, [view, date]);
  const move = async ({ event, revert }: { event: EventApi; revert: () => void }) => {
    const { start, end } = event;
    if (!start || !end) return revert();
    if (!(await onMove(event.id, { startsAt: start.toISOString(), endsAt: end.toISOString() }))) revert();
  };
  return (
    <section aria-label={label} className={`planning-calendar planning-${view}`}>
      <FullCalendar
        ref={calendar}
        plugins={plugins}
        locales={locales}
        locale={i18n.language === 'fr' ? 'fr' : 'en-gb'}
        initialView={views[view]}
        initialDate={date}
        headerToolbar={false}
        allDaySlot={false}
        // The page scrolls, not a part of it: the keyboard reaches that by itself.
        height="auto"
        {...hoursOf(entries)}
        nowIndicator
        eventTimeFormat={time}
        slotHeaderFormat={time}
        slotDuration="00:30:00"
        snapDuration="00:15:00"
        dayMaxEvents={4}
        eventDisplay="block"
        eventMinHeight={24}
        eventInteractive
        eventResizableFromStart
        longPressDelay={350}
        selectable={mayAdd}
        selectMirror
        events={entries.map((entry) => eventOf(entry, view === 'agenda'))}
        datesSet={({ start, end }) => onSpan({ startsAt: start.toISOString(), endsAt: end.toISOString() })}
        select={({ start, end, allDay }) => {
          onAdd(spanOf(start, end, allDay));
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
