import { everyRow, noRow, type Predicate, rowsOfParent } from '../../../kernel/read-model.js';
import { can, isReader, type Viewer } from '../../../kernel/viewer.js';
import { visibleInvoices } from '../invoice.policy.js';

/**
 * All payments for who sees all issued invoices. For others what they paid or recorded, and what pays an invoice that
 * they made.
 */
export function visiblePayments(viewer: Viewer): Predicate {
  if (can(viewer, '*:read') || can(viewer, 'invoices:read')) return everyRow;
  if (!isReader(viewer)) return noRow;
  const { userId } = viewer;
  return (alias, bind) =>
    `${alias}.customer_id = ${bind(userId)}::int or ${alias}.created_by_id = ${bind(userId)}::int or exists (
      select 1 from payment_allocations pa join invoices pi on pi.id = pa.invoice_id
       where pa.payment_id = ${alias}.id and pi.created_by_id = ${bind(userId)}::int)`;
}

/** What a payment settles is seen by whoever sees the invoice. */
export const visibleAllocations = (viewer: Viewer): Predicate =>
  rowsOfParent('invoices', 'invoice_id', visibleInvoices(viewer));

/** Undefined when the viewer may allocate the payment or take it back, otherwise the reason. */
export function whyNotChangePayment(viewer: Viewer, payment: { createdById: number }): string | undefined {
  if (can(viewer, 'invoices:write') || viewer.userId === payment.createdById) return undefined;
  return 'Only who recorded the payment, or a role that bills for all, may change it';
}
