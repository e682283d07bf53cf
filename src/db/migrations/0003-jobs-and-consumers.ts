import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Where the consumers of the event log stand. The job queue makes its own schema. */
export class Migration0003 extends Migration {
  override up(): void {
    for (const statement of statementsOf(tables)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const tables = /* sql */ `
create table event_cursors (
  name text primary key,
  -- Everything up to here is consumed.
  position bigint not null
);
-- Events that a consumer could not digest, for an operator.
create table event_failures (
  consumer text not null,
  position bigint not null,
  error text not null,
  failed_at timestamptz not null default now(),
  primary key (consumer, position)
);
`;
