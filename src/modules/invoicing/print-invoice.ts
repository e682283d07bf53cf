import { createHash } from 'node:crypto';
import type { Config } from '../../config/config.js';
import type { SqlRunner } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';
import { type VatBreakdown, vatBreakdown } from '../../lib/money.js';
import { draftKeys } from './draft-keys.js';
import { type InvoiceForPdf, renderInvoicePdf, type Seller } from './invoice-pdf.js';
import { InvoiceType } from './invoice.entity.js';
import { issueDay } from './issue-day.js';
import { buyerOf } from './issue-invoice.js';
import { type InvoiceRow, reachInvoice } from './reach-invoice.js';

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
 * Throws NOT_FOUND.
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
  await store.removeAll(draftKeys(invoice.id), { except: key });
  return { key, name: `facture-brouillon-${invoice.id}.pdf`, mimeType };
}

const render = async (ctx: Context, invoice: InvoiceRow): Promise<Buffer> =>
  renderInvoicePdf(await invoiceForPdf(ctx, invoice), sellerOf(ctx.services.config));

interface LineRow {
  description: string;
  quantity: string;
  unitPrice: string;
  vatRate: string;
  lineTotal: string;
}

async function invoiceForPdf({ db }: Context, invoice: InvoiceRow): Promise<InvoiceForPdf> {
  const lines = await db.all<LineRow>(sql`
    select description, quantity, unit_price as "unitPrice", vat_rate as "vatRate", total as "lineTotal"
      from invoice_lines where invoice_id = ${invoice.id} order by position`);
  const buyer = invoice.buyer ?? (await buyerOf(db, invoice.customerId));
  const credit = invoice.type === InvoiceType.CREDIT_NOTE ? await creditOf(db, invoice.id) : undefined;
  return {
    kind: invoice.type,
    origin: credit && { number: credit.originNumber, issuedAt: issueDay(new Date(credit.originIssuedAtMs)) },
    reason: credit?.reason ?? null,
    number: invoice.number,
    status: invoice.number ? 'issued' : 'draft',
    issuedAt: invoice.issuedAtMs === null ? null : issueDay(new Date(invoice.issuedAtMs)),
    dueDate: invoice.dueDate,
    currency: invoice.currency,
    buyer: {
      name: buyer.name,
      email: buyer.email,
      street: buyer.street ?? null,
      postalCode: buyer.postalCode ?? null,
      city: buyer.city ?? null,
      country: buyer.country ?? null,
    },
    lines,
    totals: credit ? { ...vatBreakdown(lines), ...credit.totals } : vatBreakdown(lines),
  };
}

interface CreditRow {
  originNumber: string;
  originIssuedAtMs: number;
  reason: string;
  /** Its taxes do not follow from its lines alone: all credit notes of an invoice add up to the invoice's. */
  totals: Pick<VatBreakdown, 'rates' | 'totalTax' | 'total'>;
}

async function creditOf(db: SqlRunner, id: number): Promise<CreditRow | undefined> {
  const row = await db.first<Omit<CreditRow, 'totals'> & VatBreakdown>(sql`
    select o.number as "originNumber", (extract(epoch from o.issued_at) * 1000)::float8 as "originIssuedAtMs",
           c.reason, c.vat as rates, c.total_tax as "totalTax", c.total
      from invoices c join invoices o on o.id = c.origin_invoice_id where c.id = ${id}`);
  if (!row) return undefined;
  const { rates, totalTax, total, ...rest } = row;
  return { ...rest, totals: { rates, totalTax, total } };
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
