import type { Config } from '../../config/config.js';
import type { SqlRunner } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import type { FieldProblem } from '../../lib/errors.js';
import { type VatBreakdown, vatBreakdown } from '../../lib/money.js';
import { accountedTax, type InvoiceForPdf, type InvoiceLineForPdf, type Seller } from './invoice-document.js';
import { type BuyerSnapshot, InvoiceType } from './invoice.entity.js';
import { issueDay } from './issue-day.js';
import type { InvoiceRow } from './reach-invoice.js';
import { checkPaper } from './rendering/draw-paper.js';

type PrintedRow = Pick<InvoiceRow, 'id' | 'type' | 'number' | 'issuedAtMs' | 'dueDate' | 'currency' | 'exchangeRate'>;

/** What the papers of an invoice say: its row, its lines, and whom it bills. */
export async function printedInvoice(
  runner: SqlRunner,
  invoice: PrintedRow,
  buyer: BuyerSnapshot,
): Promise<InvoiceForPdf> {
  const lines = await runner.all<InvoiceLineForPdf>(sql`
    select description, quantity, unit_price as "unitPrice", vat_rate as "vatRate", total as "lineTotal"
      from invoice_lines where invoice_id = ${invoice.id} order by position`);
  const credit = invoice.type === InvoiceType.CREDIT_NOTE ? await creditOf(runner, invoice.id) : undefined;
  return {
    kind: invoice.type,
    origin: credit && { number: credit.originNumber, issuedAt: issueDay(new Date(credit.originIssuedAtMs)) },
    reason: credit?.reason ?? null,
    number: invoice.number,
    status: invoice.number ? 'issued' : 'draft',
    issuedAt: invoice.issuedAtMs === null ? null : issueDay(new Date(invoice.issuedAtMs)),
    dueDate: invoice.dueDate,
    currency: invoice.currency,
    exchangeRate: invoice.exchangeRate,
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

async function creditOf(runner: SqlRunner, id: number): Promise<CreditRow | undefined> {
  const row = await runner.first<Omit<CreditRow, 'totals'> & VatBreakdown>(sql`
    select o.number as "originNumber", (extract(epoch from o.issued_at) * 1000)::float8 as "originIssuedAtMs",
           c.reason, c.vat as rates, c.total_tax as "totalTax", c.total
      from invoices c join invoices o on o.id = c.origin_invoice_id where c.id = ${id}`);
  if (!row) return undefined;
  const { rates, totalTax, total, ...rest } = row;
  return { ...rest, totals: { rates, totalTax, total } };
}

/** The firm, or a stand-in that makes the PDF warn. */
export const sellerOf = ({ seller, currency }: Pick<Config, 'seller' | 'currency'>): Seller => ({
  name: 'Passerelle',
  street: null,
  postalCode: null,
  city: null,
  country: null,
  ...seller,
  configured: seller !== undefined,
  // BR-FR-CO-12: VAT of a seller in France is due in euros.
  accountingCurrency: seller?.country === 'FR' ? 'EUR' : currency,
});

/** BR-FR-03: dates of an electronic invoice lie in this century. */
const lastDay = '2099-12-31';

/** Why an invoice cannot become an electronic one by EN 16931 and BR-FR. It has its number and date, or stand-ins. */
export async function documentProblems(
  ctx: Pick<CommandContext, 'log' | 'viewer'>,
  invoice: InvoiceForPdf,
  seller: Seller,
): Promise<FieldProblem[]> {
  const problems: FieldProblem[] = [];
  if (invoice.dueDate && invoice.dueDate > lastDay)
    problems.push({ path: ['dueDate'], code: 'too_large', message: `is after ${lastDay}` });
  const accounted = accountedTax(invoice, seller);
  if (accounted && accounted.amount === undefined)
    problems.push({
      path: ['exchangeRate'],
      code: 'required',
      message: `is needed: VAT is stated in ${accounted.currency} too`,
    });
  problems.push(...(await checkPaper(ctx, invoice, seller)));
  return problems;
}
