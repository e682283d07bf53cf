import type { Transaction } from '../../db/sql-client.js';
import { set, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { Context, Services } from '../../kernel/context.js';
import { badInput } from '../../lib/errors.js';
import { buyerOf } from './buyer-of.js';
import { dueProblems } from './invoice-terms.js';
import { Invoice, InvoiceStatus, InvoiceType } from './invoice.entity.js';
import { endOfYear, issueDay, issueYear } from './issue-day.js';
import { documentProblems, printedInvoice, sellerOf } from './printed-invoice.js';
import type { InvoiceRow } from './reach-invoice.js';
import { vatRateProblems } from './vat-rates.js';

/**
 * Numbers a draft, freezes its buyer and fixes it (CGI, annexe II, art. 242 nonies A: a chronological, continuous
 * sequence). `tx` holds the counter's row until its end: whoever rolls back gives the number back, so there is no gap.
 * Throws BAD_USER_INPUT when the due date has passed, a rate of VAT is none, the rate of exchange is missing, the
 * customer was erased, or what it says would make no electronic invoice (EN 16931, BR-FR).
 */
export async function issueInvoice(
  tx: Transaction,
  ctx: Context,
  invoice: Pick<InvoiceRow, 'id' | 'customerId' | 'clientId' | 'createdById' | 'dueDate' | 'currency' | 'exchangeRate'>,
): Promise<void> {
  const { id, customerId, createdById, dueDate } = invoice;
  const { now } = ctx.services;
  const { isErased, ...buyer } = await buyerOf(tx, invoice);
  const series = ctx.services.config.series.invoices;
  // Before the counter is locked, so with a number of the right form that nobody has.
  const standIn = `${series}${issueYear(now())}-00000`;
  const standIns = { type: InvoiceType.INVOICE, number: standIn, issuedAtMs: now().getTime() };
  const printed = await printedInvoice(tx, { ...invoice, ...standIns }, buyer);
  const rates = printed.lines.map(({ vatRate }) => vatRate);
  const problems = [...dueProblems(dueDate, issueDay(now())), ...vatRateProblems(rates, sellerCountry(ctx.services))];
  const billed = invoice.clientId === null ? 'customerId' : 'clientId';
  if (isErased) problems.push({ path: [billed], code: 'unknown_reference', message: 'was erased' });
  problems.push(...(await documentProblems(ctx, printed, sellerOf(ctx.services.config))));
  if (problems.length > 0) throw badInput(problems);

  const { number, issuedAt, updatedAt } = await takeNumber(tx, ctx, series);
  const changes = { series, number, status: InvoiceStatus.ISSUED, issuedAt, updatedAt, buyer };
  await tx.send(sql`update invoices set ${set(Invoice, changes)} where id = ${id}`);
  await emit(tx, ctx, 'invoice.issued', ['Invoice', id], { customerId, createdById, number });
}

/** Where the firm is taxed; France unless it says otherwise. */
export const sellerCountry = ({ config }: Pick<Services, 'config'>): string => config.seller?.country ?? 'FR';

/** The next number of a series, and the moment of issue. `tx` holds the counter's row until its end. */
export async function takeNumber(
  tx: Transaction,
  { services: { now } }: Pick<Context, 'services'>,
  series: string,
): Promise<{ number: string; issuedAt: Date; updatedAt: Date }> {
  const year = issueYear(now());
  const number = `${series}${year}-${String(await nextNumber(tx, series, year)).padStart(5, '0')}`;
  // Taken under the counter's lock, so that dates rise with numbers; who waited over New Year still counts as the old
  // one.
  const at = now();
  return { number, issuedAt: issueYear(at) === year ? at : endOfYear(year), updatedAt: at };
}

async function nextNumber(tx: Transaction, series: string, year: number): Promise<number> {
  const [counter] = await tx.all<{ lastNumber: number }>(sql`
    insert into invoice_counters (series, year, last_number) values (${series}, ${year}, 1)
    on conflict (series, year) do update set last_number = invoice_counters.last_number + 1
    returning last_number as "lastNumber"`);
  return (counter as { lastNumber: number }).lastNumber;
}
