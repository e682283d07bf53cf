import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** When an import came back: what it has since then, another that was undone before must not bring once more. */
export class Migration0070 extends Migration {
  override up(): void {
    for (const statement of statementsOf(changes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const changes = /* sql */ `
alter table imports add column restored_at timestamptz;
`;
