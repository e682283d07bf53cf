import type { Transaction } from '../../../db/sql-client.js';
import { set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { compareAmounts } from '../../../lib/money.js';
import { dayIn } from '../../../lib/zoned-day.js';
import { Invoice, InvoiceStatus } from '../invoice.entity.js';

interface MoneyRow {
  id: number;
  status: InvoiceStatus;
  amountDue: string;
  dueDate: string | null;
  customerId: number;
  createdById: number;
  number: string;
}

/**
 * Brings the states of issued invoices, which `tx` holds locked, in line with what is due on them: paid when nothing
 * is, and otherwise no longer. To be called after each change of what an invoice was paid or credited; the database
 * refuses to commit a state that does not follow.
 */
export async function followMoney(tx: Transaction, ctx: CommandContext, invoiceIds: readonly number[]): Promise<void> {
  const { config, now } = ctx.services;
  const at = now();
  const today = dayIn(config.timeZone, at);
  const invoices = await tx.all<MoneyRow>(sql`
    select id, status, amount_due as "amountDue", due_at as "dueDate", customer_id as "customerId",
           created_by_id as "createdById", number
      from invoices
     where id = any(${invoiceIds}::int[]) and type = 'invoice' and status in ('issued', 'overdue', 'paid')
     order by id`);
  for (const { id, status: from, customerId, createdById, number, ...money } of invoices) {
    const to = stateOf(from, money, today);
    if (to === from) continue;
    const changes = { status: to, paidAt: to === InvoiceStatus.PAID ? at : null, updatedAt: at };
    await tx.send(sql`update invoices set ${set(Invoice, changes)} where id = ${id}`);
    await emit(tx, ctx, 'invoice.status_changed', ['Invoice', id], { customerId, createdById, number, from, to });
  }
}

function stateOf(
  from: InvoiceStatus,
  { amountDue, dueDate }: Pick<MoneyRow, 'amountDue' | 'dueDate'>,
  today: string,
): InvoiceStatus {
  if (compareAmounts(amountDue, 0) === 0) return InvoiceStatus.PAID;
  if (from !== InvoiceStatus.PAID) return from;
  return dueDate && dueDate < today ? InvoiceStatus.OVERDUE : InvoiceStatus.ISSUED;
}
