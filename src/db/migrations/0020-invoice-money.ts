import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/**
 * Credit notes. What an invoice was credited is kept in its row by a trigger, so that no door can credit more than it
 * bills: the row's own checks refuse it.
 */
export class Migration0020 extends Migration {
  override up(): void {
    for (const statement of [...statementsOf(creditNotes), ...triggers]) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const creditNotes = /* sql */ `
alter table invoices drop constraint invoices_series_check;
alter table invoices add constraint invoices_series_check check (series ~ '^[A-Za-z0-9][A-Za-z0-9_+-]{0,19}$');
alter table invoices alter column series set default 'FA';
alter table invoices add column type text not null default 'invoice' check (type in ('invoice', 'credit_note'));
alter table invoices add column origin_invoice_id int references invoices;
alter table invoices add column reason text check (reason <> '');
alter table invoices add column amount_credited numeric(14,2) not null default 0 check (amount_credited >= 0);
-- Of a credit note, by rate: [{ vatRate, base, tax }].
alter table invoices add column vat jsonb;
alter table invoices add constraint invoices_not_over_credited check (amount_credited <= total);
-- A credit note is born with its number and stays as it is; it refers to the invoice that it takes back.
alter table invoices add constraint invoices_credit_note check (
  case type when 'credit_note' then origin_invoice_id is not null and reason is not null and vat is not null
                               and status = 'issued'
            else origin_invoice_id is null and reason is null and vat is null end);
create index invoices_origin_idx on invoices (origin_invoice_id, id);
create index invoices_type_idx on invoices (type, created_at, id);
`;

const triggers = [
  `create function count_credit() returns trigger language plpgsql as $$
   begin
     update invoices set amount_credited = amount_credited + new.total where id = new.origin_invoice_id;
     return null;
   end $$`,
  `create trigger invoices_count_credit after insert on invoices
     for each row when (new.type = 'credit_note') execute function count_credit()`,
];
