import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** How many scans of a person wait is counted at each that comes in. */
export class Migration0055 extends Migration {
  override up(): void {
    for (const statement of statementsOf(indexes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const indexes = /* sql */ `
create index documents_pending_idx on documents (owner_id) where text_status = 'pending';
`;
