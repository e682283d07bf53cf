import { version } from '../config/version.js';
import type { Database } from '../db/database.js';
import { sql } from '../db/sql.js';
import type { GaugeGroup } from '../metrics/gauge.js';
import type { Metrics } from '../metrics/metrics.js';
import type { AppServices } from './services.js';

/** What of the server's state operators watch, beside what modules declare. */
export function showState(metrics: Metrics, { config, database }: Pick<AppServices, 'config' | 'database'>): void {
  metrics.gauges({
    gauges: {
      xcore_build_info: { help: 'Always 1; the label is the version that runs', label: 'version' },
      xcore_process_info: { help: 'Always 1; the label says what the process does: all, web or worker', label: 'kind' },
    },
    read: async () => ({
      xcore_build_info: [{ of: version, value: 1 }],
      xcore_process_info: [{ of: config.process, value: 1 }],
    }),
  });
  metrics.gauges(connections(database));
  metrics.gauges(jobs(database));
  metrics.gauges(eventLog(database));
}

const connections = ({
  connections: poolsOf,
}: Database): GaugeGroup<
  'xcore_database_connections' | 'xcore_database_connections_busy' | 'xcore_database_waiting'
> => ({
  gauges: {
    xcore_database_connections: { help: 'Open connections to PostgreSQL, by pool', label: 'pool' },
    xcore_database_connections_busy: { help: 'Those of them with a statement or a transaction', label: 'pool' },
    xcore_database_waiting: { help: 'What waits for a connection, or in line on a shared one', label: 'pool' },
  },
  read: async () => {
    const pools = poolsOf();
    return {
      xcore_database_connections: pools.map(({ pool, open }) => ({ of: pool, value: open })),
      xcore_database_connections_busy: pools.map(({ pool, busy }) => ({ of: pool, value: busy })),
      xcore_database_waiting: pools.map(({ pool, waiting }) => ({ of: pool, value: waiting })),
    };
  },
});

interface QueueRow {
  name: string;
  waiting: number;
  active: number;
  failed: number;
  oldest: number;
}

/**
 * Of queues: what waits is counted now, by the index that hands it out; what is under way and what failed is as the
 * queue has last counted it, some seconds ago.
 */
const jobs = ({
  client,
}: Database): GaugeGroup<
  'xcore_jobs_waiting' | 'xcore_jobs_active' | 'xcore_jobs_failed' | 'xcore_jobs_oldest_waiting_seconds'
> => ({
  gauges: {
    xcore_jobs_waiting: { help: 'Jobs that are due and have not begun, by queue', label: 'queue' },
    xcore_jobs_active: { help: 'Jobs under way, by queue, as of the last count', label: 'queue' },
    xcore_jobs_failed: { help: 'Jobs that failed for good and are still kept, by queue', label: 'queue' },
    xcore_jobs_oldest_waiting_seconds: { help: 'For how long the first of those that are due waits', label: 'queue' },
  },
  read: async () => {
    const rows = await client.all<QueueRow>(sql`
      select q.name, q.active_count as active, q.failed_count as failed, coalesce(w.waiting, 0) as waiting,
             coalesce(w.oldest, 0)::float8 as oldest
        from pgboss.queue q left join (
          select name, count(*)::int as waiting, extract(epoch from now() - min(start_after)) as oldest
            from pgboss.job where state < 'active' and not blocked and start_after <= now() group by name) w
          on w.name = q.name
       where q.name not like '\\_\\_%' order by q.name`);
    const figures = (value: (row: QueueRow) => number) => rows.map((row) => ({ of: row.name, value: value(row) }));
    return {
      xcore_jobs_waiting: figures(({ waiting }) => waiting),
      xcore_jobs_active: figures(({ active }) => active),
      xcore_jobs_failed: figures(({ failed }) => failed),
      xcore_jobs_oldest_waiting_seconds: figures(({ oldest }) => oldest),
    };
  },
});

const eventLog = ({
  client,
}: Database): GaugeGroup<
  'xcore_events_newest_position' | 'xcore_events_unplaced' | 'xcore_event_consumer_lag' | 'xcore_event_failures'
> => ({
  gauges: {
    xcore_events_newest_position: { help: 'Position of the newest event of the log' },
    xcore_events_unplaced: { help: 'Events that wait for their position; at most 1000 are counted' },
    xcore_event_consumer_lag: { help: 'How many positions a consumer of the log is behind', label: 'consumer' },
    xcore_event_failures: { help: 'Events that a consumer could not consume and passed over', label: 'consumer' },
  },
  read: async () => {
    const log = await client.first<{ newest: number; unplaced: number }>(sql`
      select coalesce(max(position), 0)::float8 as newest,
             (select count(*)::int from (select 1 from events where position is null limit 1000) w) as unplaced
        from events`);
    const consumers = await client.all<{ name: string; position: number; failures: number }>(sql`
      select c.name, c.position::float8 as position,
             (select count(*)::int from event_failures f where f.consumer = c.name) as failures
        from event_cursors c order by c.name`);
    const { newest = 0, unplaced = 0 } = log ?? {};
    return {
      xcore_events_newest_position: newest,
      xcore_events_unplaced: unplaced,
      xcore_event_consumer_lag: consumers.map(({ name, position }) => ({
        of: name,
        value: Math.max(0, newest - position),
      })),
      xcore_event_failures: consumers.map(({ name, failures }) => ({ of: name, value: failures })),
    };
  },
});
