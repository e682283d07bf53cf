import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** An invoice in another currency states its VAT in the firm's too. */
export class Migration0057 extends Migration {
  override up(): void {
    for (const statement of statementsOf(tables)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const tables = /* sql */ `
-- How much of the invoice's currency one unit of the firm's is worth, as central banks publish it.
alter table invoices add column exchange_rate numeric(14,4) check (exchange_rate > 0);
`;
