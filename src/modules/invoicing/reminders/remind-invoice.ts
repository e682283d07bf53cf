import { sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { conflict } from '../../../lib/errors.js';
import { compareAmounts } from '../../../lib/money.js';
import { dayIn, daysBetween } from '../../../lib/zoned-day.js';
import { InvoiceStatus, InvoiceType } from '../invoice.entity.js';
import { issueDay } from '../issue-day.js';
import { lockMoneyOf } from '../lock-money.js';
import { type InvoiceRow, reachInvoice, reachOwnInvoice } from '../reach-invoice.js';
import { InvoiceReminder, ReminderLevel } from './invoice-reminder.entity.js';
import { latePenalties, recoveryIndemnity } from './reminder-terms.js';

/** By how many reminders were sent since the invoice was late. */
const levels = [ReminderLevel.FIRST, ReminderLevel.SECOND, ReminderLevel.FORMAL_NOTICE] as const;

/**
 * Reminds the customer of what is due on an invoice, by a letter that is mailed when the server mails; returns the
 * reminder's id. Throws NOT_FOUND, FORBIDDEN, and CONFLICT when nothing is due (`invoice.nothing_due`) or when one was
 * sent today (`invoice.reminded_today`).
 */
export async function remindInvoice(ctx: CommandContext, invoiceId: string): Promise<number> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  const { config, now, jobs, mailer } = ctx.services;
  const at = now();
  const letterDate = dayIn(config.timeZone, at);
  return ctx.db.transaction(async (tx) => {
    const seen = await reachInvoice(tx, ctx.viewer, invoiceId);
    await lockMoneyOf(tx, [seen.customerId]);
    const invoice = await reachOwnInvoice(tx, ctx, invoiceId);
    requireDue(invoice);
    const { id, customerId, createdById, amountDue } = invoice;
    const former = await tx.all<{ letterDate: string; daysLate: number }>(sql`
      select letter_date as "letterDate", days_late as "daysLate" from invoice_reminders where invoice_id = ${id}`);
    if (former.some((reminder) => reminder.letterDate === letterDate))
      throw conflict('The customer was reminded today', { subject: 'Invoice', reason: 'invoice.reminded_today' });
    const daysLate = Math.max(0, daysBetween(lastDayToPay(invoice), letterDate));
    const isLate = daysLate > 0;
    const sent = former.filter((reminder) => reminder.daysLate > 0).length;
    const level = levels[isLate ? Math.min(sent, levels.length - 1) : 0] as ReminderLevel;
    const row = values(InvoiceReminder, {
      invoice: id,
      level,
      letterDate,
      daysLate,
      amountDue,
      indemnity: isLate ? recoveryIndemnity : '0.00',
      penalties:
        config.latePenaltyRate === undefined ? null : latePenalties(amountDue, config.latePenaltyRate, daysLate),
      createdBy: userId,
      createdAt: at,
    });
    const [made] = await tx.all<{ id: number }>(sql`insert into invoice_reminders ${row} returning id`);
    const { id: reminderId } = made as { id: number };
    await emit(tx, ctx, 'invoice.reminded', ['Invoice', id], { customerId, createdById, reminderId, level });
    if (mailer) await jobs.send(tx, 'invoicing.mail_reminder', { reminderId }, { trace: ctx.notes.trace });
    return reminderId;
  });
}

function requireDue({ type, status, amountDue }: InvoiceRow): void {
  const isOpen = status === InvoiceStatus.ISSUED || status === InvoiceStatus.OVERDUE;
  if (type === InvoiceType.INVOICE && isOpen && compareAmounts(amountDue, 0) > 0) return;
  throw conflict('Nothing is due on the invoice', { subject: 'Invoice', reason: 'invoice.nothing_due' });
}

/** An invoice without a due date is payable on receipt, as it says. */
const lastDayToPay = ({ dueDate, issuedAtMs }: InvoiceRow): string =>
  dueDate ?? issueDay(new Date(issuedAtMs as number));
