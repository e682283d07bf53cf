import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Whoever changes a draft or a person can be told that somebody else changed it meanwhile. */
export class Migration0061 extends Migration {
  override up(): void {
    for (const statement of statementsOf(tables)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const tables = /* sql */ `
-- Raised by each edit of the draft.
alter table invoices add column version int not null default 1 check (version >= 1);
-- Raised by each change of the profile; rights and the password have no part in it.
alter table users add column version int not null default 1 check (version >= 1);
`;
