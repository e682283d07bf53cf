import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** The file of a report stays as long as the report has it. */
export class Migration0048 extends Migration {
  override up(): void {
    for (const statement of statementsOf(changes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const changes = /* sql */ `
create index reports_content_key_idx on reports (content_key) where content_key is not null;
`;
