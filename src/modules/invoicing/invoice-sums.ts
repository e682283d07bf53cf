import { holds, sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { listProblems } from '../../kernel/connection.js';
import { foundBy, storableFilter } from '../../kernel/read-model.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { badInput } from '../../lib/errors.js';
import type { InvoiceFilter } from './invoice.inputs.js';
import { visibleInvoices } from './invoice.policy.js';
import { invoiceReads } from './invoice.reads.js';

/** What invoices of one currency add up to; amounts are decimal text. */
export interface InvoiceSumsRow {
  currency: string;
  count: number;
  billed: string;
  due: string;
  overdueCount: number;
  overdue: string;
}

/**
 * What all invoices that a filter finds and the viewer may see add up to, a row for each currency, by its code. Drafts
 * and what was cancelled are counted, and add nothing. Throws BAD_USER_INPUT.
 */
export async function invoiceSums(
  { db, viewer }: Pick<CommandContext, 'db' | 'viewer'>,
  filter: InvoiceFilter | null | undefined,
): Promise<InvoiceSumsRow[]> {
  requireSignedIn(viewer);
  const problems = listProblems({ filter: filter ?? null });
  if (problems.length > 0) throw badInput(problems);
  return db.all<InvoiceSumsRow>(sql`
    select t.currency, count(*)::int as count,
           coalesce(sum(case when t.type = 'credit_note' then -t.total else t.total end)
                      filter (where t.status not in ('draft', 'cancelled')), 0)::numeric(20, 2)::text as billed,
           coalesce(sum(t.amount_due) filter (where t.status not in ('draft', 'cancelled')),
                    0)::numeric(20, 2)::text as due,
           (count(*) filter (where t.status = 'overdue'))::int as "overdueCount",
           coalesce(sum(t.amount_due) filter (where t.status = 'overdue'), 0)::numeric(20, 2)::text as overdue
      from invoices t
     where ${holds(visibleInvoices(viewer), 't')}
       and ${holds(foundBy(invoiceReads.list, 'int', storableFilter(filter)), 't')}
     group by t.currency order by t.currency`);
}
