import { ClientField } from '../clients/client-field';
import { useWords } from '../i18n/words';
import { Select } from '../ui/choice-fields';
import { DateTimeField } from '../ui/date-field';
import { TextField } from '../ui/form';
import { momentOf, numberOf, textOf } from '../ui/form-values';
import { NumberField } from '../ui/number-field';
import { kinds, kindWords, priorities, priorityWords } from './labels';
import type { InterventionFactsFragment, InterventionKind, InterventionPriority } from './operations.gen';
import { TechnicianField } from './technician-field';
import { words } from './words';

export const interventionFieldNames = [
  'clientId',
  'kind',
  'priority',
  'scheduledAt',
  'estimatedMinutes',
  'technician',
  'otherTechnicians',
  'location',
  'description',
  'latitude',
  'longitude',
];

export interface FilledIntervention {
  kind: InterventionKind;
  priority: InterventionPriority;
  scheduledAt: string | null;
  estimatedMinutes: number | null;
  technician: string | null;
  otherTechnicians: string[];
  location: string | null;
  description: string | null;
  latitude: number | null;
  longitude: number | null;
}

export const filledIntervention = (values: FormData): FilledIntervention => ({
  kind: (textOf(values, 'kind') ?? 'OTHER') as InterventionKind,
  priority: (textOf(values, 'priority') ?? 'NORMAL') as InterventionPriority,
  scheduledAt: momentOf(values, 'scheduledAt'),
  estimatedMinutes: numberOf(values, 'estimatedMinutes'),
  technician: textOf(values, 'technician'),
  otherTechnicians: (textOf(values, 'otherTechnicians') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean),
  location: textOf(values, 'location'),
  description: textOf(values, 'description'),
  latitude: numberOf(values, 'latitude'),
  longitude: numberOf(values, 'longitude'),
});

/** The next full hour. */
const soon = (): string => new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000).toISOString();

const degrees = { maximumFractionDigits: 6 };
const definite = (value: number | null | undefined) => (value == null ? {} : { defaultValue: value });

interface InterventionFieldsProps {
  intervention?: InterventionFactsFragment;
  /** Of a new one: the client that it is for; null lets one choose. */
  clientId?: string | null;
}

export function InterventionFields({ intervention, clientId }: InterventionFieldsProps) {
  const t = useWords(words);
  const kindText = useWords(kindWords);
  const priorityText = useWords(priorityWords);
  const technician = intervention?.technicianUser?.username ?? intervention?.technician;
  const others = intervention?.otherTechnicians.map(({ name, user }) => user?.username ?? name).join(', ') ?? '';
  return (
    <>
      {!intervention && (
        <ClientField name="clientId" label={t('client')} defaultValue={clientId ?? undefined} isRequired />
      )}
      <div className="fields">
        <Select
          name="kind"
          label={t('kind')}
          defaultValue={intervention?.kind ?? 'INSPECTION'}
          choices={kinds.map((id) => ({ id, label: kindText(id) }))}
        />
        <Select
          name="priority"
          label={t('priority')}
          defaultValue={intervention?.priority ?? 'NORMAL'}
          choices={priorities.map((id) => ({ id, label: priorityText(id) }))}
        />
      </div>
      <div className="fields">
        <DateTimeField
          name="scheduledAt"
          label={t('when')}
          defaultValue={intervention?.scheduledAt ?? soon()}
          isRequired
        />
        <NumberField
          name="estimatedMinutes"
          label={t('minutes')}
          minValue={1}
          {...definite(intervention?.estimatedMinutes)}
        />
      </div>
      <TechnicianField name="technician" label={t('technician')} defaultValue={technician} />
      <TextField name="otherTechnicians" label={t('others')} description={t('othersHint')} defaultValue={others} />
      <TextField
        name="location"
        label={t('where')}
        description={t('whereHint')}
        defaultValue={intervention?.location ?? ''}
      />
      <TextField
        name="description"
        label={t('description')}
        defaultValue={intervention?.description ?? ''}
        isMultiline
      />
      <div className="fields">
        <NumberField
          name="latitude"
          label={t('latitude')}
          formatOptions={degrees}
          minValue={-90}
          maxValue={90}
          {...definite(intervention?.latitude)}
        />
        <NumberField
          name="longitude"
          label={t('longitude')}
          formatOptions={degrees}
          minValue={-180}
          maxValue={180}
          {...definite(intervention?.longitude)}
        />
      </div>
    </>
  );
}
