import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { Answer, Card, EmptyState } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { EndFollowerOperation, FollowersOperation } from './operations.gen';
import { words } from './words';

/** Who follows the event log now, those that lag most first. */
export function Followers() {
  const t = useWords(words);
  const format = useFormat();
  const may = useMay();
  const query = useGraph(FollowersOperation, {}, { topics: [], everyMs: 3000 });
  const end = useAction(EndFollowerOperation, {
    touches: [],
    onDone: () => {
      tell(t('followerEnded'));
      void query.refetch();
    },
    onError: complain,
  });
  return (
    <Card isFlush>
      <Answer of={query}>
        {({ openSubscriptions }) => (
          <Table
            label={t('followers')}
            items={openSubscriptions ?? []}
            empty={<EmptyState title={t('noFollowers')} text={t('noFollowersText')} />}
            columns={[
              {
                id: 'operation',
                title: t('name'),
                isName: true,
                cell: ({ operation }) => <code>{operation}</code>,
                below: ({ user, startedAt }) => `${user?.fullName ?? '–'} · ${format.dateTime(startedAt, 'medium')}`,
              },
              { id: 'who', title: t('who'), isName: true, isExtra: true, cell: ({ user }) => user?.fullName ?? '–' },
              { id: 'by', title: t('transport'), isExtra: true, cell: ({ transport }) => t(`by${transport}`) },
              {
                id: 'lag',
                title: t('lag'),
                isNumber: true,
                isExtra: true,
                cell: ({ lagEvents }) => format.number(lagEvents),
              },
              {
                id: 'since',
                title: t('since'),
                // One person may follow the same from two browsers, which begin at two moments.
                isName: true,
                isExtra: true,
                cell: ({ startedAt }) => format.dateTime(startedAt, 'medium'),
              },
              {
                id: 'end',
                title: t('actions'),
                cell: ({ id }) =>
                  may('monitoring:write') && (
                    <Button size="small" kind="quiet" onPress={() => void end.run({ input: { id } })}>
                      {t('end')}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Answer>
    </Card>
  );
}
