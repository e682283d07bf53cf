import type { Transaction } from '../../db/sql-client.js';
import { set, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { Context } from '../../kernel/context.js';
import { badField, badInput } from '../../lib/errors.js';
import { compareAmounts } from '../../lib/money.js';
import { Invoice, InvoiceStatus, InvoiceType } from './invoice.entity.js';
import { issueDay } from './issue-day.js';
import { insertPayment } from './payments/record-payment.js';
import type { InvoiceRow } from './reach-invoice.js';

/** Where an invoice may go from each state; a draft is issued by `issue-invoice.ts`. */
const nextStates: Record<InvoiceStatus, readonly InvoiceStatus[]> = {
  [InvoiceStatus.DRAFT]: [InvoiceStatus.ISSUED],
  [InvoiceStatus.ISSUED]: [InvoiceStatus.PAID, InvoiceStatus.OVERDUE, InvoiceStatus.CANCELLED],
  [InvoiceStatus.OVERDUE]: [InvoiceStatus.PAID, InvoiceStatus.CANCELLED],
  [InvoiceStatus.PAID]: [],
  [InvoiceStatus.CANCELLED]: [],
};

/** Throws BAD_USER_INPUT when the invoice may not go there. */
export function checkTransition({ type, status: from }: Pick<InvoiceRow, 'type' | 'status'>, to: InvoiceStatus): void {
  if (type === InvoiceType.CREDIT_NOTE) throw badField('status', 'not_allowed', 'a credit note stays as it is');
  const allowed = nextStates[from];
  if (allowed.includes(to)) return;
  const choice = allowed.length > 0 ? `can only become ${allowed.join(', ')}` : 'stays as it is';
  throw badField('status', 'not_allowed', `an invoice that is ${from} ${choice}`);
}

/**
 * Moves an issued invoice, which `tx` holds locked, along its states. `paid` records a payment of all that is due,
 * today, so that the money of the customer must be locked. Throws BAD_USER_INPUT for any other move, and for one to
 * `cancelled` with payments or credit notes (`invoice.settled_in_part`).
 */
export async function changeInvoiceStatus(
  tx: Transaction,
  ctx: Context,
  invoice: InvoiceRow,
  to: InvoiceStatus,
): Promise<void> {
  checkTransition(invoice, to);
  const { id, number, status: from, customerId, createdById, currency, amountDue, total } = invoice;
  if (to === InvoiceStatus.PAID && compareAmounts(amountDue, 0) > 0) {
    await insertPayment(tx, ctx, {
      amount: amountDue,
      customerId,
      currency,
      paymentDate: issueDay(ctx.services.now()),
      transactionId: null,
      allocations: [{ invoiceId: String(id) }],
    });
    return;
  }
  if (to === InvoiceStatus.CANCELLED && compareAmounts(amountDue, total) !== 0)
    throw badInput(
      [{ path: ['status'], code: 'not_allowed', message: 'it has payments or credit notes: credit the rest' }],
      { subject: 'Invoice', reason: 'invoice.settled_in_part' },
    );
  const at = ctx.services.now();
  const changes = { status: to, updatedAt: at, paidAt: to === InvoiceStatus.PAID ? at : undefined };
  await tx.send(sql`update invoices set ${set(Invoice, changes)} where id = ${id}`);
  await emit(tx, ctx, 'invoice.status_changed', ['Invoice', id], { customerId, createdById, number, from, to });
}
