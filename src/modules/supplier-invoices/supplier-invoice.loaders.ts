import DataLoader from 'dataloader';
import { holds, sql } from '../../db/sql.js';
import type { LoaderScope, LoadersOf } from '../../kernel/loaders.js';
import { visibleInAccounts } from '../banking/accounts/bank-account.policy.js';

export const supplierInvoiceLoaders = {
  /**
   * For each invoice the transactions that may have paid it, by number, best first, at most five: expenses of what is
   * due in the viewer's accounts, from the month before its issue on, that have paid no other. What names the number or
   * the reference stands before the rest.
   */
  payingTransactions: ({ db, viewer }: LoaderScope): DataLoader<number, number[]> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<{ invoiceId: number; id: number }>(sql`
        select s.id as "invoiceId", c.id from supplier_invoices s
         cross join lateral (
           select t.id, (t.folded_description like '%' || search_fold(s.number) || '%'
                    or t.folded_description like '%' || search_fold(s.payment_reference) || '%') as named,
                  abs(t.transaction_date - coalesce(s.due_date, s.issue_date)) as days
             from transactions t join bank_accounts a on a.id = t.account_id
            where t.amount = -s.amount_due and a.currency = s.currency and t.transaction_date >= s.issue_date - 31
              and (${holds(visibleInAccounts(viewer), 't')})
              and not exists (select 1 from supplier_invoices o where o.transaction_id = t.id)
            order by named desc nulls last, days, t.id limit 5) c
         where s.id = any(${ids}::int[]) and not s.is_paid and not s.is_credit_note and s.amount_due > 0
         order by s.id, c.named desc nulls last, c.days, c.id`);
      const byInvoice = Map.groupBy(rows, ({ invoiceId }) => invoiceId);
      return ids.map((id) => byInvoice.get(id)?.map((row) => row.id) ?? []);
    }),
};

export type SupplierInvoiceLoaders = LoadersOf<typeof supplierInvoiceLoaders>;
