import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** The tasks of a plugin that is not served are paused, and go on with it. */
export class Migration0053 extends Migration {
  override up(): void {
    for (const statement of statementsOf(tables)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const tables = /* sql */ `
-- It was paused because its plugin was not served any more: not by a person.
alter table tasks add column resumes_with_plugin boolean not null default false,
  add constraint tasks_waiting check (not resumes_with_plugin or (status = 'paused' and plugin_id is not null));
`;
