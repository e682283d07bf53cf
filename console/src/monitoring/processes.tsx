import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { Table } from '../ui/table';
import { ProcessListOperation } from './operations.gen';
import { words } from './words';

/** Heard later than this, a process is not alive. */
const aliveMs = 10_000;

export function Processes() {
  const t = useWords(words);
  const format = useFormat();
  const list = useGraphList(
    ProcessListOperation,
    {},
    { topics: [], everyMs: 5000, connectionOf: ({ processes }) => processes! },
  );
  return (
    <Card isFlush>
      <Answer of={list}>
        {() => (
          <>
            <Table
              label={t('processes')}
              items={list.nodes}
              empty={<EmptyState title={t('noProcesses')} />}
              columns={[
                {
                  id: 'host',
                  title: t('host'),
                  isName: true,
                  below: ({ role }) => t(`role${role}`),
                  cell: ({ host, pid }) => `${host}, ${pid}`,
                },
                {
                  id: 'state',
                  title: t('state'),
                  cell: ({ heardAt, isDraining }) => {
                    if (isDraining) return <Badge tone="warn">{t('draining')}</Badge>;
                    const isAlive = Date.now() - Date.parse(heardAt) < aliveMs * 2;
                    return <Badge tone={isAlive ? 'good' : 'bad'}>{isAlive ? t('alive') : t('silent')}</Badge>;
                  },
                },
                { id: 'role', title: t('role'), isExtra: true, cell: ({ role }) => t(`role${role}`) },
                { id: 'version', title: t('version'), isExtra: true, cell: ({ version }) => version },
                { id: 'since', title: t('since'), isExtra: true, cell: ({ startedAt }) => format.relative(startedAt) },
              ]}
            />
            <More list={list} />
          </>
        )}
      </Answer>
    </Card>
  );
}
