import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Who wrote an item of a checklist, so that one that is sent again is known; how something is inspected. */
export class Migration0044 extends Migration {
  override up(): void {
    for (const statement of statementsOf(changes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const changes = /* sql */ `
alter table checklist_items add column created_by_id int references users;

update inspections set kind = 'other'
 where kind not in ('visual', 'acoustic', 'thermal', 'tracer_gas', 'pressure', 'moisture', 'camera', 'other');
alter table inspections add constraint inspections_kind_check
  check (kind in ('visual', 'acoustic', 'thermal', 'tracer_gas', 'pressure', 'moisture', 'camera', 'other'));
`;
