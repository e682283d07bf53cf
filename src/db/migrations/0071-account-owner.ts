import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/**
 * All transactions of an account have its owner, which the planner does not know: it took the two for independent, and
 * read a whole account for the newest fifty.
 */
export class Migration0071 extends Migration {
  override up(): void {
    for (const statement of statementsOf(statistics)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const statistics = /* sql */ `
create statistics transactions_account_owner_stats (dependencies) on account_id, owner_id from transactions;
analyze transactions;
`;
