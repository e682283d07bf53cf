import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../events/outbox.js';
import type { Context } from '../../kernel/context.js';
import { badInput } from '../../lib/errors.js';
import { User } from '../identity/people/user.entity.js';
import { dueProblems } from './invoice-terms.js';
import { type BuyerSnapshot, type Invoice, InvoiceStatus } from './invoice.entity.js';
import { endOfYear, issueDay, issueYear } from './issue-day.js';

/**
 * Numbers a draft, freezes its buyer and fixes it (CGI, annexe II, art. 242 nonies A: a chronological, continuous
 * sequence). Runs in the transaction of `em`, which holds the counter's row until its end: whoever rolls back gives the
 * number back, so there is no gap. Throws BAD_USER_INPUT when the due date has passed or the customer was erased.
 */
export async function issueInvoice(em: SqlEntityManager, ctx: Context, invoice: Invoice): Promise<void> {
  const { now } = ctx.services;
  const customer = await em.findOneOrFail(User, invoice.customer.id);
  const problems = dueProblems(invoice.dueAt, issueDay(now()));
  if (customer.erasedAt) problems.push({ path: ['customerId'], code: 'unknown_reference', message: 'was erased' });
  if (problems.length > 0) throw badInput(problems);

  const year = issueYear(now());
  const number = `${invoice.series}${year}-${String(await nextNumber(em, invoice.series, year)).padStart(5, '0')}`;
  // Taken under the counter's lock, so that dates rise with numbers; who waited over New Year still counts as the old one.
  const at = now();
  invoice.number = number;
  invoice.status = InvoiceStatus.ISSUED;
  invoice.issuedAt = issueYear(at) === year ? at : endOfYear(year);
  invoice.updatedAt = at;
  invoice.buyer = buyerOf(customer);
  // The draft's PDF; the caller removes it after the commit.
  invoice.pdfKey = null;
  await em.flush();
  await emit(em, ctx, 'invoice.issued', ['Invoice', invoice.id], {
    customerId: customer.id,
    createdById: invoice.createdBy.id,
    number,
  });
}

async function nextNumber(em: SqlEntityManager, series: string, year: number): Promise<number> {
  const { lastNumber } = await em.getConnection().execute<{ lastNumber: number }>(
    `insert into invoice_counters (series, year, last_number) values (?, ?, 1)
     on conflict (series, year) do update set last_number = invoice_counters.last_number + 1
     returning last_number as "lastNumber"`,
    [series, year],
    'get',
    em.getTransactionContext(),
  );
  return lastNumber;
}

export const buyerOf = ({ fullName, username, email, street, city, postalCode, country }: User): BuyerSnapshot => ({
  name: fullName || username,
  email,
  street: street ?? null,
  city: city ?? null,
  postalCode: postalCode ?? null,
  country: country ?? null,
});
