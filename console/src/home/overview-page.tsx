import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useGraph } from '../graph/use-graph';
import { midnight, today } from '../i18n/days';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay, useViewer } from '../session/session';
import { LinkButton } from '../ui/button';
import { Badge } from '../ui/notice';
import { Answer, Card, Figure, Page } from '../ui/page';
import {
  AppointmentsOfDayOperation,
  MoneyAtAGlanceOperation,
  OpenAlertsOperation,
  RecentDocumentsOperation,
  WaitingDecisionsOperation,
} from './operations.gen';
import { words } from './words';
import styles from './overview-page.module.css';

/** What concerns the person today, by what they may see. */
export function OverviewPage() {
  const t = useWords(words);
  const may = useMay();
  const { firstName, fullName } = useViewer();
  return (
    <Page title={t('hello', { name: firstName || fullName })}>
      {may('monitoring:read') && <Alerts />}
      <div className={styles.cards}>
        <Decisions />
        {may('appointments:read') && <Today />}
        <Money />
        <Documents />
      </div>
    </Page>
  );
}

const Rows = ({ children }: { children: ReactNode }) => <ul className={styles.rows}>{children}</ul>;

/** A row that leads to a page of the console. */
const Row = ({ href, title, note, end }: { href: string; title: string; note?: ReactNode; end?: ReactNode }) => (
  <li>
    <Link to={href as '/'}>
      <span className={styles.title}>{title}</span>
      {note !== undefined && <span className={styles.note}>{note}</span>}
      {end !== undefined && <span className={styles.end}>{end}</span>}
    </Link>
  </li>
);

const Nothing = ({ text, action }: { text: string; action?: ReactNode }) => (
  <div className={styles.nothing}>
    <p className="quiet">{text}</p>
    {action}
  </div>
);

function Decisions() {
  const t = useWords(words);
  const format = useFormat();
  const query = useGraph(WaitingDecisionsOperation, {}, { topics: ['approvals'] });
  const due = (days: number | null | undefined): ReactNode => {
    if (days == null) return undefined;
    if (days < 0) return <Badge tone="bad">{t('late', { count: -days })}</Badge>;
    return <Badge tone={days < 2 ? 'warn' : 'plain'}>{days === 0 ? t('dueToday') : t('due', { count: days })}</Badge>;
  };
  return (
    <Card
      title={t('decisions')}
      actions={<SeeAll to="/decisions" count={query.data?.pendingApprovals?.totalCount} />}
      isFlush
    >
      <Answer of={query}>
        {({ pendingApprovals }) =>
          pendingApprovals?.nodes.length ? (
            <Rows>
              {pendingApprovals.nodes.map(({ id, document, amount, currency, daysUntilDeadline }) => (
                <Row
                  key={id}
                  href={`/decisions?id=${id}`}
                  title={document?.title ?? id}
                  note={format.money(amount, currency)}
                  end={due(daysUntilDeadline)}
                />
              ))}
            </Rows>
          ) : (
            <Nothing text={t('noDecisions')} />
          )
        }
      </Answer>
    </Card>
  );
}

function Today() {
  const t = useWords(words);
  const format = useFormat();
  const query = useGraph(
    AppointmentsOfDayOperation,
    { filter: { startsAfter: midnight(today()), startsBefore: midnight(today(), 1) } },
    { topics: ['appointments'] },
  );
  return (
    <Card title={t('today')} actions={<SeeAll to="/planning" label={t('planning')} />} isFlush>
      <Answer of={query}>
        {({ appointments }) =>
          appointments?.nodes.length ? (
            <Rows>
              {appointments.nodes.map(({ id, startsAt, endsAt, client, technician, technicianUser }) => (
                <Row
                  key={id}
                  href={`/planning/${id}`}
                  title={client?.name ?? ''}
                  note={[client?.address, technicianUser?.fullName ?? technician].filter(Boolean).join(' · ')}
                  end={`${format.time(startsAt)} – ${format.time(endsAt)}`}
                />
              ))}
            </Rows>
          ) : (
            <Nothing text={t('noAppointments')} />
          )
        }
      </Answer>
    </Card>
  );
}

function Money() {
  const t = useWords(words);
  const format = useFormat();
  const query = useGraph(MoneyAtAGlanceOperation, {}, { topics: ['banking'] });
  return (
    <Card title={t('money')} actions={<SeeAll to="/money" label={t('all')} />}>
      <Answer of={query}>
        {({ financeOverview }) =>
          financeOverview && financeOverview.bankAccountsCount > 0 ? (
            <div className={styles.figures}>
              <Figure
                name={t('balance')}
                value={format.money(financeOverview.totalBalance, financeOverview.currency)}
              />
              <Figure
                name={t('income')}
                value={format.money(financeOverview.currentPeriod.totalIncome, financeOverview.currency)}
              />
              <Figure
                name={t('expenses')}
                value={format.money(financeOverview.currentPeriod.totalExpenses, financeOverview.currency)}
              />
            </div>
          ) : (
            <Nothing text={t('noAccounts')} action={<SeeAll to="/accounts" label={t('addAccount')} />} />
          )
        }
      </Answer>
    </Card>
  );
}

function Documents() {
  const t = useWords(words);
  const format = useFormat();
  const query = useGraph(RecentDocumentsOperation, {}, { topics: ['documents'] });
  return (
    <Card title={t('documents')} actions={<SeeAll to="/documents" count={query.data?.documents?.totalCount} />} isFlush>
      <Answer of={query}>
        {({ documents }) =>
          documents?.nodes.length ? (
            <Rows>
              {documents.nodes.map(({ id, title, type, correspondent, createdAt }) => (
                <Row
                  key={id}
                  href={`/documents/${id}`}
                  title={title}
                  note={[type?.label, correspondent?.name].filter(Boolean).join(' · ')}
                  end={format.relative(createdAt)}
                />
              ))}
            </Rows>
          ) : (
            <Nothing text={t('noDocuments')} action={<SeeAll to="/documents" label={t('upload')} />} />
          )
        }
      </Answer>
    </Card>
  );
}

function Alerts() {
  const t = useWords(words);
  const format = useFormat();
  const { data } = useGraph(OpenAlertsOperation, {}, { topics: ['alerts'] });
  const alerts = data?.alerts?.nodes ?? [];
  if (alerts.length === 0) return null;
  return (
    <Card title={t('alerts')} isFlush>
      <Rows>
        {alerts.map(({ id, kind, subjectName, raisedAt }) => (
          <Row
            key={id}
            href={`/monitoring/alertes/${id}`}
            title={t(kind)}
            note={subjectName}
            end={<Badge tone="bad">{format.relative(raisedAt)}</Badge>}
          />
        ))}
      </Rows>
    </Card>
  );
}

function SeeAll({ to, count, label }: { to: string; count?: number | undefined; label?: string }) {
  const t = useWords(words);
  return (
    <LinkButton to={to as '/'} kind="quiet" size="small">
      {label ?? (count ? t('allOf', { count }) : t('all'))}
    </LinkButton>
  );
}
