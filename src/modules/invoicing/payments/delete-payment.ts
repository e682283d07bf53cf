import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { forbidden, notFound } from '../../../lib/errors.js';
import { compareAmounts, subtractAmounts } from '../../../lib/money.js';
import { lockMoneyOf } from '../lock-money.js';
import { reachOwnInvoice } from '../reach-invoice.js';
import { followMoney } from './follow-money.js';
import { whyNotChangePayment } from './payment.policy.js';
import { lockPayment, type PaymentRow } from './reach-payment.js';

/** Deletes a payment; all its invoices are due again. Returns the id that it had. Throws NOT_FOUND, FORBIDDEN. */
export async function deletePayment(ctx: CommandContext, id: string): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const payment = await lockPayment(tx, ctx, id);
    requireChange(ctx, payment);
    await remove(tx, ctx, [payment]);
    return payment.id;
  });
}

/**
 * Takes a payment off one invoice, which is due again; what else it settles stays. Its money is left for other invoices
 * then, or with `deletesEmpty` it goes once it settles nothing, unless somebody else recorded it. Returns the invoice's
 * id. Throws NOT_FOUND, FORBIDDEN.
 */
export async function unallocatePayment(
  ctx: CommandContext,
  { id, invoiceId, deletesEmpty = false }: { id: string; invoiceId: string; deletesEmpty?: boolean },
): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const payment = await lockPayment(tx, ctx, id);
    const invoice = await reachOwnInvoice(tx, ctx, invoiceId);
    const allocations = await tx.all<Allocation>(sql`
      select id, invoice_id as "invoiceId", amount from payment_allocations where payment_id = ${payment.id}`);
    const ofInvoice = allocations.find((allocation) => allocation.invoiceId === invoice.id);
    if (!ofInvoice) throw notFound('Payment');
    const mayDelete = !whyNotChangePayment(ctx.viewer, payment);
    if (deletesEmpty && mayDelete && allocations.length === 1) await remove(tx, ctx, [payment]);
    else await release(tx, ctx, payment, ofInvoice);
    await followMoney(tx, ctx, [invoice.id]);
    return invoice.id;
  });
}

interface Allocation {
  id: number;
  invoiceId: number;
  amount: string;
}

function requireChange({ viewer }: CommandContext, payment: PaymentRow): void {
  const reason = whyNotChangePayment(viewer, payment);
  if (reason) throw forbidden(reason, 'payment.not_own');
}

/** Takes back what came in by transactions that are about to go. */
export async function withdrawPayments(
  tx: Transaction,
  ctx: CommandContext,
  transactionIds: readonly number[],
): Promise<void> {
  const found = await tx.all<{ id: number; customerId: number }>(sql`
    select id, customer_id as "customerId" from payments where transaction_id = any(${transactionIds}::int[])`);
  if (found.length === 0) return;
  await lockMoneyOf(
    tx,
    found.map(({ customerId }) => customerId),
  );
  const payments = await tx.all<PaymentRow>(sql`
    select id, customer_id as "customerId", created_by_id as "createdById", currency, amount,
           amount_unallocated as "amountUnallocated"
      from payments where id = any(${found.map(({ id }) => id)}::int[]) order by id`);
  await remove(tx, ctx, payments);
}

/** The money of their customers is locked. */
async function remove(tx: Transaction, ctx: CommandContext, payments: readonly PaymentRow[]): Promise<void> {
  const ids = payments.map(({ id }) => id);
  const invoices = await tx.all<{ id: number }>(sql`
    select i.id from invoices i
     where i.id in (select invoice_id from payment_allocations where payment_id = any(${ids}::int[]))
     order by i.id for update`);
  await tx.send(sql`delete from payments where id = any(${ids}::int[])`);
  for (const { id, customerId, createdById, amount, currency } of payments)
    await emit(tx, ctx, 'payment.deleted', ['Payment', id], { customerId, createdById, amount, currency });
  await followMoney(
    tx,
    ctx,
    invoices.map(({ id }) => id),
  );
}

/** Leaves `amount` of an allocation, by default nothing, for other invoices. */
async function release(
  tx: Transaction,
  ctx: CommandContext,
  { id, customerId, createdById }: Pick<PaymentRow, 'id' | 'customerId' | 'createdById'>,
  allocation: Allocation,
  amount = allocation.amount,
): Promise<void> {
  const rest = subtractAmounts(allocation.amount, amount);
  await tx.send(
    compareAmounts(rest, 0) === 0
      ? sql`delete from payment_allocations where id = ${allocation.id}`
      : sql`update payment_allocations set amount = ${rest} where id = ${allocation.id}`,
  );
  const allocations = [{ invoiceId: allocation.invoiceId, amount }];
  await emit(tx, ctx, 'payment.unallocated', ['Payment', id], { customerId, createdById, allocations });
}

/**
 * Takes `excess` off what was paid on an invoice, the latest payments first: a credit note leaves less to pay. The
 * money of its customer is locked, and the invoice.
 */
export async function releasePaid(
  tx: Transaction,
  ctx: CommandContext,
  invoiceId: number,
  excess: string,
): Promise<void> {
  const paid = await tx.all<Allocation & { paymentId: number; customerId: number; createdById: number }>(sql`
    select a.id, a.invoice_id as "invoiceId", a.amount, p.id as "paymentId", p.customer_id as "customerId",
           p.created_by_id as "createdById"
      from payment_allocations a join payments p on p.id = a.payment_id
     where a.invoice_id = ${invoiceId} order by a.id desc`);
  let left = excess;
  for (const { paymentId, customerId, createdById, ...allocation } of paid) {
    if (compareAmounts(left, 0) <= 0) return;
    const amount = compareAmounts(allocation.amount, left) < 0 ? allocation.amount : left;
    await release(tx, ctx, { id: paymentId, customerId, createdById }, allocation, amount);
    left = subtractAmounts(left, amount);
  }
}
