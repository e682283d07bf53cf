import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** The processes that serve this database, heard every few seconds. */
export class Migration0051 extends Migration {
  override up(): void {
    for (const statement of statementsOf(tables)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const tables = /* sql */ `
create table processes (
  id uuid primary key,
  host text not null,
  pid int not null,
  role text not null check (role in ('all', 'web', 'worker')),
  version text not null,
  started_at timestamptz not null default now(),
  -- By the clock of the database, so that machines need not agree on the time.
  heard_at timestamptz not null default now(),
  is_draining boolean not null default false,
  plugin_revision bigint check (plugin_revision >= 0)
) with (fillfactor = 50);
create index processes_started_at_idx on processes (started_at, id);
`;
