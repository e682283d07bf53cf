import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** What goes when an import is undone goes into the trash, and comes back together. */
export class Migration0067 extends Migration {
  override up(): void {
    for (const statement of statementsOf(changes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const changes = /* sql */ `
-- The import that was undone, with which the transaction went; null: it was deleted by itself.
alter table trashed_transactions add column undone_import_id int references imports on delete set null;
create index trashed_transactions_import_idx on trashed_transactions (undone_import_id)
  where undone_import_id is not null;
`;
