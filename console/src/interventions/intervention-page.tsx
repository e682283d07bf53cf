import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { NotFound } from '../shell/not-found';
import { Button, LinkButton } from '../ui/button';
import { ConfirmButton, Dialog } from '../ui/dialog';
import { Badge } from '../ui/notice';
import { Answer, Loading, Page } from '../ui/page';
import { Tabs } from '../ui/tabs';
import { complain, tell } from '../ui/toast';
import { ChecklistCard } from './checklist-card';
import { detailWords } from './detail-words';
import { FactsCard } from './facts-card';
import { HistoryCard } from './history-card';
import { InspectionsCard } from './inspections-card';
import { kindWords, priorityTones, priorityWords, statusTones, statusWords } from './labels';
import { MediaCard } from './media-card';
import { useMove } from './move-intervention';
import {
  DeleteInterventionOperation,
  InterventionDetailOperation,
  type InterventionDetailQuery,
  type InterventionStatus,
} from './operations.gen';
import { ReportsCard } from './reports-card';
import { interventionTabs } from './routes';
import { SignatureCard, SignatureForm } from './signature-card';
import { VisitsCard } from './visits-card';
import { PartsCard, WorkCard } from './work-cards';
import styles from './cards.module.css';

export type ShownIntervention = NonNullable<InterventionDetailQuery['intervention']>;

const PlaceMap = lazy(() => import('./place-map').then((module) => ({ default: module.PlaceMap })));
const route = getRouteApi('/app/interventions/$id');

export function InterventionPage() {
  const { id } = route.useParams();
  const may = useMay();
  const query = useGraph(
    InterventionDetailOperation,
    { id, withAppointments: may('appointments:read'), withReports: may('reports:read') },
    { topics: ['interventions', 'appointments', 'reports', 'clients'] },
  );
  return (
    <Answer of={query}>
      {({ intervention }) => (intervention ? <InterventionView intervention={intervention} /> : <NotFound />)}
    </Answer>
  );
}

function InterventionView({ intervention }: { intervention: ShownIntervention }) {
  const t = useWords(detailWords);
  const kindText = useWords(kindWords);
  const statusText = useWords(statusWords);
  const priorityText = useWords(priorityWords);
  const format = useFormat();
  const may = useMay();
  const mayWrite = may('interventions:write');
  const { kind, status, priority, client, scheduledAt, latitude, longitude } = intervention;
  return (
    <Page
      title={[kindText(kind), client?.name].filter(Boolean).join(' · ')}
      mark={
        <span className="row">
          <Badge tone={statusTones[status]}>{statusText(status)}</Badge>
          {(priority === 'URGENT' || priority === 'HIGH') && (
            <Badge tone={priorityTones[priority]}>{priorityText(priority)}</Badge>
          )}
        </span>
      }
      lead={format.dateTime(scheduledAt)}
      actions={mayWrite && <StatusButtons intervention={intervention} />}
    >
      <FactsCard intervention={intervention} mayWrite={mayWrite} />
      <div id="parts" className={styles.parts}>
        <InterventionTabs intervention={intervention} mayWrite={mayWrite} />
      </div>
      {latitude != null && longitude != null && (
        <Suspense fallback={<Loading />}>
          <PlaceMap
            label={t('map')}
            isSmall
            places={[
              {
                id: String(intervention.id),
                name: client?.name ?? kindText(kind),
                latitude,
                longitude,
                tone: statusTones[status],
              },
            ]}
          />
        </Suspense>
      )}
    </Page>
  );
}

function StatusButtons({ intervention }: { intervention: ShownIntervention }) {
  const { id, status, version, signedAt, client } = intervention;
  const t = useWords(detailWords);
  const navigate = useNavigate();
  const { move, isMoving } = useMove();
  const may = useMay();
  const [isSigning, setSigning] = useState(false);
  const trashing = useAction(DeleteInterventionOperation, {
    touches: ['interventions', 'clients', 'appointments'],
    onError: complain,
  });
  const trash = async () => {
    if (!(await trashing.run({ input: { id } }))) return;
    tell(t('trashed'));
    await navigate({ to: '/interventions', search: {} });
  };
  const moveTo = (to: InterventionStatus) => move(String(id), to, version);
  return (
    <>
      {status === 'PLANNED' && (
        <Button kind="primary" isPending={isMoving} onPress={() => moveTo('IN_PROGRESS')}>
          {t('toWork')}
        </Button>
      )}
      {status === 'IN_PROGRESS' && (
        <Button kind="primary" isPending={isMoving} onPress={() => moveTo('VALIDATED')}>
          {t('toValidated')}
        </Button>
      )}
      {status === 'VALIDATED' && may('reports:read') && (
        <LinkButton
          to="/interventions/$id"
          params={{ id: String(id) }}
          search={{ tab: 'reports' }}
          hash="parts"
          kind="primary"
        >
          {t('toReports')}
        </LinkButton>
      )}
      {(status === 'IN_PROGRESS' || status === 'VALIDATED') && !signedAt && (
        <Button onPress={() => setSigning(true)}>{t('haveSigned')}</Button>
      )}
      {status !== 'ARCHIVED' && (
        <ConfirmButton
          kind="normal"
          title={t('archiveTitle')}
          text={t('archiveText')}
          action={t('toArchive')}
          onConfirm={() => moveTo('ARCHIVED')}
        >
          {t('toArchive')}
        </ConfirmButton>
      )}
      <ConfirmButton kind="normal" title={t('trashTitle')} text={t('trashText')} action={t('trash')} onConfirm={trash}>
        {t('trash')}
      </ConfirmButton>
      <Dialog isOpen={isSigning} onClose={() => setSigning(false)} title={t('signature')}>
        <SignatureForm interventionId={String(id)} suggestion={client?.name} onDone={() => setSigning(false)} />
      </Dialog>
    </>
  );
}

function InterventionTabs({ intervention, mayWrite }: { intervention: ShownIntervention; mayWrite: boolean }) {
  const t = useWords(detailWords);
  const navigate = useNavigate();
  const may = useMay();
  const { tab } = route.useSearch();
  const id = String(intervention.id);
  const tabs = [
    {
      id: 'work',
      title: t('workTab'),
      content: () => (
        <div className="stack">
          <ChecklistCard interventionId={id} items={intervention.checklist} mayWrite={mayWrite} />
          <WorkCard interventionId={id} entries={intervention.workEntries} mayWrite={mayWrite} />
          <PartsCard
            interventionId={id}
            parts={intervention.usedParts}
            total={intervention.partsTotal}
            mayWrite={mayWrite}
          />
          <InspectionsCard interventionId={id} inspections={intervention.inspections} mayWrite={mayWrite} />
          <SignatureCard intervention={intervention} mayWrite={mayWrite} />
        </div>
      ),
    },
    ...(may('media:read')
      ? [{ id: 'media', title: t('mediaTab'), content: () => <MediaCard interventionId={id} /> }]
      : []),
    ...(intervention.reports
      ? [
          {
            id: 'reports',
            title: `${t('reportsTab')} (${intervention.reports.nodes.length})`,
            content: () => <ReportsCard interventionId={id} reports={intervention.reports?.nodes ?? []} />,
          },
        ]
      : []),
    ...(intervention.appointments
      ? [
          {
            id: 'visits',
            title: `${t('visitsTab')} (${intervention.appointments.nodes.length})`,
            content: () => <VisitsCard intervention={intervention} />,
          },
        ]
      : []),
    { id: 'history', title: t('historyTab'), content: () => <HistoryCard changes={intervention.statusHistory} /> },
  ];
  return (
    <Tabs
      label={t('facts')}
      tabs={tabs}
      selected={tab ?? 'work'}
      onSelect={(selected) =>
        void navigate({
          to: '/interventions/$id',
          params: { id },
          search: { tab: interventionTabs.find((each) => each === selected) },
          replace: true,
        })
      }
    />
  );
}
