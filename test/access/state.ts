import type { TestServer } from '../support/harness.js';

/** What any use of a credential writes; everything else must stay. */
const volatile = ['last_used_at', 'expires_at'];
/** Failed logins, counters of quotas, replays of answers, challenges (used up by whoever answers them), what migrations note, and how far consumers are. */
const unwatched = [
  'login_attempts',
  'api_key_usage',
  'idempotency_keys',
  'passkey_challenges',
  'mikro_orm_migrations',
  'event_cursors',
];

/** Makes a function that answers a text for the state of the whole database: it changes with any row that matters. */
export async function stateOf(server: TestServer): Promise<() => Promise<Record<string, string>>> {
  const tables = await server.sql(
    `select c.table_name as name, string_agg('t.' || c.column_name, ', ' order by c.ordinal_position) as columns
       from information_schema.columns c join pg_tables p on p.tablename = c.table_name and p.schemaname = c.table_schema
      where c.table_schema = current_schema() and c.column_name <> all(?) and c.table_name <> all(?) group by 1 order by 1`,
    [`{${volatile.join(',')}}`, `{${unwatched.join(',')}}`],
  );
  const statement = tables
    .map(({ name, columns }) => {
      // The log only grows, but for erasures. A refused login leaves a failed one, and people are told in their own time.
      if (name === 'events')
        return `select 'events' as name, count(*)::text as state from events where type not in ('user.login_failed', 'notification.created')`;
      // People are told in their own time of what was prepared; what a request changes is what is read.
      if (name === 'notifications')
        return `select 'notifications' as name, count(read_at)::text as state from notifications`;
      return `select '${name}' as name, count(*) || ' ' || coalesce(sum(hashtext(row(${columns})::text)), 0) as state from ${name} t`;
    })
    .join(' union all ');
  return async () => Object.fromEntries((await server.sql(statement)).map(({ name, state }) => [name, state]));
}
