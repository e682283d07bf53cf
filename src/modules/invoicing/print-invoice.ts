import { createHash } from 'node:crypto';
import type { Config } from '../../config/config.js';
import type { Context } from '../../kernel/context.js';
import { vatBreakdown } from '../../lib/money.js';
import { User } from '../identity/people/user.entity.js';
import { InvoiceLine } from './invoice-line.entity.js';
import { type InvoiceForPdf, renderInvoicePdf, type Seller } from './invoice-pdf.js';
import type { Invoice } from './invoice.entity.js';
import { issueDay } from './issue-day.js';
import { buyerOf } from './issue-invoice.js';
import { reachInvoice } from './reach-invoice.js';

export interface PrintedInvoice {
  /** In the content store. */
  key: string;
  name: string;
  mimeType: 'application/pdf';
}

const mimeType = 'application/pdf';

/**
 * The invoice as a PDF in the content store. A numbered one is rendered once, as it was issued, and those bytes stay
 * whatever happens to it later; a draft is rendered each time, named by its content. Throws NOT_FOUND.
 */
export async function printInvoice(ctx: Context, id: string): Promise<PrintedInvoice> {
  const { em, services } = ctx;
  const { store } = services;
  const invoice = await reachInvoice(em, ctx.viewer, id);
  const { number, pdfKey } = invoice;
  const name = number ? `facture-${number}.pdf` : `facture-brouillon-${invoice.id}.pdf`;
  if (number && pdfKey && (await store.exists(pdfKey))) return { key: pdfKey, name, mimeType };

  const bytes = await renderInvoicePdf(await invoiceForPdf(ctx, invoice), sellerOf(services.config));
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const key = number ? `invoices/${invoice.id}-${number}.pdf` : `drafts/${invoice.id}-${digest}.pdf`;
  await store.putBytes(bytes, key);
  if (key !== pdfKey) {
    // Neither an edit nor an issue that came meanwhile is overwritten: the row must still be as it was read.
    const { affectedRows } = await em
      .getConnection()
      .execute<{ affectedRows: number }>(
        `update invoices set pdf_key = ? where id = ? and number is not distinct from ? and pdf_key is not distinct from ?`,
        [key, invoice.id, number ?? null, pdfKey ?? null],
        'run',
      );
    if (affectedRows > 0 && pdfKey && !number) await store.remove(pdfKey);
  }
  return { key, name, mimeType };
}

async function invoiceForPdf({ em }: Context, invoice: Invoice): Promise<InvoiceForPdf> {
  const lines = await em.find(InvoiceLine, { invoice: invoice.id }, { orderBy: { position: 'asc' }, refresh: true });
  const buyer = invoice.buyer ?? buyerOf(await em.findOneOrFail(User, invoice.customer.id, { refresh: true }));
  return {
    number: invoice.number ?? null,
    status: invoice.number ? 'issued' : 'draft',
    issuedAt: invoice.issuedAt ? issueDay(invoice.issuedAt) : null,
    dueAt: invoice.dueAt ?? null,
    currency: invoice.currency,
    buyer: {
      name: buyer.name,
      email: buyer.email,
      street: buyer.street ?? null,
      postalCode: buyer.postalCode ?? null,
      city: buyer.city ?? null,
      country: buyer.country ?? null,
    },
    lines: lines.map(({ description, quantity, unitPrice, vatRate, total }) => ({
      description,
      quantity,
      unitPrice,
      vatRate,
      lineTotal: total,
    })),
    totals: vatBreakdown(lines),
  };
}

/** The firm, or a stand-in that makes the PDF warn. */
const sellerOf = ({ seller }: Config): Seller => ({
  name: 'Passerelle',
  street: null,
  postalCode: null,
  city: null,
  country: null,
  ...seller,
  configured: seller !== undefined,
});
