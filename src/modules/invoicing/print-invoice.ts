import { createHash } from 'node:crypto';
import type { Context } from '../../kernel/context.js';
import { buyerOf } from './buyer-of.js';
import { draftKeys, removeDraftPdfs } from './draft-keys.js';
import { InvoiceType } from './invoice.entity.js';
import { printedInvoice, sellerOf } from './printed-invoice.js';
import { type InvoiceRow, reachInvoice } from './reach-invoice.js';
import { drawPaper } from './rendering/draw-paper.js';

export interface PrintedInvoice {
  /** In the content store. */
  key: string;
  name: string;
  mimeType: 'application/pdf';
}

const mimeType = 'application/pdf';

/**
 * The invoice as a PDF in the content store. A numbered one is rendered once, as it was issued, and those bytes stay
 * whatever happens to it later; a draft is rendered each time, named by its content. Writes nothing but the file.
 * Throws NOT_FOUND, and UNAVAILABLE (`invoice.not_drawn`).
 */
export async function printInvoice(ctx: Context, id: string): Promise<PrintedInvoice> {
  const { db, services } = ctx;
  const { store } = services;
  const invoice = await reachInvoice(db, ctx.viewer, id);
  const { number } = invoice;
  if (number) {
    const key = `invoices/${invoice.id}-${number}.pdf`;
    if (!(await store.exists(key))) await store.putBytes(await render(ctx, invoice), key);
    return { key, name: `${invoice.type === InvoiceType.CREDIT_NOTE ? 'avoir' : 'facture'}-${number}.pdf`, mimeType };
  }
  const bytes = await render(ctx, invoice);
  const key = `${draftKeys(invoice.id)}${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.pdf`;
  await store.putBytes(bytes, key);
  // Of what the draft showed before, nothing is kept; others may be reading what it shows now.
  await removeDraftPdfs(ctx, invoice.id, { except: key });
  return { key, name: `facture-brouillon-${invoice.id}.pdf`, mimeType };
}

async function render(ctx: Context, invoice: InvoiceRow): Promise<Buffer> {
  const { db, services } = ctx;
  const buyer = invoice.buyer ?? (await buyerOf(db, invoice));
  const printed = await printedInvoice(db, invoice, buyer);
  return drawPaper(ctx, { kind: 'invoice', invoice: printed, seller: sellerOf(services.config) });
}
