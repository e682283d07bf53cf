import { useNavigate, useSearch } from '@tanstack/react-router';
import { FileInput } from 'lucide-react';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Select } from '../ui/choice-fields';
import { Filters } from '../ui/filters';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More, Page } from '../ui/page';
import { Progress } from '../ui/progress';
import { Table } from '../ui/table';
import { IngestListOperation } from './operations.gen';
import { ingestStatuses } from './routes';
import { words } from './words';

const tones = { WAITING: 'info', RUNNING: 'info', DONE: 'good', DUPLICATE: 'warn', REFUSED: 'bad' } as const;

/** Files on their way to becoming documents, as they go. */
export function IngestsPage() {
  const t = useWords(words);
  const format = useFormat();
  const { status } = useSearch({ from: '/app/ingests' });
  const navigate = useNavigate({ from: '/ingests' });
  const list = useGraphList(
    IngestListOperation,
    { filter: { status: status ?? null } },
    { topics: ['ingests'], connectionOf: ({ ingests }) => ingests! },
  );
  return (
    <Page title={t('ingests')} lead={t('ingestsLead')}>
      <Filters>
        <Select
          label={t('state')}
          value={status ?? 'all'}
          onChange={(chosen) =>
            void navigate({ search: { status: ingestStatuses.find((each) => each === chosen) }, replace: true })
          }
          choices={[{ id: 'all', label: t('all') }, ...ingestStatuses.map((id) => ({ id, label: t(`ingest${id}`) }))]}
        />
      </Filters>
      <Card isFlush>
        <Answer of={list}>
          {() => (
            <>
              <Table
                label={t('ingests')}
                items={list.nodes}
                empty={
                  <EmptyState
                    icon={<FileInput size={32} aria-hidden />}
                    title={t('noIngests')}
                    text={t('noIngestsText')}
                  />
                }
                columns={[
                  { id: 'name', title: t('file'), isName: true, cell: ({ name }) => name },
                  {
                    id: 'state',
                    title: t('state'),
                    cell: ({ status, done, total }) =>
                      status === 'RUNNING' && total ? (
                        <Progress label={t('ingestRUNNING')} value={(100 * done) / total} />
                      ) : (
                        <Badge tone={tones[status]}>{t(`ingest${status}`)}</Badge>
                      ),
                  },
                  { id: 'how', title: t('how'), isExtra: true, cell: ({ kind }) => t(`kind${kind}`) },
                  { id: 'owner', title: t('owner'), isExtra: true, cell: ({ owner }) => owner?.fullName },
                  {
                    id: 'result',
                    title: t('result'),
                    cell: ({ document, error }) =>
                      document ? <a href={`/console/documents/${document.id}`}>{document.title}</a> : error,
                  },
                  { id: 'at', title: t('at'), isExtra: true, cell: ({ createdAt }) => format.dateTime(createdAt) },
                ]}
              />
              <More list={list} />
            </>
          )}
        </Answer>
      </Card>
    </Page>
  );
}
