import { everyRow, noRow, type Predicate, rowsOfParent } from '../../kernel/read-model.js';
import { can, isReader, type Viewer } from '../../kernel/viewer.js';

/**
 * All invoices for administrators. For others those that they made, and what was issued: all of it for
 * `invoices:read`, otherwise what bills them. A draft is its author's and the administrators'.
 */
export function visibleInvoices(viewer: Viewer): Predicate {
  if (can(viewer, '*:read')) return everyRow;
  if (!isReader(viewer)) return noRow;
  const { userId } = viewer;
  if (can(viewer, 'invoices:read'))
    return (alias, bind) => `${alias}.created_by_id = ${bind(userId)}::int or ${alias}.status <> 'draft'`;
  return (alias, bind) =>
    `${alias}.created_by_id = ${bind(userId)}::int
      or (${alias}.customer_id = ${bind(userId)}::int and ${alias}.status <> 'draft')`;
}

/** The lines of an invoice are seen by whoever sees the invoice. */
export function visibleInvoiceLines(viewer: Viewer): Predicate {
  return rowsOfParent('invoices', 'invoice_id', visibleInvoices(viewer));
}

/** Undefined when the viewer may change the invoice, otherwise the reason. */
export function whyNotChange(viewer: Viewer, invoice: { createdBy: { id: number } }): string | undefined {
  if (can(viewer, 'invoices:write') || viewer.userId === invoice.createdBy.id) return undefined;
  return 'Only who made the invoice, or a role that bills for all, may change it';
}
