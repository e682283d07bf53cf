import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { LinkButton } from '../ui/button';
import { Answer, Card, EmptyState, Facts, Page } from '../ui/page';
import { AlertState, useValue } from './alerts';
import { type AlertFactsFragment, OneAlertOperation } from './operations.gen';
import { words } from './words';

/** One alert, as a notification leads to it. */
export function AlertPage() {
  const t = useWords(words);
  const { id } = useParams({ from: '/app/monitoring/alertes/$id' });
  const query = useGraph(OneAlertOperation, { id }, { topics: ['alerts'] });
  return (
    <Answer of={query}>
      {({ alert }) => (alert ? <Found alert={alert} /> : <EmptyState title={t('gone')} text={t('goneText')} />)}
    </Answer>
  );
}

function Found({ alert }: { alert: AlertFactsFragment }) {
  const t = useWords(words);
  const format = useFormat();
  const valueOf = useValue();
  return (
    <Page
      title={t(`kind${alert.kind}`)}
      mark={<AlertState alert={alert} />}
      lead={t(`advice${alert.kind}`)}
      actions={
        <LinkButton to="/monitoring" search={{ tab: 'alerts' }}>
          {t('allAlerts')}
        </LinkButton>
      }
    >
      <Card title={t('facts')}>
        <Facts
          facts={[
            [t('of'), subjectOf(alert) ?? t('server')],
            [t('value'), valueOf(alert, alert.value)],
            [t('threshold'), valueOf(alert, alert.threshold)],
            [t('requests'), format.number(alert.requestCount)],
            [t('raised'), format.dateTime(alert.raisedAt)],
            [t('ended'), format.dateTime(alert.endedAt)],
            [t('endReason'), alert.endReason && t(`end${alert.endReason}`)],
            [t('endValue'), alert.endValue === null ? '' : valueOf(alert, alert.endValue)],
          ]}
        />
      </Card>
    </Page>
  );
}

function subjectOf({ subjectKind, subjectName }: AlertFactsFragment): ReactNode {
  if (subjectKind === 'TASK')
    return (
      <Link to="/taches/$id" params={{ id: subjectName }}>
        {subjectName}
      </Link>
    );
  if (subjectKind === 'WEBHOOK')
    return (
      <Link to="/webhooks/$id" params={{ id: subjectName }}>
        {subjectName}
      </Link>
    );
  return subjectName ? <code>{subjectName}</code> : undefined;
}
