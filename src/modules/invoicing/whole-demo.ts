import { Temporal } from 'temporal-polyfill';
import { sql } from '../../db/sql.js';
import type { DemoFirm } from '../../kernel/demo.js';
import { createInvoice } from './create-invoice.js';
import { InvoiceStatus } from './invoice.entity.js';
import { issueDay } from './issue-day.js';
import { recordPayment } from './payments/record-payment.js';

const works = [
  ['Recherche de fuite non destructive (démo)', '2', '95.00'],
  ['Contrôle d’étanchéité (démo)', '1', '180.00'],
  ['Entretien annuel du réseau (démo)', '1', '320.00'],
  ['Réparation de colonne (démo)', '3', '74.50'],
] as const;
const count = 14;

/** Invoices to the firm's clients: drafts, issued ones, and some that are paid, at once or in part. */
export async function fillWholeInvoicingDemo({ as }: DemoFirm): Promise<void> {
  const ctx = as('claire.demo');
  const today = issueDay(ctx.services.now());
  const clients = await ctx.db.all<{ id: string }>(sql`select id from clients order by name`);
  for (let index = 0; index < count; index += 1) {
    const client = clients[index % clients.length];
    if (!client) return;
    const isDraft = index % 5 === 4;
    const lines = works.slice(index % 3, (index % 3) + 2);
    const id = await createInvoice(ctx, {
      clientId: client.id,
      status: isDraft ? InvoiceStatus.DRAFT : InvoiceStatus.ISSUED,
      dueDate: Temporal.PlainDate.from(today).add({ days: 30 }).toString(),
      items: lines.map(([description, quantity, unitPrice]) => ({ description, quantity, unitPrice, vatRate: '20' })),
    });
    const amount = isDraft ? undefined : ['150.00', '80.00', undefined][index % 3];
    if (amount) await recordPayment(ctx, { amount, paymentDate: today, allocations: [{ invoiceId: String(id) }] });
  }
}
