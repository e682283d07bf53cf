import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Whoever changes what documents are filed by can be told that somebody else changed it meanwhile. */
export class Migration0063 extends Migration {
  override up(): void {
    for (const statement of statementsOf(tables)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const tables = /* sql */ `
-- Raised by each change.
alter table tags add column version int not null default 1 check (version >= 1);
alter table document_types add column version int not null default 1 check (version >= 1);
alter table correspondents add column version int not null default 1 check (version >= 1);
alter table custom_fields add column version int not null default 1 check (version >= 1);
`;
