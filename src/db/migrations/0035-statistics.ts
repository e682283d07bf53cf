import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Figures of income, expenses and balances are read from one index, without the table. */
export class Migration0035 extends Migration {
  override up(): void {
    for (const statement of statementsOf(changes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const changes = /* sql */ `
drop index transactions_account_date_idx;
create index transactions_account_date_idx on transactions (account_id, transaction_date, id)
  include (amount, category_id, is_split, transfer_id);
`;
