import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { printInvoice } from '../print-invoice.js';
import type { ReminderLevel } from './invoice-reminder.entity.js';
import { printReminder } from './print-reminder.js';
import { reminderTitles } from './reminder-titles.js';

interface Mailing {
  invoiceId: number;
  number: string;
  level: ReminderLevel;
  createdAt: string;
  name: string;
  address: string;
}

/**
 * Mails a reminder to the client or else the customer, with its letter and the invoice, unless it was mailed, the
 * invoice was settled meanwhile, or they are gone or have no address. A process that dies between the server's consent
 * and our note of it mails twice, under the same Message-ID. Throws when the mail server does not take it; the queue
 * then tries again.
 */
export async function mailReminder(ctx: Context, { reminderId }: { reminderId: number }): Promise<void> {
  const { mailer, config, now, store } = ctx.services;
  if (!mailer) return;
  const mailing = await ctx.db.first<Mailing>(sql`
    select i.id as "invoiceId", i.number, r.level, extract(epoch from r.created_at)::bigint::text as "createdAt",
           b.name, b.address
      from invoice_reminders r join invoices i on i.id = r.invoice_id
      join lateral (
        select coalesce(c.company_name, c.name) as name, c.email as address
          from clients c where c.id = i.client_id and c.deleted_at is null and c.anonymized_at is null
        union all
        select coalesce(nullif(u.full_name, ''), u.username), u.email
          from users u where u.id = i.customer_id and i.client_id is null and u.erased_at is null) b
        on b.address is not null
     where r.id = ${reminderId} and r.mailed_at is null and i.amount_due > 0
       -- A name that never leads anywhere (RFC 2606): people made up for a demonstration.
       and b.address not like '%.invalid'`);
  if (!mailing) return;
  const { invoiceId, number, level, createdAt, name, address } = mailing;
  const papers = [await printReminder(ctx, String(reminderId)), await printInvoice(ctx, String(invoiceId))];
  await mailer.send({
    to: { name, address },
    subject: `${reminderTitles[level]} : facture ${number}`,
    text: text(name, number),
    messageId: `<reminder-${reminderId}-${createdAt}@${new URL(config.publicUrl).hostname}>`,
    attachments: await Promise.all(
      papers.map(async ({ key, name: filename, mimeType }) => ({
        filename,
        content: await store.bytes(key),
        contentType: mimeType,
      })),
    ),
  });
  await ctx.db.run(sql`update invoice_reminders set mailed_at = ${now()} where id = ${reminderId}`);
}

const text = (name: string, number: string): string => `Bonjour ${name},

Vous trouverez ci-joint notre courrier au sujet de la facture ${number}, dont une copie est également jointe.

Si votre règlement a croisé ce message, merci de ne pas en tenir compte.
`;
