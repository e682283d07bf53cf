import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { compareAmounts } from '../../../lib/money.js';
import { issueDay } from '../issue-day.js';
import { lockMoneyOf } from '../lock-money.js';
import { maxAllocations } from '../payments/allocate-payment.js';
import { lockReceipt, receiptProblems } from '../payments/receipt.js';
import { insertPayment } from '../payments/record-payment.js';
import { reachInvoices } from '../reach-invoice.js';

/**
 * Records what a bank transaction brought, and no payment has taken yet, as a payment of these invoices, in their
 * order; what they do not take stays unallocated. Returns the payment's id. Throws NOT_FOUND or FORBIDDEN for an
 * invoice, and BAD_USER_INPUT with every problem.
 */
export async function acceptProposal(
  ctx: CommandContext,
  { transactionId, invoiceIds }: { transactionId: string; invoiceIds: readonly string[] },
): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  const problems: FieldProblem[] = [];
  const problem = (code: FieldProblem['code'], message: string): void =>
    void problems.push({ path: ['invoiceIds'], code, message });
  if (invoiceIds.length === 0) problem('too_short', 'needs at least one invoice');
  if (invoiceIds.length > maxAllocations) problem('too_long', `has more than ${maxAllocations} invoices`);
  if (new Set(invoiceIds).size < invoiceIds.length) problem('duplicate', 'names an invoice twice');
  if (problems.length > 0) throw badInput(problems);
  return ctx.db.transaction(async (tx) => {
    const receipt = await lockReceipt(tx, ctx, transactionId, problems);
    const [first] = await reachInvoices(tx, ctx.viewer, invoiceIds);
    if (!receipt || !first) throw badInput(problems);
    const { customerId, currency } = first;
    const amount = compareAmounts(receipt.left, 0) > 0 ? receipt.left : '0.00';
    problems.push(...receiptProblems(receipt, { amount, currency, today: issueDay(ctx.services.now()) }));
    if (problems.length > 0) throw badInput(problems);
    await lockMoneyOf(tx, [customerId]);
    const allocations = invoiceIds.map((invoiceId) => ({ invoiceId }));
    const { id, transactionDate: paymentDate } = receipt;
    return insertPayment(tx, ctx, { amount, customerId, currency, paymentDate, transactionId: id, allocations });
  });
}
