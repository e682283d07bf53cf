import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Accounts whose balance was found to be another than its opening plus the sum of its transactions. */
export class Migration0036 extends Migration {
  override up(): void {
    for (const statement of statementsOf(changes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const changes = /* sql */ `
create table balance_drifts (
  account_id int primary key references bank_accounts on delete cascade,
  -- How much the balance is too high.
  difference numeric not null,
  found_at timestamptz not null
);
`;
