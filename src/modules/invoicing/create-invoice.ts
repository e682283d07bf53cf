import { emit } from '../../events/outbox.js';
import type { Context } from '../../kernel/context.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { User } from '../identity/people/user.entity.js';
import { chooseCustomer } from './choose-customer.js';
import { InvoiceLine } from './invoice-line.entity.js';
import { currencyProblems, dueProblems, type ItemTerms, priceItems } from './invoice-terms.js';
import { Invoice, InvoiceStatus } from './invoice.entity.js';
import { issueDay } from './issue-day.js';
import { issueInvoice } from './issue-invoice.js';

export interface NewInvoice {
  customerId: string;
  items: readonly ItemTerms[];
  currency?: string | null | undefined;
  /** `YYYY-MM-DD` */
  dueAt?: string | null | undefined;
  /** `draft` or `issued`. */
  status: InvoiceStatus;
}

/** Makes an invoice in the viewer's name and answers its id. Throws FORBIDDEN, or BAD_USER_INPUT with every problem. */
export async function createInvoice(ctx: Context, input: NewInvoice): Promise<number> {
  const { config, now } = ctx.services;
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  const currency = input.currency ?? config.currency;
  const problems: FieldProblem[] = [...currencyProblems(currency)];
  const priced = priceItems(input.items, problems);
  const isIssued = input.status === InvoiceStatus.ISSUED;
  if (isIssued) problems.push(...dueProblems(input.dueAt, issueDay(now())));
  else if (input.status !== InvoiceStatus.DRAFT) {
    problems.push({ path: ['status'], code: 'not_allowed', message: 'must be draft or issued for a new invoice' });
  }

  return ctx.em.transactional(async (em) => {
    const customer = await chooseCustomer(em, ctx.viewer, input.customerId, problems);
    if (problems.length > 0 || !priced || !customer) throw badInput(problems);
    const at = now();
    const { totalExcludingTax, totalTax, total } = priced.totals;
    const invoice = em.create(Invoice, {
      customer,
      createdBy: em.getReference(User, userId),
      currency,
      dueAt: input.dueAt ?? null,
      totalExcludingTax,
      totalTax,
      total,
      createdAt: at,
      updatedAt: at,
    });
    for (const line of priced.lines) em.create(InvoiceLine, { invoice, ...line });
    await em.flush();
    await emit(em, ctx, 'invoice.created', ['Invoice', invoice.id], { customerId: customer.id, createdById: userId });
    if (isIssued) await issueInvoice(em, ctx, invoice);
    return invoice.id;
  });
}
