import type { Transaction } from '../../../db/sql-client.js';
import { sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { checkedAmount } from '../../../lib/checked-values.js';
import { currencyProblems } from '../../../lib/currency.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { chooseCustomer } from '../choose-customer.js';
import { issueDay } from '../issue-day.js';
import { lockMoneyOf } from '../lock-money.js';
import { reachInvoices } from '../reach-invoice.js';
import { allocate, checkAllocations, type WantedAllocation } from './allocate-payment.js';
import { Payment } from './payment.entity.js';
import { lockReceipt, receiptProblems } from './receipt.js';

export interface NewPayment {
  /** Decimal text. */
  amount: string;
  /** `YYYY-MM-DD` */
  paymentDate: string;
  /** Who paid in advance, and in which currency; without `allocations` only, which say both. */
  customerId?: string | null | undefined;
  currency?: string | null | undefined;
  transactionId?: string | null | undefined;
  allocations: readonly WantedAllocation[];
}

/**
 * Records what a customer paid and settles invoices by it; what they do not take stays unallocated. Returns its id.
 * Throws NOT_FOUND or FORBIDDEN for an invoice, and BAD_USER_INPUT with every problem.
 */
export async function recordPayment(ctx: CommandContext, input: NewPayment): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  const problems: FieldProblem[] = [];
  const amount = checkedAmount(input.amount, ['amount'], problems, { isPositive: true });
  const today = issueDay(ctx.services.now());
  if (input.paymentDate > today)
    problems.push({ path: ['paymentDate'], code: 'too_large', message: `is after today, ${today}` });
  if (input.paymentDate < firstDay)
    problems.push({ path: ['paymentDate'], code: 'too_small', message: `is before ${firstDay}` });
  checkAllocations(input.allocations, problems);
  return ctx.db.transaction(async (tx) => {
    // Before the customer's money, as whoever deletes a transaction does it.
    const receipt = input.transactionId == null ? undefined : await lockReceipt(tx, ctx, input.transactionId, problems);
    const { customerId, currency } = await payerOf(tx, ctx, input, problems);
    if (receipt) problems.push(...receiptProblems(receipt, { amount, currency, today }));
    if (problems.length > 0) throw badInput(problems);
    await lockMoneyOf(tx, [customerId]);
    return insertPayment(tx, ctx, {
      amount,
      customerId,
      currency,
      paymentDate: input.paymentDate,
      transactionId: receipt?.id ?? null,
      allocations: input.allocations,
    });
  });
}

const firstDay = '1900-01-01';

/** Who paid, in which currency: the invoices say it, or for a deposit the input does. */
async function payerOf(
  tx: Transaction,
  ctx: CommandContext,
  { allocations, ...input }: NewPayment,
  problems: FieldProblem[],
): Promise<{ customerId: number; currency: string }> {
  const [first] = allocations;
  if (first) {
    for (const field of ['customerId', 'currency'] as const)
      if (input[field] != null)
        problems.push({ path: [field], code: 'not_allowed', message: 'is said by the invoices' });
    const [invoice] = await reachInvoices(tx, ctx.viewer, [first.invoiceId]);
    return invoice as { customerId: number; currency: string };
  }
  const currency = input.currency ?? ctx.services.config.currency;
  problems.push(...currencyProblems(currency));
  if (input.customerId == null) {
    problems.push({ path: ['customerId'], code: 'required', message: 'is needed without allocations' });
    throw badInput(problems);
  }
  const customerId = await chooseCustomer(tx, ctx.viewer, input.customerId, problems);
  if (customerId === undefined) throw badInput(problems);
  return { customerId, currency };
}

export interface CheckedPayment {
  amount: string;
  customerId: number;
  currency: string;
  paymentDate: string;
  transactionId: number | null;
  allocations: readonly WantedAllocation[];
}

/** Records a payment that was checked; the money of its customer is locked. Throws for its allocations. */
export async function insertPayment(
  tx: Transaction,
  ctx: CommandContext,
  { customerId, amount, currency, paymentDate, transactionId, allocations }: CheckedPayment,
): Promise<number> {
  const { userId: createdById } = requireSignedIn(ctx.viewer, 'write');
  const row = values(Payment, {
    customer: customerId,
    createdBy: createdById,
    currency,
    amount,
    paymentDate,
    transaction: transactionId,
    createdAt: ctx.services.now(),
  });
  const [made] = await tx.all<{ id: number }>(sql`insert into payments ${row} returning id`);
  const { id } = made as { id: number };
  await emit(tx, ctx, 'payment.recorded', ['Payment', id], { customerId, createdById, amount, currency });
  await allocate(tx, ctx, { id, customerId, createdById, currency, amount, amountUnallocated: amount }, allocations);
  return id;
}
