import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Mail, MapPin, Pencil, Phone } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { NotFound } from '../shell/not-found';
import { Button, FileLink } from '../ui/button';
import { ConfirmButton } from '../ui/dialog';
import { Badge, Notice } from '../ui/notice';
import { Answer, Card, Facts, Page } from '../ui/page';
import { Tabs } from '../ui/tabs';
import { complain, tell } from '../ui/toast';
import { ClientEditor } from './client-form';
import { clientTones } from './client-list-page';
import { AppointmentTab, ContractTab, InterventionTab, InvoiceTab, ReportTab } from './client-tabs';
import {
  AnonymizeClientOperation,
  ClientDetailOperation,
  type ClientDetailQuery,
  DeleteClientOperation,
  RestoreClientOperation,
} from './operations.gen';
import { clientTabs } from './routes';
import { clientStatusWords, words } from './words';

export type ShownClient = NonNullable<ClientDetailQuery['client']>;

const fieldwork = ['clients', 'interventions', 'appointments', 'reports'] as const;
const route = getRouteApi('/app/clients/$id');

export function ClientPage() {
  const { id } = route.useParams();
  const may = useMay();
  const query = useGraph(
    ClientDetailOperation,
    {
      id,
      withInterventions: may('interventions:read'),
      withAppointments: may('appointments:read'),
      withReports: may('reports:read'),
    },
    { topics: [...fieldwork, 'invoices'] },
  );
  return <Answer of={query}>{({ client }) => (client ? <ClientView client={client} /> : <NotFound />)}</Answer>;
}

function ClientView({ client }: { client: ShownClient }) {
  const t = useWords(words);
  const statusText = useWords(clientStatusWords);
  const may = useMay();
  const mayWrite = may('clients:write') && !client.anonymizedAt;
  return (
    <Page
      title={client.anonymizedAt ? t('anonymized') : client.name}
      mark={<Badge tone={clientTones[client.status]}>{statusText(client.status)}</Badge>}
      lead={client.companyName ?? undefined}
      actions={
        <>
          {client.phone && (
            <FileLink href={`tel:${client.phone.replaceAll(/[^\d+]/g, '')}`} download={false}>
              <Phone size={18} aria-hidden /> {t('call')}
            </FileLink>
          )}
          {client.email && (
            <FileLink href={`mailto:${client.email}`} download={false}>
              <Mail size={18} aria-hidden /> {t('write')}
            </FileLink>
          )}
          {may('clients:write') && <ClientEnds client={client} />}
        </>
      }
    >
      <FactsCard client={client} mayWrite={mayWrite} />
      <ClientTabs client={client} />
    </Page>
  );
}

function FactsCard({ client, mayWrite }: { client: ShownClient; mayWrite: boolean }) {
  const t = useWords(words);
  const format = useFormat();
  const [isEditing, setEditing] = useState(false);
  if (isEditing)
    return (
      <Card title={t('facts')}>
        <ClientEditor client={client} onDone={() => setEditing(false)} />
      </Card>
    );
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
      {client.anonymizedAt && <Notice>{t('anonymizedText', { date: format.date(client.anonymizedAt) })}</Notice>}
      <Facts
        facts={[
          [t('contact'), client.contactName],
          [t('phone'), client.phone],
          [t('email'), client.email],
          [
            t('address'),
            client.address && (
              <a href={`geo:0,0?q=${encodeURIComponent(client.address)}`}>
                <MapPin size={15} aria-hidden /> {client.address}
              </a>
            ),
          ],
          [t('since'), format.date(client.createdAt)],
          [t('changed'), format.relative(client.updatedAt)],
          [t('notes'), client.notes],
        ]}
      />
    </Card>
  );
}

function ClientEnds({ client: { id, name, anonymizedAt } }: { client: ShownClient }) {
  const t = useWords(words);
  const navigate = useNavigate();
  const restoring = useAction(RestoreClientOperation, { touches: fieldwork, onError: complain });
  const trashing = useAction(DeleteClientOperation, { touches: ['clients'], onError: complain });
  const anonymizing = useAction(AnonymizeClientOperation, { touches: ['clients'], onError: complain });
  const trash = async () => {
    if (!(await trashing.run({ input: { id } }))) return;
    await navigate({ to: '/clients', search: {} });
    tell(t('trashed', { name }), async () => {
      if (await restoring.run({ input: { id } })) tell(t('restored', { name }));
    });
  };
  const anonymize = async () => {
    const done = await anonymizing.run({ input: { id } });
    if (done?.anonymizeClient) tell(t('kept', { kept: done.anonymizeClient.kept.join(' ') || '–' }));
  };
  return (
    <>
      {!anonymizedAt && (
        <ConfirmButton
          kind="normal"
          title={t('anonymizeTitle')}
          text={t('anonymizeText')}
          action={t('anonymize')}
          onConfirm={anonymize}
        >
          {t('anonymize')}
        </ConfirmButton>
      )}
      <Button isPending={trashing.isRunning} onPress={trash}>
        {t('toTrash')}
      </Button>
    </>
  );
}

function ClientTabs({ client }: { client: ShownClient }) {
  const t = useWords(words);
  const navigate = useNavigate();
  const { tab } = route.useSearch();
  const contents = {
    interventions: client.interventions && (() => <InterventionTab client={client} />),
    appointments: client.appointments && (() => <AppointmentTab client={client} />),
    contracts: client.maintenanceContracts && (() => <ContractTab client={client} />),
    reports: client.interventions && (() => <ReportTab client={client} />),
    invoices: () => <InvoiceTab client={client} />,
  };
  const counts = {
    interventions: client.interventions?.totalCount,
    appointments: client.appointments?.totalCount,
    contracts: client.maintenanceContracts?.totalCount,
    reports: client.interventions?.nodes.flatMap(({ reports }) => reports?.nodes ?? []).length,
    invoices: client.invoices.totalCount,
  };
  const tabs = clientTabs.flatMap((id) => {
    const content = contents[id];
    return content ? [{ id, title: `${t(id)} (${counts[id] ?? 0})`, content }] : [];
  });
  return (
    <Tabs
      label={t('facts')}
      tabs={tabs}
      selected={tab ?? tabs[0]?.id ?? 'invoices'}
      onSelect={(selected) =>
        void navigate({
          to: '/clients/$id',
          params: { id: String(client.id) },
          search: { tab: clientTabs.find((each) => each === selected) },
          replace: true,
        })
      }
    />
  );
}
