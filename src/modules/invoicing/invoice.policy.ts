import { type Predicate, everyRow, noRow } from '../../kernel/read-model.js';
import { can, type Viewer } from '../../kernel/viewer.js';

/** All invoices for `invoices:read`; for others those that they made or that bill them, drafts of others excepted. */
export function visibleInvoices(viewer: Viewer): Predicate {
  if (can(viewer, 'invoices:read')) return everyRow;
  const { userId } = viewer;
  if (userId === undefined || !viewer.scopes.has('read')) return noRow;
  return (alias, bind) =>
    `${alias}.created_by_id = ${bind(userId)}::int or (${alias}.customer_id = ${bind(userId)}::int and ${alias}.status <> 'draft')`;
}

/** The lines of an invoice are seen by whoever sees the invoice. */
export function visibleInvoiceLines(viewer: Viewer): Predicate {
  const invoices = visibleInvoices(viewer);
  if (invoices === everyRow || invoices === noRow) return invoices;
  return (alias, bind) =>
    `exists (select 1 from invoices li where li.id = ${alias}.invoice_id and (${invoices('li', bind)}))`;
}

/** Undefined when the viewer may change the invoice, otherwise the reason. */
export function whyNotChange(viewer: Viewer, invoice: { createdBy: { id: number } }): string | undefined {
  if (can(viewer, 'invoices:write') || viewer.userId === invoice.createdBy.id) return undefined;
  return 'Only who made the invoice, or a role that bills for all, may change it';
}
