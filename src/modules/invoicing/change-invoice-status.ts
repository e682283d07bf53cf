import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../events/outbox.js';
import type { Context } from '../../kernel/context.js';
import { badField } from '../../lib/errors.js';
import { type Invoice, InvoiceStatus } from './invoice.entity.js';

/** Where an invoice may go from each state; a draft is issued by `issue-invoice.ts`. */
const nextStates: Record<InvoiceStatus, readonly InvoiceStatus[]> = {
  [InvoiceStatus.DRAFT]: [InvoiceStatus.ISSUED],
  [InvoiceStatus.ISSUED]: [InvoiceStatus.PAID, InvoiceStatus.OVERDUE, InvoiceStatus.CANCELLED],
  [InvoiceStatus.OVERDUE]: [InvoiceStatus.PAID, InvoiceStatus.CANCELLED],
  [InvoiceStatus.PAID]: [],
  [InvoiceStatus.CANCELLED]: [],
};

/** Throws BAD_USER_INPUT when the invoice may not go there. */
export function checkTransition(from: InvoiceStatus, to: InvoiceStatus): void {
  const allowed = nextStates[from];
  if (allowed.includes(to)) return;
  const choice = allowed.length > 0 ? `can only become ${allowed.join(', ')}` : 'stays as it is';
  throw badField('status', 'not_allowed', `an invoice that is ${from} ${choice}`);
}

/** Moves an issued invoice along its states, in the transaction of `em`. Throws BAD_USER_INPUT for any other move. */
export async function changeInvoiceStatus(
  em: SqlEntityManager,
  ctx: Context,
  invoice: Invoice,
  to: InvoiceStatus,
): Promise<void> {
  const from = invoice.status;
  checkTransition(from, to);
  const at = ctx.services.now();
  invoice.status = to;
  invoice.updatedAt = at;
  if (to === InvoiceStatus.PAID) invoice.paidAt = at;
  await em.flush();
  await emit(em, ctx, 'invoice.status_changed', ['Invoice', invoice.id], {
    customerId: invoice.customer.id,
    createdById: invoice.createdBy.id,
    from,
    to,
  });
}
