import type { Transaction } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { Context } from '../../kernel/context.js';
import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';
import { removeDraftPdfs } from './draft-keys.js';

const byLaw = 'Issued invoices, because the law demands that they are kept for ten years';

export const invoicingPersonalData: PersonalData = {
  exports: {
    // Others' drafts are not shown to who they would bill, and what is known of a buyer is that buyer's.
    invoices: {
      sql: `
        select i.id, i.type, i.number, i.origin_invoice_id as "originInvoiceId", i.reason, i.status,
               i.customer_id as "customerId", i.client_id as "clientId", i.created_by_id as "createdById", i.currency,
               i.exchange_rate as "exchangeRate",
               i.total_excluding_tax as "totalExcludingTax", i.total_tax as "totalTax", i.total,
               i.amount_credited as "amountCredited", i.amount_paid as "amountPaid", i.amount_due as "amountDue", i.vat,
               ${at('i.issued_at', 'issuedAt')}, i.due_at as "dueAt", ${at('i.paid_at', 'paidAt')},
               i.document_id as "documentId", case when i.customer_id = me.id then i.buyer end as buyer,
               ${at('i.created_at', 'createdAt')}, ${at('i.updated_at', 'updatedAt')},
               (select coalesce(json_agg(json_build_object('description', l.description, 'quantity', l.quantity,
                         'unitPrice', l.unit_price, 'vatRate', l.vat_rate, 'total', l.total) order by l.position), '[]')
                  from invoice_lines l where l.invoice_id = i.id) as lines
          from invoices i
         where i.created_by_id = me.id or (i.customer_id = me.id and i.status <> 'draft') order by i.id`,
    },
    /** Reminders that the person got or sent. */
    invoiceReminders: {
      sql: `
        select rem.id, rem.invoice_id as "invoiceId", rem.level, rem.letter_date as "letterDate",
               rem.days_late as "daysLate", rem.amount_due as "amountDue", rem.indemnity, rem.penalties,
               rem.created_by_id = me.id as "sentByThePerson", ${at('rem.created_at', 'createdAt')},
               ${at('rem.mailed_at', 'mailedAt')}
          from invoice_reminders rem join invoices rin on rin.id = rem.invoice_id
         where rem.created_by_id = me.id or rin.customer_id = me.id order by rem.id`,
    },
    /** What the person paid or recorded. */
    payments: {
      sql: `
        select pay.id, pay.customer_id as "customerId", pay.created_by_id as "createdById", pay.currency, pay.amount,
               pay.amount_allocated as "amountAllocated", pay.amount_unallocated as "amountUnallocated",
               pay.paid_at as "paidAt", ${at('pay.created_at', 'createdAt')},
               case when tra.owner_id = me.id then pay.transaction_id end as "transactionId",
               (select coalesce(json_agg(json_build_object('invoiceId', pal.invoice_id, 'amount', pal.amount)
                                         order by pal.id), '[]')
                  from payment_allocations pal where pal.payment_id = pay.id) as allocations
          from payments pay left join transactions tra on tra.id = pay.transaction_id
         where me.id in (pay.customer_id, pay.created_by_id) order by pay.id`,
    },
  },
  references: {
    'invoice_reminders.created_by_id': { export: 'invoiceReminders', erasure: { kept: byLaw } },
    'payments.customer_id': { export: 'payments', erasure: { kept: byLaw } },
    'payments.created_by_id': { export: 'payments', erasure: { kept: byLaw } },
    'invoices.customer_id': { export: 'invoices', erasure: { kept: byLaw } },
    'invoices.created_by_id': { export: 'invoices', erasure: { kept: byLaw } },
  },
  erase: async (tx, ctx, userId) => {
    const draftIds = await deleteDrafts(tx, ctx, userId);
    // The person's accounts go; what came in by them has settled the invoices all the same.
    await tx.send(sql`
      update payments set transaction_id = null
       where transaction_id in (select id from transactions where owner_id = ${userId})`);
    return async () => {
      for (const id of draftIds) await removeDraftPdfs(ctx, id);
    };
  },
  remains: async (tx, userId) => {
    const row = await tx.first<{ n: number; until: string | null }>(sql`
      select count(*)::int as n, (max(issued_at) + interval '10 years')::date::text as until from invoices
       where status <> 'draft' and (customer_id = ${userId} or created_by_id = ${userId})`);
    const { n = 0, until = null } = row ?? {};
    return n > 0
      ? [
          {
            what: 'invoices',
            words: `${n} issued invoice${n === 1 ? '' : 's'}`,
            count: n,
            reason: 'the law demands that they are kept for ten years',
            until,
          },
        ]
      : [];
  },
};

/** Deletes the person's drafts. Returns the numbers of those and of others' drafts that print the person. */
async function deleteDrafts(tx: Transaction, ctx: Context, userId: number): Promise<number[]> {
  const drafts = await tx.all<{ id: number; customerId: number }>(sql`
    delete from invoices where created_by_id = ${userId} and status = 'draft'
    returning id, customer_id as "customerId"`);
  for (const { id, customerId } of drafts)
    await emit(tx, ctx, 'invoice.deleted', ['Invoice', id], { customerId, createdById: userId });
  const printed = await tx.all<{ id: number }>(
    sql`select id from invoices where customer_id = ${userId} and status = 'draft'`,
  );
  return [...drafts, ...printed].map(({ id }) => id);
}
