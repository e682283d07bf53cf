import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Select } from '../ui/choice-fields';
import { Filters } from '../ui/filters';
import { Answer, Card, EmptyState, Figure, Loading } from '../ui/page';
import { Table } from '../ui/table';
import { type RequestTimesFragment, SummaryOperation } from './operations.gen';
import { periods } from './routes';
import { words } from './words';
import styles from './monitoring.module.css';

const BarChart = lazy(() => import('../ui/bar-chart').then(({ BarChart }) => ({ default: BarChart })));

interface Row {
  id: string;
  name: string;
  figures: RequestTimesFragment;
}

/** Response times, counts and failures of a period. */
export function Requests() {
  const t = useWords(words);
  const format = useFormat();
  const { period = 'DAY' } = useSearch({ from: '/app/monitoring' });
  const navigate = useNavigate({ from: '/monitoring' });
  const query = useGraph(SummaryOperation, { period }, { topics: ['alerts'], everyMs: 10_000 });
  return (
    <div className="stack">
      <Filters>
        <Select
          label={t('period')}
          value={period}
          onChange={(chosen) =>
            void navigate({
              search: (now) => ({ ...now, period: periods.find((each) => each === chosen) }),
              replace: true,
            })
          }
          choices={periods.map((id) => ({ id, label: t(`period${id}`) }))}
        />
      </Filters>
      <Answer of={query}>
        {({ monitoringSummary: found }) =>
          found && (
            <>
              <div className="figures">
                <Figure name={t('requests')} value={format.number(found.all.requestCount)} />
                <Figure name={t('refused')} value={format.number(found.all.refusedCount)} note={t('refusedHint')} />
                <Figure
                  name={t('failed')}
                  value={format.number(found.all.failedCount)}
                  note={`${format.number(Number(found.all.failurePercent))} %`}
                />
                <Figure name={t('median')} value={milliseconds(found.all.medianMs, format.number)} />
                <Figure name={t('p95')} value={milliseconds(found.all.p95Ms, format.number)} />
                <Figure name={t('alertsUp')} value={format.number(found.alertsUp)} />
              </div>
              <Breakdown
                title={t('operations')}
                rows={found.operations.map(({ operation, figures }) => ({ id: operation, name: operation, figures }))}
              />
              <Breakdown
                title={t('routes')}
                rows={found.routes.map(({ route, figures }) => ({ id: route, name: route, figures }))}
              />
              <Breakdown
                title={t('keys')}
                rows={found.apiKeys.map(({ apiKeyId, name, prefix, figures }) => ({
                  id: apiKeyId,
                  name: name ?? prefix ?? apiKeyId,
                  figures,
                }))}
              />
              <Breakdown
                title={t('webhooks')}
                rows={found.webhooks.map(({ webhookEndpointId: id, name, figures }) => ({
                  id,
                  name: name ?? id,
                  figures,
                }))}
              />
            </>
          )
        }
      </Answer>
    </div>
  );
}

const milliseconds = (value: number, number: (value: number) => string): string => `${number(value)} ms`;

function Breakdown({ title, rows }: { title: string; rows: readonly Row[] }) {
  const t = useWords(words);
  const format = useFormat();
  const busiest = rows.slice(0, 8);
  return (
    <Card title={title} isFlush={rows.length > 0}>
      {rows.length === 0 ? (
        <EmptyState title={t('noRequests')} text={t('noRequestsText')} />
      ) : (
        <>
          <div className={styles.chart}>
            <Suspense fallback={<Loading />}>
              <BarChart
                label={title}
                series={[t('answered'), t('refused'), t('failed')]}
                rows={busiest.map(({ name, figures: { requestCount, refusedCount, failedCount } }) => ({
                  name,
                  values: [requestCount - refusedCount - failedCount, refusedCount, failedCount],
                }))}
              />
            </Suspense>
          </div>
          <Table
            label={title}
            items={rows}
            columns={[
              { id: 'name', title: t('name'), isName: true, cell: ({ name }) => <code>{name}</code> },
              {
                id: 'count',
                title: t('requests'),
                isNumber: true,
                cell: ({ figures }) => format.number(figures.requestCount),
              },
              {
                id: 'refused',
                title: t('refused'),
                isNumber: true,
                isExtra: true,
                cell: ({ figures }) => format.number(figures.refusedCount),
              },
              {
                id: 'failed',
                title: t('failed'),
                isNumber: true,
                isExtra: true,
                cell: ({ figures }) => format.number(figures.failedCount),
              },
              {
                id: 'median',
                title: t('median'),
                isNumber: true,
                cell: ({ figures }) => milliseconds(figures.medianMs, format.number),
              },
              {
                id: 'p95',
                title: t('p95'),
                isNumber: true,
                isExtra: true,
                cell: ({ figures }) => milliseconds(figures.p95Ms, format.number),
              },
            ]}
          />
        </>
      )}
    </Card>
  );
}
