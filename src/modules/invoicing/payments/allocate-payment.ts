import type { Transaction } from '../../../db/sql-client.js';
import { sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { checkedAmount } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem, forbidden } from '../../../lib/errors.js';
import { compareAmounts, subtractAmounts, toAmount } from '../../../lib/money.js';
import { rowId } from '../../../lib/row-id.js';
import { InvoiceStatus, InvoiceType } from '../invoice.entity.js';
import { type InvoiceRow, reachOwnInvoices } from '../reach-invoice.js';
import { followMoney } from './follow-money.js';
import { PaymentAllocation } from './payment-allocation.entity.js';
import { whyNotChangePayment } from './payment.policy.js';
import { lockPayment, type PaymentRow } from './reach-payment.js';

/** Which invoice a payment is to settle, and how much of it; absent: as much as is due and left. */
export interface WantedAllocation {
  invoiceId: string;
  amount?: string | null | undefined;
}

export const maxAllocations = 100;
const maxPaymentsOfInvoice = 200;

/** Gives what is left of a payment to invoices of its customer; returns the payment's id. */
export async function allocatePayment(
  ctx: CommandContext,
  input: { id: string; allocations: readonly WantedAllocation[] },
): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const payment = await lockPayment(tx, ctx, input.id);
    const reason = whyNotChangePayment(ctx.viewer, payment);
    if (reason) throw forbidden(reason, 'payment.not_own');
    const problems: FieldProblem[] = [];
    if (input.allocations.length === 0)
      problems.push({ path: ['allocations'], code: 'too_short', message: 'needs at least one invoice' });
    checkAllocations(input.allocations, problems);
    if (problems.length > 0) throw badInput(problems);
    await allocate(tx, ctx, payment, input.allocations);
    return payment.id;
  });
}

/** What can be said of the wishes before any invoice is looked at. */
export function checkAllocations(wanted: readonly WantedAllocation[], problems: FieldProblem[]): void {
  if (wanted.length > maxAllocations)
    problems.push({ path: ['allocations'], code: 'too_long', message: `has more than ${maxAllocations} invoices` });
  const seen = new Set<string>();
  for (const [index, { invoiceId, amount }] of wanted.entries()) {
    const path = ['allocations', String(index)];
    if (seen.has(invoiceId))
      problems.push({ path: [...path, 'invoiceId'], code: 'duplicate', message: 'is named twice' });
    seen.add(invoiceId);
    if (amount != null) checkedAmount(amount, [...path, 'amount'], problems, { isPositive: true });
  }
}

/**
 * Settles invoices by a payment; the money of its customer is locked, and the wishes were checked. Throws NOT_FOUND or
 * FORBIDDEN for an invoice, BAD_USER_INPUT with every problem, CONFLICT for too many.
 */
export async function allocate(
  tx: Transaction,
  ctx: CommandContext,
  payment: PaymentRow,
  wanted: readonly WantedAllocation[],
): Promise<void> {
  if (wanted.length === 0) return;
  const invoices = await reachOwnInvoices(
    tx,
    ctx,
    wanted.map(({ invoiceId }) => invoiceId),
  );
  const clientId = await clientOfPayment(tx, payment.id, invoices);
  const byId = new Map(invoices.map((invoice) => [invoice.id, invoice]));
  const problems: FieldProblem[] = [];
  let left = payment.amountUnallocated;
  const rows = wanted.flatMap(({ invoiceId, amount: asked }, index) => {
    const invoice = byId.get(rowId(invoiceId) as number) as InvoiceRow;
    const path = ['allocations', String(index)];
    const why = whyNotSettle({ ...payment, clientId }, invoice);
    if (why) {
      problems.push({ path: [...path, 'invoiceId'], code: 'not_allowed', message: why });
      return [];
    }
    const due = invoice.amountDue;
    const amount = asked == null ? smaller(due, left) : (toAmount(asked) as string);
    if (compareAmounts(amount, 0) === 0)
      problems.push({ path: [...path, 'amount'], code: 'too_small', message: 'nothing of the payment is left' });
    else if (compareAmounts(amount, due) > 0)
      problems.push({ path: [...path, 'amount'], code: 'too_large', message: `is more than is due: ${due}` });
    else if (compareAmounts(amount, left) > 0)
      problems.push({ path: [...path, 'amount'], code: 'too_large', message: `is more than is left: ${left}` });
    else left = subtractAmounts(left, amount);
    return [{ payment: payment.id, invoice: invoice.id, amount, createdAt: ctx.services.now() }];
  });
  if (problems.length > 0) throw badInput(problems, { subject: 'Invoice' });

  for (const { invoice } of rows)
    await refuseBeyond(
      tx,
      'Payment',
      maxPaymentsOfInvoice,
      sql`select 1 from payment_allocations where invoice_id = ${invoice}`,
    );
  await refuseBeyond(
    tx,
    'PaymentAllocation',
    maxAllocations - rows.length + 1,
    sql`select 1 from payment_allocations where payment_id = ${payment.id}`,
  );
  for (const row of rows)
    await tx.send(sql`
      insert into payment_allocations ${values(PaymentAllocation, row)}
      on conflict (payment_id, invoice_id) do update set amount = payment_allocations.amount + excluded.amount`);
  const { customerId, createdById } = payment;
  const allocations = rows.map(({ invoice, amount }) => ({ invoiceId: invoice, amount }));
  await emit(tx, ctx, 'payment.allocated', ['Payment', payment.id], { customerId, createdById, allocations });
  await followMoney(
    tx,
    ctx,
    rows.map(({ invoice }) => invoice),
  );
}

/** What a payment settles first says of which client it came; null: of none. */
async function clientOfPayment(
  tx: Transaction,
  paymentId: number,
  [first]: readonly InvoiceRow[],
): Promise<string | null> {
  const settled = await tx.first<{ clientId: string | null }>(sql`
    select i.client_id as "clientId" from payment_allocations a join invoices i on i.id = a.invoice_id
     where a.payment_id = ${paymentId} order by a.id limit 1`);
  return settled ? settled.clientId : (first?.clientId ?? null);
}

/** Why a payment, of what the client paid, does not settle an invoice; undefined when it may. */
export function whyNotSettle(
  payment: Pick<PaymentRow, 'customerId' | 'currency'> & { clientId: string | null },
  invoice: Pick<InvoiceRow, 'type' | 'status' | 'customerId' | 'clientId' | 'currency' | 'amountDue'>,
): string | undefined {
  if (invoice.type === InvoiceType.CREDIT_NOTE) return 'is a credit note';
  if (invoice.status === InvoiceStatus.DRAFT) return 'is a draft';
  if (invoice.status === InvoiceStatus.CANCELLED) return 'is cancelled';
  if (invoice.customerId !== payment.customerId) return 'bills somebody else than who paid';
  if (invoice.clientId !== payment.clientId) return 'bills another client than what the payment settles';
  if (invoice.currency !== payment.currency) return `is in ${invoice.currency}, the payment in ${payment.currency}`;
  if (compareAmounts(invoice.amountDue, 0) === 0) return 'has nothing due';
  return undefined;
}

const smaller = (left: string, right: string): string => (compareAmounts(left, right) < 0 ? left : right);
