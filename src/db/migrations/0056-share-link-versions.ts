import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** A share link opens the file that it was made for, unless it was made for the latest one. */
export class Migration0056 extends Migration {
  override up(): void {
    for (const statement of statementsOf(tables)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const tables = /* sql */ `
-- Number of the file that it opens; null: the latest, as all links did before.
alter table share_links add column version int check (version >= 1);
`;
