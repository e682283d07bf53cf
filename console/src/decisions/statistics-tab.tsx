import { useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { BarChart } from '../ui/bar-chart';
import { Answer, Card, Figure } from '../ui/page';
import { DecisionFiguresOperation, type DecisionCountFragment } from './operations.gen';
import { words } from './words';

const kinds = ['approved', 'rejected', 'pending'] as const;
const titles = { approved: 'statApproved', rejected: 'statRejected', pending: 'statPending' } as const;

/** How much was decided today, this week, this month and this year. */
export function StatisticsTab() {
  const t = useWords(words);
  const format = useFormat();
  const query = useGraph(DecisionFiguresOperation, {}, { topics: ['approvals'] });
  const noteOf = ({ totalAmount, averageAmount }: DecisionCountFragment): string => {
    const said = (amount: number) => format.number(amount, { minimumFractionDigits: 2 });
    return t('sum', { total: said(totalAmount), average: said(averageAmount) });
  };
  return (
    <Answer of={query}>
      {({ day, week, month, year }) => (
        <div className="stack">
          {month && (
            <div className="columns">
              {kinds.map((kind) => (
                <Figure
                  key={kind}
                  name={`${t(titles[kind])} · ${t('MONTH')}`}
                  value={format.number(month[kind].count)}
                  note={noteOf(month[kind])}
                />
              ))}
            </div>
          )}
          <Card title={t('chart')}>
            <BarChart
              label={t('chart')}
              height={280}
              series={kinds.map((kind) => t(titles[kind]))}
              rows={[
                { name: t('DAY'), of: day },
                { name: t('WEEK'), of: week },
                { name: t('MONTH'), of: month },
                { name: t('YEAR'), of: year },
              ].map(({ name, of }) => ({ name, values: kinds.map((kind) => of?.[kind].count ?? 0) }))}
            />
          </Card>
        </div>
      )}
    </Answer>
  );
}
