import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAction, useGraph, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/dialog';
import { Badge, Notice } from '../ui/notice';
import { Answer, Card, EmptyState, Facts, More, Page } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { Amount } from './amount';
import { moneyWords } from './money-words';
import { nextDays } from './next-days';
import {
  RecurrenceRuleOperation,
  type RecurrenceRuleQuery,
  SkipOccurrenceOperation,
  StopRecurrenceOperation,
  WrittenByRuleOperation,
} from './operations.gen';
import { RecurrenceDialog } from './recurrence-dialog';

const route = getRouteApi('/app/recurrence-rules/$id');
const shownDays = 6;

export function RecurrencePage() {
  const t = useWords(moneyWords);
  const { id } = route.useParams();
  const answer = useGraph(RecurrenceRuleOperation, { id }, { topics: ['banking'] });
  return (
    <Answer of={answer}>
      {({ recurrenceRule }) =>
        recurrenceRule ? (
          <Recurrence rule={recurrenceRule} />
        ) : (
          <Page title={t('recurrence')}>
            <EmptyState title={t('noSuchRecurrence')} />
          </Page>
        )
      }
    </Answer>
  );
}

function Recurrence({ rule }: { rule: NonNullable<RecurrenceRuleQuery['recurrenceRule']> }) {
  const t = useWords(moneyWords);
  const format = useFormat();
  const [isEditing, setEditing] = useState(false);
  const skip = useAction(SkipOccurrenceOperation, { touches: ['banking'], onError: complain });
  const stop = useAction(StopRecurrenceOperation, { touches: ['banking'], onError: complain });
  const written = useGraphList(
    WrittenByRuleOperation,
    { filter: { recurrenceRuleId: rule.id } },
    { topics: ['banking'], connectionOf: ({ transactions }) => transactions ?? none },
  );
  const { id, account, stoppedAt } = rule;
  const pending = rule.pendingOccurrences.map(({ date }) => date);
  const days =
    stoppedAt === null ? [...pending, ...nextDays(rule, shownDays).filter((day) => !pending.includes(day))] : [];
  const leaveOut = async (date: string): Promise<void> => {
    if (await skip.run({ input: { id, date } })) tell(t('skipped', { date: format.date(date) }));
  };
  return (
    <Page
      title={rule.description}
      mark={stoppedAt && <Badge tone="warn">{t('stopped')}</Badge>}
      lead={t(`every_${rule.frequency}`, { count: rule.interval })}
      actions={
        stoppedAt === null && (
          <>
            <Button onPress={() => setEditing(true)}>{t('edit')}</Button>
            <ConfirmButton
              title={t('stopTitle')}
              text={t('stopText')}
              action={t('stop')}
              onConfirm={async () => {
                if (await stop.run({ input: { id } })) tell(t('stopped'));
              }}
            >
              {t('stop')}
            </ConfirmButton>
          </>
        )
      }
    >
      {rule.refusedOn && <Notice tone="warn">{t('refusedText', { date: format.date(rule.refusedOn) })}</Notice>}
      <Card title={t('facts')}>
        <Facts
          facts={[
            [t('amount'), format.money(rule.amount, account.currency, true)],
            [
              t('account'),
              <Link key="account" to="/accounts/$id" params={{ id: account.id }}>
                {account.name}
              </Link>,
            ],
            [t('category'), rule.category?.name],
            [t('firstDay'), format.date(rule.startDate)],
            [t('lastDay'), format.date(rule.endDate)],
            [t('by'), rule.createdBy?.fullName],
          ]}
        />
      </Card>
      {stoppedAt === null && (
        <Card isFlush title={t('nextOnes')}>
          <Table
            label={t('nextOnes')}
            items={days.map((day) => ({ id: day }))}
            empty={<EmptyState title={t('noNext')} />}
            columns={[
              {
                id: 'date',
                title: t('date'),
                isName: true,
                cell: ({ id: day }) => (
                  <span className="row">
                    {format.date(day, 'full')}
                    {pending.includes(day) && <Badge tone="warn">{t('pending')}</Badge>}
                  </span>
                ),
              },
              {
                id: 'skip',
                title: t('actions'),
                isTitleHidden: true,
                cell: ({ id: day }) => (
                  <ConfirmButton
                    kind="quiet"
                    size="small"
                    title={t('skipTitle', { date: format.date(day) })}
                    text={t('skipText')}
                    action={t('skip')}
                    onConfirm={() => leaveOut(day)}
                  >
                    {t('skip')}
                  </ConfirmButton>
                ),
              },
            ]}
          />
        </Card>
      )}
      <Card isFlush title={t('written')}>
        {written.nodes.length === 0 ? (
          <EmptyState title={t('nothingWritten')} />
        ) : (
          <>
            <Table
              label={t('written')}
              items={written.nodes}
              columns={[
                { id: 'date', title: t('date'), isShort: true, cell: (of) => format.date(of.transactionDate) },
                { id: 'what', title: t('description'), isName: true, cell: ({ description }) => description },
                {
                  id: 'amount',
                  title: t('amount'),
                  isNumber: true,
                  cell: ({ amount }) => <Amount value={amount} currency={account.currency} />,
                },
              ]}
            />
            <More list={written} />
          </>
        )}
      </Card>
      {isEditing && <RecurrenceDialog rule={rule} onClose={() => setEditing(false)} />}
    </Page>
  );
}

const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 };
