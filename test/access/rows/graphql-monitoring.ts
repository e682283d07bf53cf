import { randomUUID } from 'node:crypto';
import { byId, change, graphqlCells as cells, type GraphqlRow, type Stage, text } from '../row.js';

const who = ['monitoring:read'] as const;

/** A subscription that some process wrote down. */
async function openSubscription({ server, right }: Stage): Promise<{ id: string }> {
  const id = randomUUID();
  await server.sql(
    `insert into open_subscriptions
            (id, process, user_id, operation, transport, started_at, position, lag_events, lag_seconds)
     values (?, gen_random_uuid(), ?, 'documentEvents', 'graphql-ws', now(), 0, 1000, 1)`,
    [id, right.id],
  );
  return { id };
}

export const monitoringMutationRows: Record<string, GraphqlRow> = {
  endSubscription: {
    who: ['monitoring:read', 'monitoring:write'],
    otherWho: 'manager',
    document: change('endSubscription', 'EndSubscriptionInput', 'subscriptionId'),
    variables: async (stage) => ({ input: await openSubscription(stage) }),
    expect: cells.grantedWrite,
  },
};

export const monitoringQueryRows: Record<string, GraphqlRow> = {
  monitoringSummary: {
    who,
    otherWho: 'manager',
    document: '{ monitoringSummary { all { requestCount } routes { route } } }',
    expect: cells.grantedRead,
  },
  processes: {
    who,
    otherWho: 'manager',
    document: '{ processes(first: 100) { nodes { id } } }',
    variables: ({ server }) => ({ id: server.services.presence.id }),
    shows: text('id'),
    expect: cells.grantedRead,
  },
  alert: {
    who,
    otherWho: 'manager',
    document: byId('alert', 'subjectName'),
    variables: ({ make }) => make.alert(),
    shows: text('subject'),
    expect: cells.grantedRead,
  },
  alerts: {
    who,
    otherWho: 'manager',
    document: '{ alerts(first: 100) { nodes { subjectName } } }',
    variables: ({ make }) => make.alert(),
    shows: text('subject'),
    expect: cells.grantedRead,
  },
  openSubscriptions: {
    who,
    otherWho: 'manager',
    document: '{ openSubscriptions { id operation transport lagEvents } }',
    variables: openSubscription,
    shows: text('id'),
    expect: cells.grantedRead,
  },
};
