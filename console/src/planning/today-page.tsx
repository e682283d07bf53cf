import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight, MapPinned, Navigation, Phone, Sun } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { dayAfter, midnight, today } from '../i18n/days';
import { useFormat } from '../i18n/format';
import { defineWords, useWords } from '../i18n/words';
import { ChecklistCard } from '../interventions/checklist-card';
import { directionsTo } from '../interventions/directions';
import { kindWords, priorityTones, priorityWords, statusTones, statusWords } from '../interventions/labels';
import { CameraButton } from '../interventions/media-card';
import { useMove } from '../interventions/move-intervention';
import { SignatureForm } from '../interventions/signature-card';
import { WorkForm } from '../interventions/work-cards';
import { useMay, useViewer } from '../session/session';
import { Button, FileLink, IconButton, LinkButton } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Badge } from '../ui/notice';
import { Answer, EmptyState, Page } from '../ui/page';
import { Subject } from '../ui/subject';
import { complain, tell } from '../ui/toast';
import { appointmentStatusWords, appointmentTones } from './labels';
import {
  PlannedInterventionsOperation,
  type PlannedInterventionsQuery,
  TodayAppointmentsOperation,
  type TodayAppointmentsQuery,
  type TodayWorkFragment,
  UpdateAppointmentOperation,
  WorkWithoutAppointmentOperation,
} from './operations.gen';
import styles from './planning.module.css';

const words = defineWords(
  'today',
  {
    title: 'My day',
    back: 'The day before',
    on: 'The day after',
    none: 'No appointments on this day',
    noneText: 'Appointments that are yours stand here in their order.',
    toPlanning: 'Open the planning',
    directions: 'Directions',
    call: 'Call',
    start: 'Start work',
    finish: 'Work is done',
    done: 'Appointment is over',
    time: 'Note time',
    sign: 'Signature',
    signedBy: 'Signed by {{name}}',
    checklist: 'Checklist ({{done}}/{{total}})',
    more: 'All about it',
    noAppointment: 'Planned without an appointment',
    plan: 'Make an appointment',
    over: 'The appointment is over.',
  },
  {
    title: 'Ma journée',
    back: 'La veille',
    on: 'Le lendemain',
    none: 'Aucun rendez-vous ce jour',
    noneText: 'Vos rendez-vous apparaissent ici, dans leur ordre.',
    toPlanning: 'Ouvrir le planning',
    directions: 'Itinéraire',
    call: 'Appeler',
    start: 'Commencer',
    finish: 'Travail terminé',
    done: 'Rendez-vous terminé',
    time: 'Noter du temps',
    sign: 'Signature',
    signedBy: 'Signé par {{name}}',
    checklist: 'Contrôles ({{done}}/{{total}})',
    more: 'Tout voir',
    noAppointment: 'Prévue sans rendez-vous',
    plan: 'Prendre rendez-vous',
    over: 'Le rendez-vous est terminé.',
  },
);

type Visit = NonNullable<TodayAppointmentsQuery['appointments']>['nodes'][number];
type Planned = NonNullable<PlannedInterventionsQuery['calendar']>[number];

const route = getRouteApi('/app/today');

/** What the technician does today, in its order, with one hand. */
export function TodayPage() {
  const t = useWords(words);
  const format = useFormat();
  const viewer = useViewer();
  const may = useMay();
  const navigate = useNavigate();
  const { date = today() } = route.useSearch();
  const query = useGraph(
    TodayAppointmentsOperation,
    {
      filter: {
        technicianUserId: viewer.id,
        startsAfter: midnight(date),
        startsBefore: midnight(date, 1),
      },
    },
    { topics: ['appointments', 'interventions', 'clients'] },
  );
  const planned = useGraph(
    PlannedInterventionsOperation,
    { start: midnight(date), end: midnight(date, 1), technician: viewer.uuid },
    { topics: ['appointments', 'interventions', 'clients'] },
  );
  // Whoever is sent somewhere is to see it, whether an appointment was made of it or not.
  const others = (planned.data?.calendar ?? []).filter(
    ({ appointmentId, interventionId }) => !appointmentId && interventionId,
  );
  const work = useGraph(
    WorkWithoutAppointmentOperation,
    { ids: others.map(({ interventionId }) => String(interventionId)) },
    { topics: ['interventions', 'clients'], enabled: others.length > 0 && may('interventions:read') },
  );
  const workOf = (id: unknown) => work.data?.interventions?.nodes.find((each) => each.id === String(id));
  const go = (days: number) => void navigate({ to: '/today', search: { date: dayAfter(date, days) }, replace: true });
  return (
    <Page
      title={t('title')}
      lead={format.date(date, 'full')}
      actions={
        <>
          <IconButton kind="normal" label={t('back')} onPress={() => go(-1)}>
            <ChevronLeft size={20} aria-hidden />
          </IconButton>
          <IconButton kind="normal" label={t('on')} onPress={() => go(1)}>
            <ChevronRight size={20} aria-hidden />
          </IconButton>
        </>
      }
    >
      <Answer of={query}>
        {({ appointments }) => {
          const visits = (appointments?.nodes ?? []).filter(({ status }) => status !== 'CANCELLED');
          if (visits.length === 0 && others.length === 0)
            return (
              <EmptyState
                icon={<Sun size={32} aria-hidden />}
                title={t('none')}
                text={t('noneText')}
                action={<LinkButton to="/planning">{t('toPlanning')}</LinkButton>}
              />
            );
          return (
            <ol className={styles.day}>
              {[...visits, ...others]
                .toSorted((one, other) => Date.parse(one.startsAt) - Date.parse(other.startsAt))
                .map((each) =>
                  'appointmentId' in each ? (
                    <PlannedCard
                      key={each.interventionId}
                      planned={each}
                      intervention={workOf(each.interventionId)}
                      date={date}
                    />
                  ) : (
                    <VisitCard key={each.id} visit={each} />
                  ),
                )}
            </ol>
          );
        }}
      </Answer>
    </Page>
  );
}

interface PlannedCardProps {
  planned: Planned;
  /** Undefined while it is asked for, and for who may not read it. */
  intervention: TodayWorkFragment | undefined;
  date: string;
}

/** An intervention that nobody made an appointment of. */
function PlannedCard({ planned, intervention, date }: PlannedCardProps) {
  const t = useWords(words);
  const kindText = useWords(kindWords);
  const statusText = useWords(statusWords);
  const format = useFormat();
  const may = useMay();
  const nameId = useId();
  const { interventionId, clientName, kind, startsAt, endsAt } = planned;
  const status = intervention?.status ?? planned.interventionStatus;
  return (
    <li className={styles.visit}>
      <div className="row spread">
        <span className={styles.time}>
          {format.time(startsAt)} – {format.time(endsAt)}
        </span>
        {status && <Badge tone={statusTones[status]}>{statusText(status)}</Badge>}
      </div>
      <div>
        <h2 id={nameId}>{clientName}</h2>
        {intervention ? <WorkFacts intervention={intervention} /> : kind && <p>{kindText(kind)}</p>}
        <p className="quiet">{t('noAppointment')}</p>
      </div>
      <Subject value={nameId}>
        <WayThere client={intervention?.client} intervention={intervention} />
        <WorkActions intervention={intervention} name={clientName}>
          {may('appointments:write') && status === 'PLANNED' && (
            <LinkButton to="/planning" search={{ add: String(interventionId), date }}>
              {t('plan')}
            </LinkButton>
          )}
        </WorkActions>
        <LinkButton to="/interventions/$id" params={{ id: String(interventionId) }} kind="quiet">
          {t('more')}
        </LinkButton>
      </Subject>
    </li>
  );
}

function VisitCard({ visit }: { visit: Visit }) {
  const t = useWords(words);
  const statusText = useWords(statusWords);
  const appointmentText = useWords(appointmentStatusWords);
  const format = useFormat();
  const may = useMay();
  const nameId = useId();
  const updating = useAction(UpdateAppointmentOperation, {
    touches: ['appointments', 'interventions'],
    onError: complain,
  });
  const { client, intervention, id, status, version } = visit;
  const finishVisit = async () => {
    const done = await updating.run({ input: { id, status: 'DONE', version } });
    if (done) tell(t('over'), () => updating.run({ input: { id, status } }));
  };
  return (
    <li className={`${styles.visit} ${status === 'DONE' ? styles.over : ''}`}>
      <div className="row spread">
        <span className={styles.time}>
          {format.time(visit.startsAt)} – {format.time(visit.endsAt)}
        </span>
        {intervention ? (
          <Badge tone={statusTones[intervention.status]}>{statusText(intervention.status)}</Badge>
        ) : (
          <Badge tone={appointmentTones[status]}>{appointmentText(status)}</Badge>
        )}
      </div>
      <div>
        <h2 id={nameId}>{client?.name ?? visit.notes}</h2>
        <WorkFacts client={client} intervention={intervention} />
        {visit.notes && client && <p className="quiet">{visit.notes}</p>}
      </div>
      <Subject value={nameId}>
        <WayThere client={client} intervention={intervention} />
        <WorkActions intervention={intervention} name={client?.name}>
          {may('appointments:write') && (status === 'PLANNED' || status === 'CONFIRMED') && (
            <Button isPending={updating.isRunning} onPress={finishVisit}>
              {t('done')}
            </Button>
          )}
        </WorkActions>
        <LinkButton
          {...(intervention
            ? { to: '/interventions/$id' as const, params: { id: String(intervention.id) } }
            : { to: '/planning/$id' as const, params: { id: String(id) } })}
          kind="quiet"
        >
          {t('more')}
        </LinkButton>
      </Subject>
    </li>
  );
}

interface Goal {
  intervention: TodayWorkFragment | null | undefined;
  client?: { address?: string | null; phone?: string | null } | null | undefined;
}

const placeOf = ({ intervention, client }: Goal): string | null | undefined =>
  intervention?.location ?? client?.address ?? intervention?.client?.address;

/** What is to be done, and where. */
function WorkFacts(goal: Goal) {
  const kindText = useWords(kindWords);
  const priorityText = useWords(priorityWords);
  const { intervention } = goal;
  const place = placeOf(goal);
  return (
    <>
      {intervention && (
        <p className="row">
          {kindText(intervention.kind)}
          {(intervention.priority === 'URGENT' || intervention.priority === 'HIGH') && (
            <Badge tone={priorityTones[intervention.priority]}>{priorityText(intervention.priority)}</Badge>
          )}
        </p>
      )}
      {place && (
        <p className="quiet">
          <MapPinned size={15} aria-hidden /> {place}
        </p>
      )}
      {intervention?.description && <p>{intervention.description}</p>}
    </>
  );
}

/** How to get there, and to reach whoever waits there. */
function WayThere(goal: Goal) {
  const t = useWords(words);
  const { intervention, client } = goal;
  return (
    <div className={styles.big}>
      {placeOf(goal) && (
        <FileLink href={directionsTo(intervention ?? { client: client ?? null })} download={false}>
          <Navigation size={18} aria-hidden /> {t('directions')}
        </FileLink>
      )}
      {client?.phone && (
        <FileLink href={`tel:${client.phone.replaceAll(/[^\d+]/g, '')}`} download={false}>
          <Phone size={18} aria-hidden /> {t('call')}
        </FileLink>
      )}
    </div>
  );
}

interface WorkActionsProps {
  intervention: TodayWorkFragment | null | undefined;
  /** Of the client. */
  name: string | null | undefined;
  /** Further buttons. */
  children: ReactNode;
}

/** What one can do at work, as far as one may. */
function WorkActions({ intervention, name, children }: WorkActionsProps) {
  const t = useWords(words);
  const may = useMay();
  const [shown, setShown] = useState<'time' | 'sign' | 'checklist'>();
  const { move, isMoving } = useMove();
  const close = () => setShown(undefined);
  const of = intervention && String(intervention.id);
  const isDone = (item: { isDone: boolean }) => item.isDone;
  return (
    <>
      <div className={styles.big}>
        {intervention && of && may('interventions:write') && intervention.status === 'PLANNED' && (
          <Button kind="primary" isPending={isMoving} onPress={() => move(of, 'IN_PROGRESS', intervention.version)}>
            {t('start')}
          </Button>
        )}
        {intervention && of && may('interventions:write') && intervention.status === 'IN_PROGRESS' && (
          <Button kind="primary" isPending={isMoving} onPress={() => move(of, 'VALIDATED', intervention.version)}>
            {t('finish')}
          </Button>
        )}
        {of && may('media:write') && <CameraButton interventionId={of} />}
        {intervention && may('interventions:write') && (
          <>
            {intervention.checklist.length > 0 && (
              <Button onPress={() => setShown('checklist')}>
                {t('checklist', {
                  done: intervention.checklist.filter(isDone).length,
                  total: intervention.checklist.length,
                })}
              </Button>
            )}
            <Button onPress={() => setShown('time')}>{t('time')}</Button>
            <Button onPress={() => setShown('sign')}>
              {intervention.signedAt ? t('signedBy', { name: intervention.signatoryName ?? '' }) : t('sign')}
            </Button>
          </>
        )}
        {children}
      </div>
      {of && (
        <>
          <Dialog isOpen={shown === 'time'} onClose={close} title={t('time')}>
            <WorkForm interventionId={of} onDone={close} />
          </Dialog>
          <Dialog isOpen={shown === 'sign'} onClose={close} title={t('sign')}>
            <SignatureForm interventionId={of} suggestion={name ?? undefined} onDone={close} />
          </Dialog>
          <Dialog isOpen={shown === 'checklist'} onClose={close} title={name ?? t('title')}>
            <ChecklistCard interventionId={of} items={intervention?.checklist ?? []} mayWrite />
          </Dialog>
        </>
      )}
    </>
  );
}
