import type { TestServer } from '../support/harness.js';

/** What any use of a credential writes (`pdf_key`: a drawing that is kept); everything else must stay. */
const volatile = ['last_used_at', 'expires_at', 'pdf_key'];
/** Failed logins, counters of quotas, replays of answers, and what migrations note. */
const unwatched = ['login_attempts', 'api_key_usage', 'idempotency_keys', 'mikro_orm_migrations'];

/** Makes a function that answers a text for the state of the whole database: it changes with any row that matters. */
export async function stateOf(server: TestServer): Promise<() => Promise<Record<string, string>>> {
  const tables = await server.sql(`select tablename as name from pg_tables where schemaname = current_schema() order by 1`);
  const keys = volatile.map((name) => `'${name}'`).join(', ');
  const statement = tables
    .map(({ name }) => String(name))
    .filter((name) => !unwatched.includes(name))
    .map((name) => {
      // The log only grows, but for erasures; its failed logins are what a refused login leaves.
      if (name === 'events') return `select 'events' as name, count(*)::text as state from events where type <> 'user.login_failed'`;
      return `select '${name}' as name, count(*) || ' ' || coalesce(sum(hashtext((to_jsonb(t) - array[${keys}])::text)), 0) as state from ${name} t`;
    })
    .join(' union all ');
  return async () => Object.fromEntries((await server.sql(statement)).map(({ name, state }) => [name, state]));
}
