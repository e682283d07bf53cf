import type { SqlRunner } from '../../../db/sql-client.js';
import { holds, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import type { Viewer } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { buyerOf } from '../buyer-of.js';
import type { BuyerSnapshot } from '../invoice.entity.js';
import { visibleInvoices } from '../invoice.policy.js';
import { issueDay } from '../issue-day.js';
import type { PrintedInvoice } from '../print-invoice.js';
import { sellerOf } from '../printed-invoice.js';
import { drawPaper } from '../rendering/draw-paper.js';
import type { ReminderLetter } from './reminder-letter.js';

interface ReminderRow extends Omit<ReminderLetter, 'buyer' | 'issuedAt' | 'seller'> {
  id: number;
  issuedAtMs: number;
  customerId: number;
  clientId: string | null;
  buyer: BuyerSnapshot | null;
}

/**
 * The letter as a PDF in the content store. It is rendered once and stays, as it was sent. Throws NOT_FOUND unless the
 * viewer may see the invoice, and UNAVAILABLE (`invoice.not_drawn`).
 */
export async function printReminder(
  ctx: Pick<Context, 'db' | 'services' | 'viewer' | 'log'>,
  id: string,
): Promise<PrintedInvoice> {
  const { db, services, viewer } = ctx;
  const reminder = await reachReminder(db, viewer, id);
  const key = `reminders/${reminder.id}.pdf`;
  if (!(await services.store.exists(key))) {
    const { issuedAtMs, customerId, clientId, ...row } = reminder;
    const buyer = row.buyer ?? (await buyerOf(db, { customerId, clientId }));
    const letter = { ...row, buyer, issuedAt: issueDay(new Date(issuedAtMs)), seller: sellerOf(services.config) };
    await services.store.putBytes(await drawPaper(ctx, { kind: 'reminder', letter }), key);
  }
  return { key, name: `relance-${reminder.number}-${reminder.letterDate}.pdf`, mimeType: 'application/pdf' };
}

async function reachReminder(runner: SqlRunner, viewer: Viewer, id: string): Promise<ReminderRow> {
  const reminder = await runner.first<ReminderRow>(sql`
    select r.id, r.level, r.letter_date as "letterDate", r.days_late as "daysLate", r.amount_due as "amountDue",
           r.indemnity, r.penalties, i.number, i.total, i.currency, i.due_at as "dueDate", i.buyer,
           i.customer_id as "customerId", i.client_id as "clientId",
           (extract(epoch from i.issued_at) * 1000)::float8 as "issuedAtMs"
      from invoice_reminders r join invoices i on i.id = r.invoice_id
     where r.id = ${rowId(id) ?? null}::int and ${holds(visibleInvoices(viewer), 'i')}`);
  if (!reminder) throw notFound('InvoiceReminder');
  return reminder;
}
