import { Plus } from 'lucide-react';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import {
  frequencyWords,
  kindWords,
  priorityTones,
  priorityWords,
  reportStatusWords,
  reportTones,
  statusTones,
  statusWords,
} from '../interventions/labels';
import { appointmentStatusWords, appointmentTones } from '../planning/labels';
import { useMay } from '../session/session';
import { FileLink, LinkButton } from '../ui/button';
import { Badge } from '../ui/notice';
import { ownAddress } from '../ui/own-address';
import { Card, EmptyState } from '../ui/page';
import { Table } from '../ui/table';
import type { ShownClient } from './client-page';
import { words } from './words';

interface Shown {
  client: ShownClient;
}

const withId = <Row extends { id: string | number }>(rows: readonly Row[] = []) =>
  rows.map((row) => ({ ...row, id: String(row.id) }));

export function InterventionTab({ client }: Shown) {
  const t = useWords(words);
  const statusText = useWords(statusWords);
  const kindText = useWords(kindWords);
  const priorityText = useWords(priorityWords);
  const format = useFormat();
  const may = useMay();
  const add = may('interventions:write') && !client.anonymizedAt && (
    <LinkButton to="/interventions" search={{ add: String(client.id) }}>
      <Plus size={18} aria-hidden /> {t('addIntervention')}
    </LinkButton>
  );
  return (
    <Card isFlush actions={add}>
      <Table
        label={t('interventions')}
        items={withId(client.interventions?.nodes)}
        hrefOf={({ id }) => `/interventions/${id}`}
        columns={[
          {
            id: 'what',
            title: t('what'),
            isName: true,
            cell: ({ kind, description }) => (
              <>
                <strong>{kindText(kind)}</strong>
                {description && <div className="quiet">{description.slice(0, 120)}</div>}
              </>
            ),
          },
          { id: 'when', title: t('when'), cell: ({ scheduledAt }) => format.dateTime(scheduledAt) },
          {
            id: 'who',
            title: t('technician'),
            isExtra: true,
            cell: ({ technician, technicianUser }) => technicianUser?.fullName ?? technician,
          },
          {
            id: 'status',
            title: t('status'),
            cell: ({ status, priority }) => (
              <span className="row">
                <Badge tone={statusTones[status]}>{statusText(status)}</Badge>
                {priority !== 'NORMAL' && priority !== 'LOW' && (
                  <Badge tone={priorityTones[priority]}>{priorityText(priority)}</Badge>
                )}
              </span>
            ),
          },
        ]}
        empty={<EmptyState title={t('noInterventions')} text={t('noInterventionsText')} />}
      />
    </Card>
  );
}

export function AppointmentTab({ client }: Shown) {
  const t = useWords(words);
  const statusText = useWords(appointmentStatusWords);
  const format = useFormat();
  return (
    <Card isFlush>
      <Table
        label={t('appointments')}
        items={withId(client.appointments?.nodes)}
        hrefOf={({ id }) => `/planning/${id}`}
        columns={[
          {
            id: 'when',
            title: t('when'),
            isName: true,
            cell: ({ startsAt, endsAt }) => `${format.dateTime(startsAt)} – ${format.time(endsAt)}`,
          },
          {
            id: 'who',
            title: t('technician'),
            cell: ({ technician, technicianUser }) => technicianUser?.fullName ?? technician,
          },
          { id: 'notes', title: t('notes'), isExtra: true, cell: ({ notes }) => notes },
          {
            id: 'status',
            title: t('status'),
            cell: ({ status }) => <Badge tone={appointmentTones[status]}>{statusText(status)}</Badge>,
          },
        ]}
        empty={<EmptyState title={t('noAppointments')} text={t('noAppointmentsText')} />}
      />
    </Card>
  );
}

export function ContractTab({ client }: Shown) {
  const t = useWords(words);
  const kindText = useWords(kindWords);
  const frequencyText = useWords(frequencyWords);
  const format = useFormat();
  const may = useMay();
  const add = may('interventions:write') && !client.anonymizedAt && (
    <LinkButton to="/contracts" search={{ add: String(client.id) }}>
      <Plus size={18} aria-hidden /> {t('addContract')}
    </LinkButton>
  );
  return (
    <Card isFlush actions={add}>
      <Table
        label={t('contracts')}
        items={withId(client.maintenanceContracts?.nodes)}
        hrefOf={({ id }) => `/contracts/${id}`}
        columns={[
          {
            id: 'what',
            title: t('what'),
            isName: true,
            cell: ({ title, kind }) => (
              <>
                <strong>{title}</strong>
                <div className="quiet">{kindText(kind)}</div>
              </>
            ),
          },
          {
            id: 'rhythm',
            title: t('when'),
            isExtra: true,
            cell: ({ frequency, interval }) => frequencyText(frequency, { count: interval }),
          },
          {
            id: 'next',
            title: t('next'),
            cell: ({ nextVisit, isActive }) =>
              isActive ? format.date(nextVisit) : <Badge tone="warn">{t('paused')}</Badge>,
          },
        ]}
        empty={<EmptyState title={t('noContracts')} text={t('noContractsText')} />}
      />
    </Card>
  );
}

export function ReportTab({ client }: Shown) {
  const t = useWords(words);
  const statusText = useWords(reportStatusWords);
  const kindText = useWords(kindWords);
  const format = useFormat();
  const reports = (client.interventions?.nodes ?? []).flatMap(({ id, kind, reports }) =>
    (reports?.nodes ?? []).map((report) => ({ ...report, interventionId: String(id), about: kind })),
  );
  return (
    <Card isFlush>
      <Table
        label={t('reports')}
        items={withId(reports)}
        columns={[
          {
            id: 'title',
            title: t('what'),
            isName: true,
            cell: ({ title, about }) => (
              <>
                <strong>{title}</strong>
                <div className="quiet">{kindText(about)}</div>
              </>
            ),
          },
          { id: 'when', title: t('when'), isExtra: true, cell: ({ createdAt }) => format.date(createdAt) },
          {
            id: 'status',
            title: t('status'),
            cell: ({ status }) => <Badge tone={reportTones[status]}>{statusText(status)}</Badge>,
          },
          {
            id: 'file',
            title: t('reports'),
            cell: ({ fileUrl, interventionId, sizeBytes }) =>
              fileUrl ? (
                <FileLink href={ownAddress(fileUrl)} size="small">
                  PDF {format.bytes(sizeBytes)}
                </FileLink>
              ) : (
                <LinkButton to="/interventions/$id" params={{ id: interventionId }} search={{}} size="small">
                  {t('interventions')}
                </LinkButton>
              ),
          },
        ]}
        empty={<EmptyState title={t('noReports')} text={t('noReportsText')} />}
      />
    </Card>
  );
}

export function InvoiceTab({ client }: Shown) {
  const t = useWords(words);
  const format = useFormat();
  return (
    <Card isFlush>
      <Table
        label={t('invoices')}
        items={withId(client.invoices.nodes)}
        hrefOf={({ id }) => `/invoices/${id}`}
        columns={[
          { id: 'number', title: t('what'), isName: true, cell: ({ number }) => number ?? t('draft') },
          {
            id: 'when',
            title: t('when'),
            cell: ({ issuedAt, createdAt }) => format.date(issuedAt ?? createdAt),
          },
          {
            id: 'total',
            title: t('total'),
            isNumber: true,
            cell: ({ total, currency }) => format.money(Number(total), currency),
          },
        ]}
        empty={<EmptyState title={t('noInvoices')} />}
      />
    </Card>
  );
}
