import type { TestServer } from '../support/harness.js';

/** What any use of a credential writes, and what deliveries note of a webhook; everything else must stay. */
const volatile = ['last_used_at', 'expires_at', 'last_attempt_at', 'failing_since', 'delivered_count', 'failed_count'];
/**
 * Failed logins, counters of quotas, replays of answers, challenges (used up by whoever answers them), what migrations
 * note, and how far consumers are.
 */
export const unwatched = [
  'login_attempts',
  'api_key_usage',
  'idempotency_keys',
  'passkey_challenges',
  'mikro_orm_migrations',
  'event_cursors',
];

/** A refused login leaves a failed one, and people are told in their own time. */
const eventsOfTheirOwnTime = `('user.login_failed', 'notification.created')`;

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
       join pg_tables p on p.tablename = c.table_name and p.schemaname = c.table_schema
      where c.table_schema = current_schema() and c.column_name <> all(?) and c.table_name <> all(?)
      group by 1 order by 1`,
    [`{${volatile.join(',')}}`, `{${unwatched.join(',')}}`],
  );
  await server.sql('create schema test_watch');
  await server.sql('create table test_watch.changes (id bigint generated always as identity primary key, name text)');
  await server.sql(`
    create function test_watch.note() returns trigger language plpgsql as $$ begin
      insert into test_watch.changes (name) values (tg_table_name);
      return null;
    end $$`);
  for (const { name, columns } of tables) {
    const counted = countedOf(name, columns);
    for (const kind of ['insert', 'update', 'delete'] as const) {
      await server.sql(
        `create trigger watched_${kind} after ${kind} on ${name} for each row when (${counted[kind]})
           execute function test_watch.note()`,
      );
    }
    await server.sql(
      `create trigger watched_truncate after truncate on ${name} for each statement execute function test_watch.note()`,
    );
  }
  return async () => {
    const counts = await server.sql('select name, count(*)::int as n from test_watch.changes group by 1 order by 1');
    return Object.fromEntries(counts.map(({ name, n }) => [name, n]));
  };
}
