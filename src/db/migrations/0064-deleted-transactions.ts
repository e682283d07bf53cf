import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** A bank transaction that was deleted can come back as itself. */
export class Migration0064 extends Migration {
  override up(): void {
    for (const statement of statementsOf(tables)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const tables = /* sql */ `
-- Beside the transactions, so that nothing that counts them ever has to leave these out.
create table trashed_transactions (
  -- The number that the transaction had and gets again.
  id int primary key,
  account_id int not null,
  owner_id int not null,
  -- Of the account then: an amount means nothing in another one.
  currency text not null,
  -- The transfer that it was a leg of; no foreign key, since that went with it.
  transfer_id int,
  amount numeric(14,2) not null,
  description text not null,
  transaction_date date not null,
  -- The whole row and all that went with it: see banking/trash/trash-transactions.ts.
  content jsonb not null,
  deleted_by_id int references users on delete set null,
  deleted_at timestamptz not null,
  foreign key (account_id, owner_id) references bank_accounts (id, owner_id) on delete cascade
);
create index trashed_transactions_account_idx on trashed_transactions (account_id, deleted_at, id);
create index trashed_transactions_owner_idx on trashed_transactions (owner_id);
create index trashed_transactions_deleted_idx on trashed_transactions (deleted_at);
create index trashed_transactions_transfer_idx on trashed_transactions (transfer_id) where transfer_id is not null;
create index trashed_transactions_deleter_idx on trashed_transactions (deleted_by_id);
`;
