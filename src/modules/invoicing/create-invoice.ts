import { sql, values } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { Context } from '../../kernel/context.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { currencyProblems } from '../../lib/currency.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { chooseClient, chooseCustomer } from './choose-customer.js';
import { dueProblems, exchangeRateProblems, type ItemTerms, priceItems } from './invoice-terms.js';
import { Invoice, InvoiceStatus } from './invoice.entity.js';
import { issueDay } from './issue-day.js';
import { issueInvoice, sellerCountry } from './issue-invoice.js';
import { vatRateProblems } from './vat-rates.js';
import { writeLines } from './write-lines.js';

export interface NewInvoice {
  /** Absent with a client: the viewer. */
  customerId?: string | null | undefined;
  clientId?: string | null | undefined;
  items: readonly ItemTerms[];
  currency?: string | null | undefined;
  exchangeRate?: string | null | undefined;
  /** `YYYY-MM-DD` */
  dueDate?: string | null | undefined;
  /** `draft` or `issued`. */
  status: InvoiceStatus;
}

/** Makes an invoice in the viewer's name and returns its id. Throws FORBIDDEN, or BAD_USER_INPUT with every problem. */
export async function createInvoice(ctx: Context, input: NewInvoice): Promise<number> {
  const { config, now } = ctx.services;
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  const currency = input.currency ?? config.currency;
  const problems: FieldProblem[] = [...currencyProblems(currency), ...exchangeRateProblems(input.exchangeRate)];
  const priced = priceItems(input.items, problems);
  const isIssued = input.status === InvoiceStatus.ISSUED;
  if (isIssued) {
    problems.push(...dueProblems(input.dueDate, issueDay(now())));
    if (priced)
      problems.push(
        ...vatRateProblems(
          input.items.map(({ vatRate }) => vatRate),
          sellerCountry(ctx.services),
        ),
      );
  } else if (input.status !== InvoiceStatus.DRAFT) {
    problems.push({ path: ['status'], code: 'not_allowed', message: 'must be draft or issued for a new invoice' });
  }

  return ctx.db.transaction(async (tx) => {
    const { clientId: client } = input;
    const clientId = client == null ? null : await chooseClient(tx, ctx.viewer, client, problems);
    const customerId = input.customerId ?? (client == null ? undefined : String(userId));
    if (customerId === undefined)
      problems.push({ path: ['customerId'], code: 'required', message: 'is needed without a client' });
    const customer = customerId && (await chooseCustomer(tx, ctx.viewer, customerId, problems));
    if (problems.length > 0 || !priced || !customer || clientId === undefined) throw badInput(problems);
    const at = now();
    const { totalExcludingTax, totalTax, total } = priced.totals;
    const dueDate = input.dueDate ?? null;
    const exchangeRate = input.exchangeRate ?? null;
    const row = values(Invoice, {
      customer,
      client: clientId,
      createdBy: userId,
      currency,
      exchangeRate,
      dueDate,
      totalExcludingTax,
      totalTax,
      total,
      createdAt: at,
      updatedAt: at,
    });
    const [invoice] = await tx.all<{ id: number }>(sql`insert into invoices ${row} returning id`);
    const { id } = invoice as { id: number };
    await writeLines(tx, id, priced.lines);
    await emit(tx, ctx, 'invoice.created', ['Invoice', id], { customerId: customer, createdById: userId });
    const issued = { id, customerId: customer, clientId, createdById: userId, dueDate, currency, exchangeRate };
    if (isIssued) await issueInvoice(tx, ctx, issued);
    return id;
  });
}
