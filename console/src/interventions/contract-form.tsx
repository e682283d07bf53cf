import { useState } from 'react';
import { ClientField } from '../clients/client-field';
import { useAction } from '../graph/use-graph';
import { today } from '../i18n/days';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { DateField } from '../ui/date-field';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { numberOf, textOf } from '../ui/form-values';
import { NumberField } from '../ui/number-field';
import { StaleSave } from '../ui/stale-save';
import { tell } from '../ui/toast';
import { contractWords } from './contract-words';
import { kinds, kindWords } from './labels';
import {
  type ContractFactsFragment,
  CreateContractOperation,
  type Frequency,
  type InterventionKind,
  UpdateContractOperation,
} from './operations.gen';
import { TechnicianField } from './technician-field';

const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;

const names = [
  'clientId',
  'title',
  'kind',
  'description',
  'interval',
  'frequency',
  'startDate',
  'endDate',
  'visitTime',
  'visitMinutes',
  'horizonDays',
  'technician',
  'location',
];

const filledOf = (values: FormData) => ({
  title: textOf(values, 'title') ?? '',
  kind: (textOf(values, 'kind') ?? 'MAINTENANCE') as InterventionKind,
  description: textOf(values, 'description'),
  interval: numberOf(values, 'interval') ?? 1,
  frequency: (textOf(values, 'frequency') ?? 'MONTHLY') as Frequency,
  startDate: textOf(values, 'startDate') ?? today(),
  endDate: textOf(values, 'endDate'),
  visitTime: textOf(values, 'visitTime') ?? '',
  visitMinutes: numberOf(values, 'visitMinutes') ?? 60,
  horizonDays: numberOf(values, 'horizonDays') ?? 30,
  technician: textOf(values, 'technician'),
  location: textOf(values, 'location'),
});

type Filled = ReturnType<typeof filledOf>;

function ContractFields({ contract }: { contract?: ContractFactsFragment }) {
  const t = useWords(contractWords);
  const kindText = useWords(kindWords);
  return (
    <>
      <TextField name="title" label={t('name')} defaultValue={contract?.title ?? ''} isRequired maxLength={255} />
      <Select
        name="kind"
        label={t('kind')}
        defaultValue={contract?.kind ?? 'MAINTENANCE'}
        choices={kinds.map((id) => ({ id, label: kindText(id) }))}
      />
      <div className="fields">
        <NumberField
          name="interval"
          label={t('interval')}
          defaultValue={contract?.interval ?? 1}
          minValue={1}
          maxValue={366}
          isRequired
        />
        <Select
          name="frequency"
          label={t('frequency')}
          defaultValue={contract?.frequency ?? 'MONTHLY'}
          choices={frequencies.map((id) => ({ id, label: t(id) }))}
        />
        <DateField name="startDate" label={t('start')} defaultValue={contract?.startDate ?? today()} isRequired />
        <DateField name="endDate" label={t('end')} defaultValue={contract?.endDate ?? null} />
        <TextField
          name="visitTime"
          label={t('time')}
          description={t('timeHint')}
          defaultValue={contract?.visitTime.slice(0, 5) ?? '09:00'}
          isRequired
        />
        <NumberField
          name="visitMinutes"
          label={t('minutes')}
          defaultValue={contract?.visitMinutes ?? 60}
          minValue={5}
          maxValue={1440}
          isRequired
        />
        <NumberField
          name="horizonDays"
          label={t('horizon')}
          defaultValue={contract?.horizonDays ?? 30}
          minValue={1}
          maxValue={366}
          isRequired
        />
      </div>
      <TechnicianField
        name="technician"
        label={t('technician')}
        defaultValue={contract?.technicianUser?.username ?? contract?.technician}
      />
      <TextField name="location" label={t('place')} defaultValue={contract?.location ?? ''} maxLength={500} />
      <TextField name="description" label={t('description')} defaultValue={contract?.description ?? ''} isMultiline />
    </>
  );
}

interface NewContractProps {
  isOpen: boolean;
  /** UUID of the client that it is for; null lets one choose. */
  clientId: string | null;
  onClose: () => void;
  onMade: (id: string) => void;
}

export function NewContractDialog({ isOpen, clientId, onClose, onMade }: NewContractProps) {
  const t = useWords(contractWords);
  const action = useAction(CreateContractOperation, { touches: ['interventions', 'clients', 'appointments'] });
  const close = () => {
    action.reset();
    onClose();
  };
  const add = async (values: FormData) => {
    const done = await action.run({ input: { ...filledOf(values), clientId: textOf(values, 'clientId') ?? '' } });
    const made = done?.createMaintenanceContract?.maintenanceContract;
    if (!made) return;
    tell(t('saved'));
    onMade(String(made.id));
  };
  return (
    <Dialog isOpen={isOpen} onClose={close} title={t('add')}>
      <Form onSubmit={add} error={action.error} names={names}>
        <ClientField name="clientId" label={t('client')} defaultValue={clientId ?? undefined} isRequired />
        <ContractFields />
        <DialogActions>
          <Button onPress={close}>{t('cancel')}</Button>
          <Button kind="primary" type="submit" isPending={action.isRunning}>
            {t('add')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

/** The facts of a contract as fields, in their place. */
export function ContractEditor({ contract, onDone }: { contract: ContractFactsFragment; onDone: () => void }) {
  const t = useWords(contractWords);
  const kindText = useWords(kindWords);
  const format = useFormat();
  // The version that the fields began with, whatever comes meanwhile.
  const [{ version }] = useState(contract);
  const [filled, setFilled] = useState<Filled>();
  const action = useAction(UpdateContractOperation, { touches: ['interventions', 'clients'] });
  const save = async (given: Filled, on: number) => {
    setFilled(given);
    const done = await action.run({ input: { id: contract.id, ...given, version: on } });
    if (!done) return;
    tell(t('saved'));
    onDone();
  };
  const textsOf = (of: Filled): [string, string][] => [
    [t('name'), of.title],
    [t('kind'), kindText(of.kind)],
    [t('interval'), `${of.interval} ${t(of.frequency)}`],
    [t('start'), format.date(of.startDate)],
    [t('end'), format.date(of.endDate)],
    [t('time'), of.visitTime],
    [t('minutes'), String(of.visitMinutes)],
    [t('horizon'), String(of.horizonDays)],
    [t('technician'), of.technician ?? ''],
    [t('place'), of.location ?? ''],
    [t('description'), of.description ?? ''],
  ];
  const theirs = textsOf({
    ...contract,
    description: contract.description ?? null,
    endDate: contract.endDate ?? null,
    visitTime: contract.visitTime.slice(0, 5),
    technician: contract.technicianUser?.username ?? contract.technician ?? null,
    location: contract.location ?? null,
  });
  return (
    <>
      <Form onSubmit={(values) => save(filledOf(values), version)} error={action.error} names={names}>
        <ContractFields contract={contract} />
        <div className="row">
          <Button kind="primary" type="submit" isPending={action.isRunning}>
            {t('save')}
          </Button>
          <Button onPress={onDone}>{t('cancel')}</Button>
        </div>
      </Form>
      <StaleSave
        error={action.error}
        topics={['interventions']}
        fields={(filled ? textsOf(filled) : []).map(([name, mine], index) => ({
          name,
          mine,
          theirs: theirs[index]?.[1] ?? '',
        }))}
        onKeepMine={() => filled && save(filled, contract.version)}
        onTakeTheirs={onDone}
      />
    </>
  );
}
