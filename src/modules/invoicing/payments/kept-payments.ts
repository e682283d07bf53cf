/** Payments that came in by transactions which go into the trash, and come back with them. */
import type { Transaction } from '../../../db/sql-client.js';
import { json, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { compareAmounts, subtractAmounts } from '../../../lib/money.js';
import type { KeptWithTransaction } from '../../banking/transactions/transaction-hooks.js';
import { lockMoneyOf } from '../lock-money.js';
import type { InvoiceRow } from '../reach-invoice.js';
import { whyNotSettle } from './allocate-payment.js';
import { followMoney } from './follow-money.js';

/** As the trash keeps it; amounts are decimal text. */
export interface KeptPayment {
  id: number;
  customerId: number;
  createdById: number;
  currency: string;
  amount: string;
  paymentDate: string;
  createdAt: string;
  allocations: { id: number; invoiceId: number; amount: string; createdAt: string }[];
}

/** Adds what came in by each of the transactions to `kept`. */
export async function keepPayments(
  tx: Transaction,
  transactionIds: readonly number[],
  kept: Map<number, KeptWithTransaction>,
): Promise<void> {
  const payers = await tx.all<{ id: number }>(sql`
    select distinct customer_id as id from payments where transaction_id = any(${transactionIds}::int[])`);
  if (payers.length === 0) return;
  await lockMoneyOf(
    tx,
    payers.map(({ id }) => id),
  );
  const found = await tx.all<KeptPayment & { transactionId: number }>(sql`
    select p.id, p.customer_id as "customerId", p.created_by_id as "createdById", p.currency, p.amount::text,
           p.paid_at::text as "paymentDate", p.created_at::text as "createdAt", p.transaction_id as "transactionId",
           (select coalesce(jsonb_agg(jsonb_build_object(
                              'id', a.id, 'invoiceId', a.invoice_id, 'amount', a.amount::text,
                              'createdAt', a.created_at) order by a.id), '[]')
              from payment_allocations a where a.payment_id = p.id) as allocations
      from payments p where p.transaction_id = any(${transactionIds}::int[]) order by p.id`);
  for (const [id, payments] of Map.groupBy(found, ({ transactionId }) => transactionId))
    kept.set(id, { ...kept.get(id), payments });
}

/**
 * Makes the payments anew of transactions that are back, as they were, as far as their invoices have room for them. One
 * that would settle nothing stays away. Adds to `lost` the transactions of which an invoice is not paid again.
 */
export async function putPaymentsBack(
  tx: Transaction,
  ctx: CommandContext,
  back: readonly { id: number; kept: KeptWithTransaction }[],
  lost: Set<number>,
): Promise<void> {
  const payments = back.flatMap(({ id, kept }) =>
    (kept.payments ?? []).map((payment) => ({ ...payment, transactionId: id })),
  );
  if (payments.length === 0) return;
  await lockMoneyOf(
    tx,
    payments.map(({ customerId }) => customerId),
  );
  const people = await peopleOf(tx, payments);
  const invoices = await lockInvoices(tx, payments);
  for (const { allocations: wanted, transactionId, ...payment } of payments) {
    const allocations = wanted.filter(({ invoiceId, amount }) => settles(payment, invoices.get(invoiceId), amount));
    if (allocations.length < wanted.length) lost.add(transactionId);
    if (![payment.customerId, payment.createdById].every((id) => people.has(id))) lost.add(transactionId);
    else if (allocations.length > 0 || wanted.length === 0)
      await write(tx, ctx, { ...payment, transactionId, allocations });
  }
  await followMoney(tx, ctx, [...invoices.keys()]);
}

type LockedInvoice = Pick<InvoiceRow, 'id' | 'type' | 'status' | 'customerId' | 'clientId' | 'currency' | 'amountDue'>;

async function lockInvoices(tx: Transaction, payments: readonly KeptPayment[]): Promise<Map<number, LockedInvoice>> {
  const ids = payments.flatMap(({ allocations }) => allocations.map(({ invoiceId }) => invoiceId));
  const rows = await tx.all<LockedInvoice>(sql`
    select id, type, status, customer_id as "customerId", client_id as "clientId", currency, amount_due as "amountDue"
      from invoices where id = any(${ids}::int[]) order by id for update`);
  return new Map(rows.map((row) => [row.id, row]));
}

async function peopleOf(tx: Transaction, payments: readonly KeptPayment[]): Promise<Set<number>> {
  const ids = payments.flatMap(({ customerId, createdById }) => [customerId, createdById]);
  const rows = await tx.all<{ id: number }>(sql`select id from users where id = any(${ids}::int[])`);
  return new Set(rows.map(({ id }) => id));
}

/** Whether the invoice has room for that amount, which it has no longer then. */
function settles(
  payment: Omit<KeptPayment, 'allocations'>,
  invoice: LockedInvoice | undefined,
  amount: string,
): boolean {
  if (!invoice || compareAmounts(amount, invoice.amountDue) > 0) return false;
  if (whyNotSettle({ ...payment, clientId: invoice.clientId }, invoice)) return false;
  invoice.amountDue = subtractAmounts(invoice.amountDue, amount);
  return true;
}

async function write(
  tx: Transaction,
  ctx: CommandContext,
  { id, allocations, ...payment }: KeptPayment & { transactionId: number },
): Promise<void> {
  const { customerId, createdById, currency, amount, paymentDate, transactionId, createdAt } = payment;
  await tx.send(sql`
    insert into payments (id, customer_id, created_by_id, currency, amount, paid_at, transaction_id, created_at)
    values (${id}, ${customerId}, ${createdById}, ${currency}, ${amount}, ${paymentDate}, ${transactionId},
            ${createdAt}::timestamptz)`);
  await emit(tx, ctx, 'payment.recorded', ['Payment', id], { customerId, createdById, amount, currency });
  if (allocations.length === 0) return;
  await tx.send(sql`
    insert into payment_allocations (id, payment_id, invoice_id, amount, created_at)
    select a.id, ${id}::int, a."invoiceId", a.amount, a."createdAt"
      from jsonb_to_recordset(${json(allocations)})
        as a(id int, "invoiceId" int, amount numeric, "createdAt" timestamptz)`);
  const told = allocations.map(({ invoiceId, amount: settled }) => ({ invoiceId, amount: settled }));
  await emit(tx, ctx, 'payment.allocated', ['Payment', id], { customerId, createdById, allocations: told });
}
