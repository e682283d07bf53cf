import { setTimeout } from 'node:timers/promises';
import type { TestServer } from '../support/harness.js';

/** What any use of a credential writes, and what deliveries note of a webhook; everything else must stay. */
const volatile = [
  'last_used_at',
  'last_read_at',
  'expires_at',
  'last_attempt_at',
  'failing_since',
  'delivered_count',
  'failed_count',
  'reminded_of',
];
/**
 * Failed logins, counters of quotas, figures of requests and what they raise, processes that are heard, replays of answers, challenges (used up by
 * whoever answers them), what migrations note, and how far consumers are.
 * Failed logins, counters of quotas, figures of requests and what they raise, replays of answers, challenges (used up by
 * whoever answers them), what migrations note, how far consumers are, and what of the log was dropped.
 */
export const unwatched = [
  'login_attempts',
  'api_key_usage',
  'monitoring_figures',
  'alerts',
  'processes',
  'idempotency_keys',
  'passkey_challenges',
  'mikro_orm_migrations',
  'event_cursors',
  'event_log',
  'open_subscriptions',
];

/** A refused login leaves a failed one; people are told, and the server judges itself, in their own time. */
const eventsOfTheirOwnTime = `(
  'user.login_failed', 'notification.created', 'alert.raised', 'alert.ended', 'task.completed', 'task.failed',
  'appointment.reminded')`;

/** When a row's insertion, update or deletion counts; `false`: never. */
interface Counted {
  insert: string;
  update: string;
  delete: string;
}

const countedOf = (name: string, columns: readonly string[]): Counted => {
  // The log only grows, but for erasures; what is updated in it are positions.
  if (name === 'events')
    return {
      insert: `new.type not in ${eventsOfTheirOwnTime}`,
      update: 'false',
      delete: `old.type not in ${eventsOfTheirOwnTime}`,
    };
  // People are told in their own time of what was prepared; what a request changes is what is read.
  if (name === 'notifications')
    return {
      insert: 'new.read_at is not null',
      update: '(old.read_at is null) <> (new.read_at is null)',
      delete: 'old.read_at is not null',
    };
  // Events are delivered in their own time, as are tests and replays that were asked for.
  if (name === 'webhook_deliveries') return { insert: `new.kind <> 'event'`, update: 'false', delete: 'true' };
  // What the clock begins, and how runs go on: what people set is what counts.
  if (name === 'tasks') {
    const set = (of: 'old' | 'new'): string =>
      `row(${of}.name, ${of}.type, ${of}.schedule, ${of}.interval_seconds, ${of}.run_at, ${of}.action, ${of}.params,
           ${of}.status = 'paused', ${of}.updated_at)::text`;
    return { insert: 'true', update: `${set('old')} <> ${set('new')}`, delete: 'true' };
  }
  if (name === 'task_runs') return { insert: 'new.started_by_id is not null', update: 'false', delete: 'true' };
  // A replay goes on in its own time.
  if (name === 'webhook_replays') return { insert: 'true', update: `new.status = 'cancelled'`, delete: 'true' };
  const row = (of: 'old' | 'new'): string => `row(${columns.map((column) => `${of}.${column}`).join(', ')})::text`;
  return { insert: 'true', update: `${row('old')} <> ${row('new')}`, delete: 'true' };
};

/**
 * Has every table note its changes from now on, by triggers. Returns a function that resolves with the number of changes
 * of each table: a committed change of any row that matters raises it.
 */
export async function stateOf(server: TestServer): Promise<() => Promise<Record<string, number>>> {
  const tables: { name: string; columns: string[] }[] = await server.sql(
    `select c.table_name as name, json_agg(c.column_name order by c.ordinal_position) as columns
       from information_schema.columns c
       join pg_class p on p.oid = c.table_name::regclass and p.relkind in ('r', 'p') and not p.relispartition
      where c.table_schema = current_schema() and c.column_name <> all(?) and c.table_name <> all(?)
      group by 1 order by 1`,
    [`{${volatile.join(',')}}`, `{${unwatched.join(',')}}`],
  );
  await server.sql('create schema test_watch');
  await server.sql('create table test_watch.changes (id bigint generated always as identity primary key, name text)');
  await server.sql(`
    create function test_watch.note() returns trigger language plpgsql as $$ begin
      insert into test_watch.changes (name) values (tg_argv[0]);
      return null;
    end $$`);
  for (const { name, columns } of tables) {
    const counted = countedOf(name, columns);
    for (const kind of ['insert', 'update', 'delete'] as const) {
      await server.sql(
        `create trigger watched_${kind} after ${kind} on ${name} for each row when (${counted[kind]})
           execute function test_watch.note('${name}')`,
      );
    }
    await server.sql(
      `create trigger watched_truncate after truncate on ${name} for each statement
         execute function test_watch.note('${name}')`,
    );
  }
  return async () => {
    const counts = await server.sql('select name, count(*)::int as n from test_watch.changes group by 1 order by 1');
    return Object.fromEntries(counts.map(({ name, n }) => [name, n]));
  };
}

const settleMs = 10_000;
const lookMs = 20;

/**
 * A function that resolves when the jobs that earlier requests began have written what they had to. What does not end
 * within ten seconds is waited for once.
 */
export function settling(server: TestServer): () => Promise<void> {
  let left = 0;
  const underWay = async (): Promise<number> => {
    const [row] = await server.sql(`
      select (select count(*) from reports where status = 'in_progress')::int
           + (select count(*) from media where status = 'processing')::int
           + (select count(*) from webhook_replays where status = 'running')::int as n`);
    return row.n;
  };
  return async () => {
    const until = Date.now() + settleMs;
    let now = await underWay();
    for (; now > left && Date.now() < until; now = await underWay()) await setTimeout(lookMs);
    left = now;
  };
}
