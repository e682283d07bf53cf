import { holds, raw, type Sql, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { can, requireSignedIn } from '../../../kernel/viewer.js';
import { rowId } from '../../../lib/row-id.js';
import { writableInAccounts } from '../../banking/accounts/bank-account.policy.js';
import { visibleInvoices } from '../invoice.policy.js';
import { issueDay } from '../issue-day.js';

/** Why a transaction seems to pay an invoice. */
export enum ProposalReason {
  NUMBER_AND_AMOUNT = 'number_and_amount',
  NUMBER = 'number',
  AMOUNT = 'amount',
}

export interface Proposal {
  transactionId: number;
  invoiceId: number;
  reason: ProposalReason;
  /** What of the transaction the invoice would take. Decimal text. */
  amount: string;
}

/** How many are looked at: the latest transactions, the invoices that are due first. */
const most = { transactions: 300, invoices: 1000, proposals: 100 } as const;

export interface ProposalFilter {
  transactionId?: string | null | undefined;
  invoiceId?: string | null | undefined;
}

/** A text as bank and customer write it: without case, blanks, dashes and other signs. */
const folded = (text: string): Sql => raw(`regexp_replace(lower(${text}), '[^a-z0-9]', '', 'g')`);

/**
 * What came into accounts that the viewer may write and settles nothing yet, with the open invoices that the viewer may
 * settle and that it seems to pay: their number stands in its text, or it brought exactly what is due. Surest first.
 */
export function findProposals(
  { db, viewer, services }: Pick<Context, 'db' | 'viewer' | 'services'>,
  { transactionId, invoiceId }: ProposalFilter,
): Promise<Proposal[]> {
  const { userId } = requireSignedIn(viewer);
  const own = can(viewer, 'invoices:write') ? sql`true` : sql`i.created_by_id = ${userId}`;
  const oneOf = (column: 't.id' | 'i.id', id: string | null | undefined): Sql =>
    id == null ? sql`true` : sql`${raw(column)} = ${rowId(id) ?? null}::int`;
  return db.all<Proposal>(sql`
    with came as materialized (
      select t.id, a.currency, t.transaction_date, ${folded('t.description')} as text,
             t.amount - coalesce((select sum(p.amount) from payments p where p.transaction_id = t.id), 0) as left
        from transactions t join bank_accounts a on a.id = t.account_id
       where ${holds(writableInAccounts(viewer), 't')} and ${oneOf('t.id', transactionId)}
         and t.amount > 0 and t.transfer_id is null and t.transaction_date <= ${issueDay(services.now())}::date
         and t.amount > coalesce((select sum(p.amount) from payments p where p.transaction_id = t.id), 0)
       order by t.transaction_date desc, t.id desc limit ${raw(String(most.transactions))}),
    open as materialized (
      select i.id, i.currency, i.amount_due, i.due_at, ${folded('i.number')} as number
        from invoices i
       where ${holds(visibleInvoices(viewer), 'i')} and ${own} and ${oneOf('i.id', invoiceId)}
         and i.type = 'invoice' and i.status in ('issued', 'overdue') and i.amount_due > 0
       order by i.due_at nulls last, i.id limit ${raw(String(most.invoices))}),
    matched as (
      select c.id as transaction_id, o.id as invoice_id, position(o.number in c.text) > 0 as by_number,
             c.left = o.amount_due as by_amount, least(c.left, o.amount_due) as amount, c.transaction_date, o.due_at
        from came c join open o on o.currency = c.currency
       where position(o.number in c.text) > 0 or c.left = o.amount_due)
    select transaction_id as "transactionId", invoice_id as "invoiceId", amount,
           case when by_number and by_amount then 'number_and_amount' when by_number then 'number'
                else 'amount' end as reason
      from matched
     order by by_number desc, by_amount desc, transaction_date desc, transaction_id desc, due_at nulls last, invoice_id
     limit ${raw(String(most.proposals))}`);
}
