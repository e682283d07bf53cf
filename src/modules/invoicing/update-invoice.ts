import { ref } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../events/outbox.js';
import type { Context } from '../../kernel/context.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { changeInvoiceStatus, checkTransition } from './change-invoice-status.js';
import { chooseCustomer } from './choose-customer.js';
import { InvoiceLine } from './invoice-line.entity.js';
import { currencyProblems, dueProblems, type ItemTerms, priceItems } from './invoice-terms.js';
import { type Invoice, InvoiceStatus } from './invoice.entity.js';
import { issueDay } from './issue-day.js';
import { issueInvoice } from './issue-invoice.js';
import { invoiceIsFixed, reachOwnInvoice } from './reach-invoice.js';

/** What is absent, or null where the invoice cannot be without it, stays. */
export interface InvoiceChanges {
  id: string;
  customerId?: string | null | undefined;
  items?: readonly ItemTerms[] | null | undefined;
  currency?: string | null | undefined;
  /** `YYYY-MM-DD`; null removes it. */
  dueAt?: string | null | undefined;
  status?: InvoiceStatus | null | undefined;
}

/**
 * Edits a draft, issues it, or moves an issued invoice along its states; answers its id. Throws NOT_FOUND, FORBIDDEN, or
 * BAD_USER_INPUT: with every problem at once, or with the reason `invoice_issued` for an edit that comes too late.
 */
export async function updateInvoice(ctx: Context, changes: InvoiceChanges): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  let draftPdf: string | null | undefined;
  const id = await ctx.em.transactional(async (em) => {
    const invoice = await reachOwnInvoice(em, ctx, changes.id);
    const isEdit = Boolean(changes.customerId ?? changes.items ?? changes.currency) || changes.dueAt !== undefined;
    const isDraft = invoice.status === InvoiceStatus.DRAFT;
    if (!isDraft && isEdit) throw invoiceIsFixed();
    const to = changes.status && !(isDraft && changes.status === InvoiceStatus.DRAFT) ? changes.status : undefined;
    if (to) checkTransition(invoice.status, to);
    if (isEdit) await editDraft(em, ctx, invoice, changes);
    if (to && isDraft) {
      draftPdf = invoice.pdfKey;
      await issueInvoice(em, ctx, invoice);
    } else if (to) await changeInvoiceStatus(em, ctx, invoice, to);
    return invoice.id;
  });
  if (draftPdf) await ctx.services.store.remove(draftPdf);
  return id;
}

async function editDraft(em: SqlEntityManager, ctx: Context, invoice: Invoice, changes: InvoiceChanges): Promise<void> {
  const { customerId, items, currency, dueAt } = changes;
  const { now } = ctx.services;
  const fields = (['customerId', 'items', 'currency', 'dueAt'] as const).filter(
    (f) => changes[f] !== undefined && (f === 'dueAt' || changes[f] !== null),
  );
  const problems: FieldProblem[] = currency ? currencyProblems(currency) : [];
  const priced = items ? priceItems(items, problems) : undefined;
  if (changes.status === InvoiceStatus.ISSUED) problems.push(...dueProblems(dueAt, issueDay(now())));
  // Naming the same customer again is no change: a role that bills for all may have chosen them.
  const newCustomer = customerId && customerId !== String(invoice.customer.id) ? customerId : undefined;
  const customer = newCustomer ? await chooseCustomer(em, ctx.viewer, newCustomer, problems) : undefined;
  if (problems.length > 0) throw badInput(problems);

  if (customer) invoice.customer = ref(customer);
  if (currency) invoice.currency = currency;
  if (dueAt !== undefined) invoice.dueAt = dueAt;
  invoice.updatedAt = now();
  if (priced) {
    const { totalExcludingTax, totalTax, total } = priced.totals;
    Object.assign(invoice, { totalExcludingTax, totalTax, total });
    await em.nativeDelete(InvoiceLine, { invoice: invoice.id });
    for (const line of priced.lines) em.create(InvoiceLine, { invoice, ...line });
  }
  await em.flush();
  await emit(em, ctx, 'invoice.updated', ['Invoice', invoice.id], {
    customerId: invoice.customer.id,
    createdById: invoice.createdBy.id,
    fields: [...fields],
  });
}
