import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight, Plus, Rss } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useAction, useGraph, useGraphList } from '../graph/use-graph';
import { dayOf, today } from '../i18n/days';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { kindWords } from '../interventions/labels';
import { UpdateInterventionOperation } from '../interventions/operations.gen';
import { usePeople } from '../interventions/technician-field';
import { useMay } from '../session/session';
import { Button, IconButton, LinkButton } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { DateField } from '../ui/date-field';
import { Dialog } from '../ui/dialog';
import { Failure, Loading, Page } from '../ui/page';
import { complain, tell } from '../ui/toast';
import { type AppointmentDraft, AppointmentForm } from './appointment-form';
import type { Entry, Span } from './calendar';
import { useDeleteAppointment } from './delete-appointment';
import { FeedsDialog } from './feeds-dialog';
import { Legend } from './legend';
import { isNarrow } from './narrow';
import {
  type AppointmentFactsFragment,
  AppointmentListOperation,
  PlannableInterventionOperation,
  PlannedInterventionsOperation,
  UpdateAppointmentOperation,
} from './operations.gen';
import { planningViews } from './routes';
import { words } from './words';
import styles from './planning.module.css';
import '../interventions/views.css';

export type PlanningView = (typeof planningViews)[number];

const Calendar = lazy(() => import('./calendar').then((module) => ({ default: module.Calendar })));
/** How the id of an entry begins that is an intervention without an appointment. */
const ofIntervention = 'intervention ';
const route = getRouteApi('/app/planning');
const empty = { nodes: [], pageInfo: { hasNextPage: false }, totalCount: 0 };

/** The same day so many days, or months, later. */
function stepped(date: string, view: PlanningView, way: 1 | -1): string {
  const day = new Date(`${date}T12:00:00`);
  if (view === 'month') day.setMonth(day.getMonth() + way, 1);
  else day.setDate(day.getDate() + way * (view === 'day' || view === 'team' ? 1 : 7));
  return dayOf(day);
}

export function PlanningPage() {
  const t = useWords(words);
  const may = useMay();
  const mayWrite = may('appointments:write');
  const navigate = useNavigate();
  const search = route.useSearch();
  const { view = isNarrow() ? 'agenda' : 'week', date = today(), who, add } = search;
  const show = (change: Partial<typeof search>) =>
    void navigate({ to: '/planning', search: { ...search, ...change }, replace: true });
  const [span, setSpan] = useState<Span>();
  const [draft, setDraft] = useState<AppointmentDraft>();
  const [opened, setOpened] = useState<string>();
  const [areFeedsOpen, setFeedsOpen] = useState(false);
  const { entries, columns, goers, appointments, query } = useEntries(span, who);
  const [isFirst, setFirst] = useState(true);
  if (isFirst && (query.data !== undefined || query.error)) setFirst(false);
  const moveAppointment = useMoveAppointment(appointments);
  const moveIntervention = useMoveIntervention(entries);
  const move = (id: string, to: Span, technician?: string): Promise<boolean> =>
    id.startsWith(ofIntervention) ? moveIntervention(id, to, technician) : moveAppointment(id, to, technician);
  const { remove } = useDeleteAppointment();
  const edited = appointments.find(({ id }) => String(id) === opened);

  const open = (id: string) => {
    if (id.startsWith(ofIntervention))
      void navigate({ to: '/interventions/$id', params: { id: id.slice(ofIntervention.length) } });
    else if (mayWrite) setOpened(id);
    else void navigate({ to: '/planning/$id', params: { id } });
  };
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <>
          {mayWrite && (
            <Button kind="primary" onPress={() => show({ add: 'new' })}>
              <Plus size={18} aria-hidden /> {t('add')}
            </Button>
          )}
          <Button onPress={() => setFeedsOpen(true)}>
            <Rss size={18} aria-hidden /> {t('feeds')}
          </Button>
        </>
      }
    >
      <Toolbar view={view} date={date} who={who} show={show} />
      {/* Nothing while it loads: the calendar stands there already, and would be pushed down. */}
      {query.error && <Failure error={query.error} retry={query.refetch} />}
      <Suspense fallback={<Loading />}>
        <div className={isFirst ? `${styles.board} ${styles.waiting}` : styles.board}>
          <Calendar
            label={t('calendar')}
            view={view}
            date={date}
            entries={entries}
            columns={columns}
            mayAdd={mayWrite}
            onSpan={setSpan}
            onAdd={(at, technician) => setDraft({ ...at, technician: technician || who || null })}
            onOpen={open}
            onDay={(day) => show({ view: 'day', date: day })}
            onMove={move}
          />
          <Legend goers={goers} looks={new Set(entries.map(({ look }) => look))} />
        </div>
      </Suspense>
      <Dialog isOpen={draft !== undefined} onClose={() => setDraft(undefined)} title={t('add')}>
        {draft && <AppointmentForm draft={draft} onDone={() => setDraft(undefined)} />}
      </Dialog>
      <Dialog isOpen={add !== undefined && mayWrite} onClose={() => show({ add: undefined })} title={t('add')}>
        <NewAppointment add={add ?? ''} date={date} who={who} onDone={() => show({ add: undefined })} />
      </Dialog>
      <Dialog
        isOpen={edited !== undefined}
        onClose={() => setOpened(undefined)}
        title={edited?.client?.name ?? t('edit')}
      >
        {edited && (
          <div className="stack">
            <div className="row">
              <LinkButton to="/planning/$id" params={{ id: String(edited.id) }} size="small">
                {t('appointment')}
              </LinkButton>
              <Button
                size="small"
                onPress={async () => {
                  if (await remove(edited)) setOpened(undefined);
                }}
              >
                {t('remove')}
              </Button>
            </div>
            <AppointmentForm appointment={edited} onDone={() => setOpened(undefined)} />
          </div>
        )}
      </Dialog>
      <FeedsDialog isOpen={areFeedsOpen} onClose={() => setFeedsOpen(false)} />
    </Page>
  );
}

interface ToolbarProps {
  view: PlanningView;
  date: string;
  who: string | undefined;
  show: (change: { view?: PlanningView | undefined; date?: string | undefined; who?: string | undefined }) => void;
}

function Toolbar({ view, date, who, show }: ToolbarProps) {
  const t = useWords(words);
  const people = usePeople();
  return (
    <div className={styles.toolbar}>
      <div className="row">
        <IconButton kind="normal" label={t('back')} onPress={() => show({ date: stepped(date, view, -1) })}>
          <ChevronLeft size={18} aria-hidden />
        </IconButton>
        <Button onPress={() => show({ date: undefined })}>{t('today')}</Button>
        <IconButton kind="normal" label={t('on')} onPress={() => show({ date: stepped(date, view, 1) })}>
          <ChevronRight size={18} aria-hidden />
        </IconButton>
      </div>
      <DateField label={t('toDay')} value={date} onChange={(day) => day && show({ date: day })} />
      <Select
        label={t('technician')}
        value={who ?? 'all'}
        choices={[
          { id: 'all', label: t('everybody') },
          ...people.map(({ username, fullName }) => ({ id: username, label: fullName })),
        ]}
        onChange={(value) => show({ who: value === 'all' ? undefined : (value ?? undefined) })}
      />
      <ToggleButtonGroup
        aria-label={t('view')}
        className="view-choice"
        selectedKeys={[view]}
        disallowEmptySelection
        onSelectionChange={(keys) => show({ view: planningViews.find((each) => keys.has(each)) })}
      >
        {planningViews.map((id) => (
          <ToggleButton key={id} id={id} className="view-button">
            {t(id)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  );
}

/** What stands in the calendar within a span: appointments, and planned interventions that have none. */
function useEntries(span: Span | undefined, who: string | undefined) {
  const t = useWords(words);
  const kindText = useWords(kindWords);
  const may = useMay();
  const mayWrite = may('appointments:write');
  const people = usePeople();
  const person = people.find(({ username }) => username === who);
  const start = span?.startsAt ?? '';
  const end = span?.endsAt ?? '';
  const list = useGraphList(
    AppointmentListOperation,
    {
      filter: {
        // One that began the day before may still go on.
        startsAfter: start && new Date(Date.parse(start) - 86_400_000).toISOString(),
        startsBefore: end,
        ...(who !== undefined && (person ? { technicianUserId: person.id } : { technician: who })),
      },
    },
    {
      topics: ['appointments', 'clients', 'interventions'],
      enabled: span !== undefined,
      connectionOf: ({ appointments }) => appointments ?? empty,
    },
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const planned = useGraph(
    PlannedInterventionsOperation,
    { start, end, technician: person?.uuid ?? who ?? null },
    { topics: ['appointments', 'interventions'], enabled: span !== undefined },
  );
  const appointments = list.nodes;
  const goers = [...new Set(appointments.map((each) => nameOf(each)).filter(Boolean))].sort();
  const toneOf = (name: string): number => (name ? (goers.indexOf(name) % 6) + 1 : 0);
  const entries: Entry[] = [
    ...appointments.map((each): Entry => {
      const name = nameOf(each);
      const isOver = each.status === 'DONE' || each.status === 'CANCELLED';
      return {
        id: String(each.id),
        title: [each.client?.name ?? each.notes, name].filter(Boolean).join(' · '),
        startsAt: each.startsAt,
        endsAt: each.endsAt,
        tone: toneOf(name),
        look: each.status === 'CANCELLED' ? 'over' : each.status === 'PLANNED' ? 'open' : 'firm',
        canMove: mayWrite && !isOver,
        technician: technicianOf(each),
      };
    }),
    ...(planned.data?.calendar ?? [])
      .filter(({ appointmentId, interventionId }) => !appointmentId && interventionId)
      .map(({ interventionId, interventionStatus, clientName, kind, startsAt, endsAt, technician }): Entry => {
        const what = [kind && kindText(kind), clientName, t('unplanned')];
        return {
          id: `${ofIntervention}${interventionId}`,
          title: what.filter(Boolean).join(' · '),
          startsAt,
          endsAt,
          tone: 0,
          look: 'unplanned',
          canMove: may('interventions:write') && interventionStatus === 'PLANNED',
          technician: people.find(({ fullName }) => fullName === technician)?.username ?? technician ?? '',
        };
      }),
  ];
  const technicians = [...new Set(entries.map(({ technician }) => technician))];
  const columns = technicians
    .map((technician) => ({
      technician,
      name: people.find(({ username }) => username === technician)?.fullName ?? (technician || t('nobody')),
    }))
    .toSorted((one, other) => one.name.localeCompare(other.name));
  const isLeftOpen = entries.some(({ tone, look }) => tone === 0 && look !== 'unplanned');
  const named = [
    ...goers.map((name) => ({ name, tone: toneOf(name) })),
    ...(isLeftOpen ? [{ name: t('nobody'), tone: 0 }] : []),
  ];
  return { entries, columns, goers: named, appointments, query: { ...list, data: list.first } };
}

const nameOf = ({ technicianUser, technician }: AppointmentFactsFragment): string =>
  technicianUser?.fullName ?? technician ?? '';

const technicianOf = ({ technicianUser, technician }: AppointmentFactsFragment): string =>
  technicianUser?.username ?? technician ?? '';

/** Moves an appointment where it was dropped; the server says why when it may not stand there. */
function useMoveAppointment(appointments: readonly AppointmentFactsFragment[]) {
  const t = useWords(words);
  const format = useFormat();
  const action = useAction(UpdateAppointmentOperation, {
    touches: ['appointments', 'interventions'],
    onError: complain,
  });
  return async (id: string, to: Span, technician?: string): Promise<boolean> => {
    const before = appointments.find((each) => String(each.id) === id);
    if (!before) return false;
    const { startsAt, endsAt, version } = before;
    const goes = technician !== undefined && technician !== technicianOf(before);
    const done = await action.run({ input: { id, ...to, version, ...(goes && { technician: technician || null }) } });
    if (!done) return false;
    const back = { startsAt, endsAt, ...(goes && { technician: technicianOf(before) || null }) };
    tell(t('moved', { when: format.dateTime(to.startsAt) }), () => action.run({ input: { id, ...back } }));
    return true;
  };
}

/** Moves an intervention that has no appointment: its own time is what stands in the calendar. */
function useMoveIntervention(entries: readonly Entry[]) {
  const t = useWords(words);
  const format = useFormat();
  const action = useAction(UpdateInterventionOperation, {
    touches: ['appointments', 'interventions'],
    onError: complain,
  });
  return async (entryId: string, to: Span, technician?: string): Promise<boolean> => {
    const before = entries.find(({ id }) => id === entryId);
    if (!before) return false;
    const id = entryId.slice(ofIntervention.length);
    const goes = technician !== undefined && technician !== before.technician;
    const changed = (span: Span, who: string) => ({
      id,
      scheduledAt: span.startsAt,
      ...(minutesOf(to) !== minutesOf(before) && { estimatedMinutes: minutesOf(span) }),
      ...(goes && { technician: who || null }),
    });
    const done = await action.run({ input: changed(to, technician ?? '') });
    if (!done) return false;
    tell(t('moved', { when: format.dateTime(to.startsAt) }), () =>
      action.run({ input: changed(before, before.technician) }),
    );
    return true;
  };
}

const minutesOf = ({ startsAt, endsAt }: Span): number =>
  Math.round((Date.parse(endsAt) - Date.parse(startsAt)) / 60_000);

interface NewAppointmentProps {
  /** UUID of an intervention, or `new`. */
  add: string;
  date: string;
  who: string | undefined;
  onDone: () => void;
}

/** The form for a new appointment, filled from the intervention that it is for. */
function NewAppointment({ add, date, who, onDone }: NewAppointmentProps) {
  const isFor = add !== 'new' && add !== '';
  const query = useGraph(PlannableInterventionOperation, { id: add }, { topics: ['interventions'], enabled: isFor });
  if (isFor && query.isPending) return <Loading />;
  const of = isFor ? query.data?.intervention : null;
  const startsAt = of?.scheduledAt ?? new Date(`${date}T09:00:00`).toISOString();
  const minutes = of?.estimatedMinutes ?? 60;
  return (
    <AppointmentForm
      draft={{
        startsAt,
        endsAt: new Date(Date.parse(startsAt) + minutes * 60_000).toISOString(),
        technician: of?.technicianUser?.username ?? of?.technician ?? who ?? null,
        ...(of && { clientId: String(of.clientId), interventionId: String(of.id) }),
      }}
      onDone={onDone}
    />
  );
}
