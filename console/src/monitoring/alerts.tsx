import { BellRing } from 'lucide-react';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { Table } from '../ui/table';
import { type AlertFactsFragment, AlertListOperation } from './operations.gen';
import { words } from './words';

export function AlertState({ alert: { endedAt } }: { alert: AlertFactsFragment }) {
  const t = useWords(words);
  return <Badge tone={endedAt ? 'plain' : 'bad'}>{endedAt ? t('over') : t('up')}</Badge>;
}

/** What an alert's figure means, with its unit. */
export function useValue(): (alert: AlertFactsFragment, value: string | number) => string {
  const t = useWords(words);
  const format = useFormat();
  return ({ kind }, value) => {
    const number = Number(value);
    if (kind === 'FAILURE_RATE') return `${format.number(number)} %`;
    if (kind === 'WEBHOOK_FAILURES') return t('times', { count: number });
    return format.number(number, { style: 'unit', unit: 'second', unitDisplay: 'long', maximumFractionDigits: 2 });
  };
}

/** What is and was wrong. */
export function Alerts() {
  const t = useWords(words);
  const format = useFormat();
  const valueOf = useValue();
  const list = useGraphList(
    AlertListOperation,
    { filter: null },
    { topics: ['alerts'], connectionOf: ({ alerts }) => alerts! },
  );
  return (
    <Card isFlush>
      <Answer of={list}>
        {() => (
          <>
            <Table
              label={t('alerts')}
              items={list.nodes}
              hrefOf={({ id }) => `/monitoring/alertes/${id}`}
              empty={
                <EmptyState icon={<BellRing size={32} aria-hidden />} title={t('allWell')} text={t('allWellText')} />
              }
              columns={[
                { id: 'kind', title: t('what'), isName: true, cell: ({ kind }) => t(`kind${kind}`) },
                { id: 'state', title: t('state'), cell: (alert) => <AlertState alert={alert} /> },
                { id: 'of', title: t('of'), isExtra: true, cell: ({ subjectName }) => subjectName || t('server') },
                { id: 'value', title: t('value'), isExtra: true, cell: (alert) => valueOf(alert, alert.value) },
                { id: 'raised', title: t('raised'), cell: ({ raisedAt }) => format.dateTime(raisedAt) },
              ]}
            />
            <More list={list} />
          </>
        )}
      </Answer>
    </Card>
  );
}
