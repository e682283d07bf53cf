import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { KeysCard } from '../profile/keys-card';
import { useMay } from '../session/session';
import { Select } from '../ui/choice-fields';
import { Filters } from '../ui/filters';
import { Answer, Card, EmptyState, Loading, Page } from '../ui/page';
import { SearchField } from '../ui/search-field';
import { Table } from '../ui/table';
import { KeyCostsOperation } from './operations.gen';
import { keyStatuses } from './routes';
import { words } from './words';

const BarChart = lazy(() => import('../ui/bar-chart').then(({ BarChart }) => ({ default: BarChart })));

/** Everybody's keys: quota and cost of each. */
export function KeysPage() {
  const t = useWords(words);
  const may = useMay();
  const { search, status } = useSearch({ from: '/app/api-keys' });
  const navigate = useNavigate({ from: '/api-keys' });
  return (
    <Page title={t('keys')} lead={t('keysLead')}>
      <Filters>
        <SearchField
          label={t('searchKeys')}
          defaultValue={search ?? ''}
          onChange={(typed) =>
            void navigate({ search: (now) => ({ ...now, search: typed || undefined }), replace: true })
          }
        />
        <Select
          label={t('state')}
          value={status ?? 'all'}
          onChange={(chosen) =>
            void navigate({
              search: (now) => ({ ...now, status: keyStatuses.find((each) => each === chosen) }),
              replace: true,
            })
          }
          choices={[{ id: 'all', label: t('all') }, ...keyStatuses.map((id) => ({ id, label: t(`key${id}`) }))]}
        />
      </Filters>
      <KeysCard filter={{ search: search ?? null, status: status ?? null }} />
      {may('monitoring:read') && <Costs />}
    </Page>
  );
}

/** What the keys took of the server in the last day: requests, and the time that they took together. */
function Costs() {
  const t = useWords(words);
  const format = useFormat();
  const query = useGraph(KeyCostsOperation, { period: 'DAY' }, { topics: [], everyMs: 15_000 });
  return (
    <Answer of={query}>
      {({ monitoringSummary }) => {
        const rows = (monitoringSummary?.apiKeys ?? []).map(({ apiKeyId, name, prefix, figures }) => ({
          id: apiKeyId,
          name: name ?? prefix ?? apiKeyId,
          ...figures,
          seconds: (figures.requestCount * figures.averageMs) / 1000,
        }));
        if (rows.length === 0)
          return (
            <Card title={t('cost')}>
              <EmptyState title={t('noCost')} text={t('noCostText')} />
            </Card>
          );
        return (
          <>
            <Card title={t('cost')}>
              <Suspense fallback={<Loading />}>
                <BarChart
                  label={t('cost')}
                  series={[t('answered'), t('refused')]}
                  rows={rows.slice(0, 10).map(({ name, requestCount, refusedCount }) => ({
                    name,
                    values: [requestCount - refusedCount, refusedCount],
                  }))}
                />
              </Suspense>
            </Card>
            <Card isFlush>
              <Table
                label={t('cost')}
                items={rows}
                columns={[
                  { id: 'name', title: t('name'), isName: true, cell: ({ name }) => name },
                  {
                    id: 'requests',
                    title: t('requests'),
                    isNumber: true,
                    cell: ({ requestCount }) => format.number(requestCount),
                  },
                  {
                    id: 'refused',
                    title: t('refused'),
                    isNumber: true,
                    isExtra: true,
                    cell: ({ refusedCount }) => format.number(refusedCount),
                  },
                  {
                    id: 'time',
                    title: t('serverTime'),
                    isNumber: true,
                    cell: ({ seconds }) =>
                      format.number(seconds, { style: 'unit', unit: 'second', maximumFractionDigits: 1 }),
                  },
                ]}
              />
            </Card>
          </>
        );
      }}
    </Answer>
  );
}
