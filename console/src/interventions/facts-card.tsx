import { Link } from '@tanstack/react-router';
import { Navigation, Pencil, Phone } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Form } from '../ui/form';
import { Card, Facts } from '../ui/page';
import { StaleSave } from '../ui/stale-save';
import { tell } from '../ui/toast';
import { detailWords } from './detail-words';
import { directionsTo } from './directions';
import {
  type FilledIntervention,
  filledIntervention,
  InterventionFields,
  interventionFieldNames,
} from './intervention-fields';
import type { ShownIntervention } from './intervention-page';
import { kindWords, priorityWords } from './labels';
import { UpdateInterventionOperation } from './operations.gen';
import { clockLength } from './today';
import { words } from './words';

interface FactsCardProps {
  intervention: ShownIntervention;
  mayWrite: boolean;
}

export function FactsCard({ intervention, mayWrite }: FactsCardProps) {
  const t = useWords(detailWords);
  const kindText = useWords(kindWords);
  const format = useFormat();
  const [isEditing, setEditing] = useState(false);
  if (isEditing)
    return (
      <Card title={t('facts')}>
        <FactsEditor intervention={intervention} onDone={() => setEditing(false)} />
      </Card>
    );
  const { client, contract, follows, followUps, otherTechnicians } = intervention;
  const linkTo = (id: string | number, kind: ShownIntervention['kind'], at: string) => (
    <Link key={id} to="/interventions/$id" params={{ id: String(id) }} search={{}}>
      {kindText(kind)}, {format.date(at)}
    </Link>
  );
  const place = intervention.location ?? client?.address;
  return (
    <Card
      title={t('facts')}
      actions={
        mayWrite && (
          <Button size="small" onPress={() => setEditing(true)}>
            <Pencil size={16} aria-hidden /> {t('edit')}
          </Button>
        )
      }
    >
      {intervention.description && <p style={{ whiteSpace: 'pre-line' }}>{intervention.description}</p>}
      <Facts
        facts={[
          [
            t('client'),
            client && (
              <>
                <Link to="/clients/$id" params={{ id: String(client.id) }} search={{}}>
                  {client.name}
                </Link>
                {client.phone && (
                  <div>
                    <a href={`tel:${client.phone.replaceAll(/[^\d+]/g, '')}`}>
                      <Phone size={14} aria-hidden /> {client.phone}
                    </a>
                  </div>
                )}
              </>
            ),
          ],
          [
            t('place'),
            place && (
              <>
                {place}
                <div>
                  <a href={directionsTo(intervention)}>
                    <Navigation size={14} aria-hidden /> {t('directions')}
                  </a>
                </div>
              </>
            ),
          ],
          [t('scheduled'), format.dateTime(intervention.scheduledAt)],
          [t('estimated'), intervention.estimatedMinutes && clockLength(intervention.estimatedMinutes)],
          [t('technician'), intervention.technicianUser?.fullName ?? intervention.technician],
          [t('others'), format.list(otherTechnicians.map(({ name, user }) => user?.fullName ?? name))],
          [t('started'), format.dateTime(intervention.startedAt)],
          [t('finished'), format.dateTime(intervention.finishedAt)],
          [t('worked'), intervention.workedMinutes > 0 && clockLength(intervention.workedMinutes)],
          [
            t('contract'),
            contract && (
              <Link to="/contracts/$id" params={{ id: String(contract.id) }}>
                {contract.title}
              </Link>
            ),
          ],
          [t('follows'), follows && linkTo(follows.id, follows.kind, follows.scheduledAt)],
          [
            t('followUps'),
            followUps.nodes.length > 0 && followUps.nodes.map((each) => linkTo(each.id, each.kind, each.scheduledAt)),
          ],
        ].map(([name, value]) => [name as string, value === false ? null : value] as const)}
      />
    </Card>
  );
}

function FactsEditor({ intervention, onDone }: { intervention: ShownIntervention; onDone: () => void }) {
  const t = useWords(detailWords);
  const listWords = useWords(words);
  const kindText = useWords(kindWords);
  const priorityText = useWords(priorityWords);
  const format = useFormat();
  // The version that the fields began with, whatever comes meanwhile; later the last one that was saved here.
  const [version, setVersion] = useState(intervention.version);
  const [filled, setFilled] = useState<FilledIntervention>();
  const action = useAction(UpdateInterventionOperation, { touches: ['interventions', 'appointments'] });
  const save = async (given: FilledIntervention, on: number, isAsSent: () => boolean) => {
    setFilled(given);
    const { scheduledAt, ...rest } = given;
    const input = { id: intervention.id, ...rest, ...(scheduledAt && { scheduledAt }), version: on };
    const saved = (await action.run({ input }))?.updateIntervention;
    if (!saved) return;
    tell(t('saved'));
    if (isAsSent()) onDone();
    else setVersion(saved.intervention.version);
  };
  const textsOf = (of: FilledIntervention) => [
    [listWords('kind'), kindText(of.kind)],
    [listWords('priority'), priorityText(of.priority)],
    [listWords('when'), format.dateTime(of.scheduledAt)],
    [listWords('minutes'), format.number(of.estimatedMinutes)],
    [listWords('technician'), of.technician ?? ''],
    [listWords('others'), of.otherTechnicians.join(', ')],
    [listWords('where'), of.location ?? ''],
    [listWords('description'), of.description ?? ''],
    [listWords('latitude'), String(of.latitude ?? '')],
    [listWords('longitude'), String(of.longitude ?? '')],
  ];
  const theirs = textsOf({
    ...intervention,
    estimatedMinutes: intervention.estimatedMinutes ?? null,
    technician: intervention.technicianUser?.username ?? intervention.technician ?? null,
    otherTechnicians: intervention.otherTechnicians.map(({ name, user }) => user?.username ?? name),
    location: intervention.location ?? null,
    description: intervention.description ?? null,
    latitude: intervention.latitude ?? null,
    longitude: intervention.longitude ?? null,
  });
  return (
    <>
      <Form
        onSubmit={(values, isAsSent) => save(filledIntervention(values), version, isAsSent)}
        error={action.error}
        names={interventionFieldNames}
      >
        <InterventionFields intervention={intervention} />
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
        fields={
          filled
            ? textsOf(filled).map(([name = '', mine = ''], index) => ({ name, mine, theirs: theirs[index]?.[1] ?? '' }))
            : []
        }
        onKeepMine={() => filled && save(filled, intervention.version, () => true)}
        onTakeTheirs={onDone}
      />
    </>
  );
}
