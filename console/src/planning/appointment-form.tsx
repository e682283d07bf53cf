import { useState } from 'react';
import { ClientField } from '../clients/client-field';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { kindWords } from '../interventions/labels';
import { InterventionListOperation } from '../interventions/operations.gen';
import { TechnicianField } from '../interventions/technician-field';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { DateTimeField } from '../ui/date-field';
import { Form, TextField } from '../ui/form';
import { numberOf, textOf } from '../ui/form-values';
import { NumberField } from '../ui/number-field';
import { StaleSave } from '../ui/stale-save';
import { tell } from '../ui/toast';
import { appointmentStatuses, appointmentStatusWords } from './labels';
import {
  type AppointmentFactsFragment,
  type AppointmentStatus,
  CreateAppointmentOperation,
  UpdateAppointmentOperation,
} from './operations.gen';
import { SlotNotice } from './slot-check';
import { words } from './words';

/** What a new appointment begins with. */
export interface AppointmentDraft {
  startsAt: string;
  endsAt: string;
  clientId?: string;
  interventionId?: string;
  technician?: string | null;
}

interface AppointmentFormProps {
  /** Absent: a new one is made. */
  appointment?: AppointmentFactsFragment;
  draft?: AppointmentDraft;
  onDone: () => void;
}

const names = ['clientId', 'interventionId', 'technician', 'startsAt', 'endsAt', 'status', 'notes', 'reminderHours'];

interface Filled {
  interventionId: string | null;
  technician: string | null;
  startsAt: string;
  endsAt: string;
  status: AppointmentStatus;
  notes: string | null;
  reminderHours: number | null;
}

/** An appointment as fields; whether its time is free is said while one changes it. */
export function AppointmentForm({ appointment, draft, onDone }: AppointmentFormProps) {
  const t = useWords(words);
  const statusText = useWords(appointmentStatusWords);
  const format = useFormat();
  const begin = appointment ?? draft;
  const knownTechnician = appointment?.technicianUser?.username ?? appointment?.technician ?? draft?.technician ?? null;
  // The version that the fields began with, whatever comes meanwhile.
  const [version] = useState(appointment?.version);
  const [startsAt, setStartsAt] = useState(begin?.startsAt ?? null);
  const [endsAt, setEndsAt] = useState(begin?.endsAt ?? null);
  const [technician, setTechnician] = useState(knownTechnician);
  const [clientId, setClientId] = useState(begin?.clientId ? String(begin.clientId) : null);
  const [filled, setFilled] = useState<Filled>();
  const touching = { touches: ['appointments', 'interventions', 'clients'] as const };
  const creating = useAction(CreateAppointmentOperation, touching);
  const updating = useAction(UpdateAppointmentOperation, touching);
  const action = appointment ? updating : creating;

  const moveStart = (moment: string | null) => {
    // The length stays when the beginning moves.
    if (moment && startsAt && endsAt)
      setEndsAt(new Date(Date.parse(moment) + Date.parse(endsAt) - Date.parse(startsAt)).toISOString());
    setStartsAt(moment);
  };
  const save = async (given: Filled, on: number | undefined) => {
    setFilled(given);
    const done = appointment
      ? await updating.run({ input: { id: appointment.id, ...given, version: on ?? null } })
      : await creating.run({ input: { clientId: clientId ?? '', ...given } });
    if (!done) return;
    tell(t(appointment ? 'saved' : 'added'));
    onDone();
  };
  const submit = (values: FormData) =>
    save(
      {
        interventionId: textOf(values, 'interventionId'),
        technician: textOf(values, 'technician'),
        startsAt: startsAt ?? '',
        endsAt: endsAt ?? '',
        status: (textOf(values, 'status') ?? 'PLANNED') as AppointmentStatus,
        notes: textOf(values, 'notes'),
        reminderHours: numberOf(values, 'reminderHours'),
      },
      version,
    );
  const textsOf = (of: Filled): [string, string][] => [
    [t('starts'), format.dateTime(of.startsAt)],
    [t('ends'), format.dateTime(of.endsAt)],
    [t('technician'), of.technician ?? ''],
    [t('status'), statusText(of.status)],
    [t('notes'), of.notes ?? ''],
    [t('reminder'), String(of.reminderHours ?? '')],
  ];
  const theirs =
    appointment &&
    textsOf({
      ...appointment,
      interventionId: null,
      technician: knownTechnician,
      notes: appointment.notes ?? null,
      reminderHours: appointment.reminderHours ?? null,
    });
  return (
    <>
      <Form onSubmit={submit} error={action.error} names={names}>
        {!appointment && (
          <ClientField
            name="clientId"
            label={t('client')}
            defaultValue={draft?.clientId}
            isRequired
            onChange={setClientId}
          />
        )}
        <InterventionChoice
          clientId={clientId}
          defaultValue={begin?.interventionId == null ? null : String(begin.interventionId)}
        />
        <TechnicianField
          name="technician"
          label={t('technician')}
          defaultValue={knownTechnician}
          onChange={setTechnician}
        />
        <div className="fields">
          <DateTimeField name="startsAt" label={t('starts')} value={startsAt} onChange={moveStart} isRequired />
          <DateTimeField name="endsAt" label={t('ends')} value={endsAt} onChange={setEndsAt} isRequired />
        </div>
        <SlotNotice
          startsAt={startsAt}
          endsAt={endsAt}
          technician={technician}
          clientId={clientId}
          {...(appointment && { exceptId: String(appointment.id) })}
        />
        <div className="fields">
          <Select
            name="status"
            label={t('status')}
            defaultValue={appointment?.status ?? 'PLANNED'}
            choices={appointmentStatuses.map((id) => ({ id, label: statusText(id) }))}
          />
          <NumberField
            name="reminderHours"
            label={t('reminder')}
            minValue={0}
            maxValue={8760}
            {...(appointment?.reminderHours != null && { defaultValue: appointment.reminderHours })}
          />
        </div>
        <TextField name="notes" label={t('notes')} defaultValue={appointment?.notes ?? ''} isMultiline />
        <div className="row">
          <Button kind="primary" type="submit" isPending={action.isRunning}>
            {t(appointment ? 'save' : 'add')}
          </Button>
          <Button onPress={onDone}>{t('cancel')}</Button>
        </div>
      </Form>
      {appointment && (
        <StaleSave
          error={action.error}
          topics={['appointments']}
          fields={(filled ? textsOf(filled) : []).map(([name, mine], index) => ({
            name,
            mine,
            theirs: theirs?.[index]?.[1] ?? '',
          }))}
          onKeepMine={() => filled && save(filled, appointment.version)}
          onTakeTheirs={onDone}
        />
      )}
    </>
  );
}

/** The interventions at a client that an appointment may be for. */
function InterventionChoice({ clientId, defaultValue }: { clientId: string | null; defaultValue: string | null }) {
  const t = useWords(words);
  const kindText = useWords(kindWords);
  const format = useFormat();
  const mayRead = useMay()('interventions:read');
  const { data } = useGraph(
    InterventionListOperation,
    { filter: { clientId: clientId ?? '' }, orderBy: 'SCHEDULED_AT_DESC' },
    { topics: ['interventions'], enabled: mayRead && clientId !== null },
  );
  if (!mayRead || clientId === null) return null;
  const found = data?.interventions?.nodes ?? [];
  return (
    <Select
      key={`${clientId} ${data === undefined}`}
      name="interventionId"
      label={t('intervention')}
      defaultValue={defaultValue ?? ''}
      choices={[
        { id: '', label: t('noIntervention') },
        ...found.map(({ id, kind, scheduledAt, description }) => ({
          id: String(id),
          label: `${kindText(kind)}, ${format.date(scheduledAt)}`,
          description: description?.slice(0, 80) ?? '',
        })),
      ]}
    />
  );
}
