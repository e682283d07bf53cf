import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Whoever changes a document can be told that somebody else changed it meanwhile. */
export class Migration0059 extends Migration {
  override up(): void {
    for (const statement of statementsOf(tables)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const tables = /* sql */ `
-- Raised by each change of what is known of it; "version" is the number of its file.
alter table documents add column revision int not null default 1 check (revision >= 1);
`;
