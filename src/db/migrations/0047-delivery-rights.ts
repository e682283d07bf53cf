import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** What an owner's own query answered is sent only while they have the rights that it was asked with. */
export class Migration0047 extends Migration {
  override up(): void {
    for (const statement of statementsOf(changes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const changes = /* sql */ `
-- Of the owner, when the body was made; null where the event itself says who may be told.
alter table webhook_deliveries add column permissions text[];
`;
