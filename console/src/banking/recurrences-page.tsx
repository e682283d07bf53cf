import { getRouteApi } from '@tanstack/react-router';
import { Plus, Repeat } from 'lucide-react';
import { useState } from 'react';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More, Page } from '../ui/page';
import { Table } from '../ui/table';
import { Amount } from './amount';
import { moneyWords } from './money-words';
import { RecurrenceRulesOperation } from './operations.gen';
import { RecurrenceDialog } from './recurrence-dialog';

const route = getRouteApi('/app/recurrence-rules');

/** What is written again and again by itself. */
export function RecurrencesPage() {
  const t = useWords(moneyWords);
  const format = useFormat();
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  const [isAdding, setAdding] = useState(false);
  const list = useGraphList(
    RecurrenceRulesOperation,
    { filter: { isStopped: state === 'stopped' } },
    { topics: ['banking'], connectionOf: ({ recurrenceRules }) => recurrenceRules ?? none },
  );
  const add = (
    <Button kind="primary" onPress={() => setAdding(true)}>
      <Plus size={18} aria-hidden />
      {t('addRecurrence')}
    </Button>
  );
  return (
    <Page title={t('recurrences')} lead={t('recurrencesLead')} actions={add}>
      <div className="row">
        <Select
          label={t('state')}
          choices={[
            { id: 'running', label: t('running') },
            { id: 'stopped', label: t('stoppedOnes') },
          ]}
          value={state ?? 'running'}
          onChange={(value) => void navigate({ search: value === 'stopped' ? { state: value } : {} })}
        />
      </div>
      <Card isFlush>
        <Answer of={{ ...list, data: list.first }}>
          {() =>
            list.nodes.length === 0 ? (
              <EmptyState
                icon={<Repeat size={32} aria-hidden />}
                title={t('noRecurrences')}
                text={t('noRecurrencesText')}
                action={state === undefined ? add : undefined}
              />
            ) : (
              <>
                <Table
                  label={t('recurrences')}
                  items={list.nodes}
                  hrefOf={({ id }) => `/recurrence-rules/${id}`}
                  columns={[
                    {
                      id: 'what',
                      title: t('description'),
                      isName: true,
                      cell: ({ description, refusedOn }) => (
                        <span className="row">
                          {description}
                          {refusedOn && <Badge tone="warn">{t('refused')}</Badge>}
                        </span>
                      ),
                    },
                    {
                      id: 'often',
                      title: t('often'),
                      isExtra: true,
                      cell: ({ frequency, interval }) => t(`every_${frequency}`, { count: interval }),
                    },
                    {
                      id: 'next',
                      title: t('nextOne'),
                      isShort: true,
                      cell: ({ nextOccurrence }) => format.date(nextOccurrence) || '–',
                    },
                    { id: 'account', title: t('account'), isExtra: true, cell: ({ account }) => account.name },
                    {
                      id: 'amount',
                      title: t('amount'),
                      isNumber: true,
                      cell: ({ amount, account }) => <Amount value={amount} currency={account.currency} />,
                    },
                  ]}
                />
                <More list={list} />
              </>
            )
          }
        </Answer>
      </Card>
      {isAdding && <RecurrenceDialog onClose={() => setAdding(false)} />}
    </Page>
  );
}

const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 };
