import type { SqlRunner, Transaction } from '../../../db/sql-client.js';
import { holds, raw, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { lockMoneyOf } from '../lock-money.js';
import { visiblePayments } from './payment.policy.js';

/** A payment as commands see it. Amounts are decimal text. */
export interface PaymentRow {
  id: number;
  customerId: number;
  createdById: number;
  currency: string;
  amount: string;
  amountUnallocated: string;
}

/** The payment, with the money of its customer locked, when the viewer may see it. Throws NOT_FOUND otherwise. */
export async function lockPayment(tx: Transaction, ctx: CommandContext, id: string): Promise<PaymentRow> {
  const seen = await findPayment(tx, ctx, id);
  await lockMoneyOf(tx, [seen.customerId]);
  return findPayment(tx, ctx, id, { lock: true });
}

async function findPayment(
  runner: SqlRunner,
  { viewer }: Pick<CommandContext, 'viewer'>,
  id: string,
  { lock = false } = {},
): Promise<PaymentRow> {
  const payment = await runner.first<PaymentRow>(sql`
    select t.id, t.customer_id as "customerId", t.created_by_id as "createdById", t.currency, t.amount,
           t.amount_unallocated as "amountUnallocated"
      from payments t
     where t.id = ${rowId(id) ?? null}::int and ${holds(visiblePayments(viewer), 't')}
     ${raw(lock ? 'for update' : '')}`);
  if (!payment) throw notFound('Payment');
  return payment;
}
