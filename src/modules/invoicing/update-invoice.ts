import type { Transaction } from '../../db/sql-client.js';
import { set, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { Context } from '../../kernel/context.js';
import { refuseStale } from '../../kernel/stale-version.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { currencyProblems } from '../../lib/currency.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { changeInvoiceStatus, checkTransition } from './change-invoice-status.js';
import { chooseClient, chooseCustomer } from './choose-customer.js';
import { removeDraftPdfs } from './draft-keys.js';
import { dueProblems, exchangeRateProblems, type ItemTerms, priceItems } from './invoice-terms.js';
import { Invoice, InvoiceStatus } from './invoice.entity.js';
import { issueDay } from './issue-day.js';
import { issueInvoice } from './issue-invoice.js';
import { lockMoneyOf } from './lock-money.js';
import { invoiceIsFixed, type InvoiceRow, reachInvoice, reachOwnInvoice } from './reach-invoice.js';
import { writeLines } from './write-lines.js';

/** What is absent, or null where the invoice cannot be without it, stays. */
export interface InvoiceChanges {
  id: string;
  customerId?: string | null | undefined;
  /** null: none. */
  clientId?: string | null | undefined;
  items?: readonly ItemTerms[] | null | undefined;
  currency?: string | null | undefined;
  /** null removes it. */
  exchangeRate?: string | null | undefined;
  /** `YYYY-MM-DD`; null removes it. */
  dueDate?: string | null | undefined;
  status?: InvoiceStatus | null | undefined;
  /** That the changes were made on. */
  version?: number | null | undefined;
}

/**
 * Edits a draft, issues it, or moves an issued invoice along its states; returns its id. Throws NOT_FOUND, FORBIDDEN,
 * CONFLICT for an old version, or BAD_USER_INPUT: with every problem at once, or with the reason `invoice.issued` for
 * an edit that comes too late.
 */
export async function updateInvoice(ctx: Context, changes: InvoiceChanges): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  const { id, isIssuedNow } = await ctx.db.transaction(async (tx) => {
    if (changes.status === InvoiceStatus.PAID) {
      const seen = await reachInvoice(tx, ctx.viewer, changes.id);
      await lockMoneyOf(tx, [seen.customerId]);
    }
    let invoice = await reachOwnInvoice(tx, ctx, changes.id);
    await refuseStale(tx, ['Invoice', { id: String(invoice.id), version: invoice.version }], changes.version);
    const isWhole =
      Boolean(changes.customerId ?? changes.items ?? changes.currency) ||
      changes.dueDate !== undefined ||
      changes.exchangeRate !== undefined ||
      changes.clientId !== undefined;
    const isDraft = invoice.status === InvoiceStatus.DRAFT;
    // What is fixed may come back as it was read, along with a new status.
    const isEdit = isWhole && (isDraft || (await differs(tx, invoice, changes)));
    if (!isDraft && isEdit) throw invoiceIsFixed();
    const staysSo = changes.status === invoice.status && (isDraft || isWhole);
    const to = changes.status && !staysSo ? changes.status : undefined;
    if (to) checkTransition(invoice, to);
    if (isEdit) invoice = await editDraft(tx, ctx, invoice, changes);
    if (to && isDraft) await issueInvoice(tx, ctx, invoice);
    else if (to) await changeInvoiceStatus(tx, ctx, invoice, to);
    return { id: invoice.id, isIssuedNow: to !== undefined && isDraft };
  });
  if (isIssuedNow) await removeDraftPdfs(ctx, id);
  return id;
}

/** Whether the changes say anything else than the invoice does. */
async function differs(tx: Transaction, invoice: InvoiceRow, changes: InvoiceChanges): Promise<boolean> {
  const { customerId, clientId, items, currency, exchangeRate, dueDate } = changes;
  if (isOtherClient(invoice, clientId)) return true;
  if (customerId && customerId !== String(invoice.customerId)) return true;
  if ((currency && currency !== invoice.currency) || (dueDate !== undefined && dueDate !== invoice.dueDate))
    return true;
  if (exchangeRate !== undefined && Number(exchangeRate) !== Number(invoice.exchangeRate)) return true;
  if (!items) return false;
  const lines = await tx.all<ItemTerms>(sql`
    select description, quantity::text, unit_price::text as "unitPrice", vat_rate::text as "vatRate"
      from invoice_lines where invoice_id = ${invoice.id} order by position`);
  const said = (terms: ItemTerms): string =>
    JSON.stringify([terms.description.trim(), Number(terms.quantity), Number(terms.unitPrice), Number(terms.vatRate)]);
  return items.length !== lines.length || items.some((item, i) => said(item) !== said(lines[i] as ItemTerms));
}

/** What null takes away, instead of leaving it as it is. */
const removable: ReadonlySet<keyof InvoiceChanges> = new Set(['dueDate', 'clientId', 'exchangeRate']);

/** Returns the draft as it is afterwards. */
async function editDraft(
  tx: Transaction,
  ctx: Context,
  invoice: InvoiceRow,
  changes: InvoiceChanges,
): Promise<InvoiceRow> {
  const { customerId, clientId, items, currency, exchangeRate, dueDate } = changes;
  const { now } = ctx.services;
  const fields = (['customerId', 'clientId', 'items', 'currency', 'exchangeRate', 'dueDate'] as const).filter(
    (f) => changes[f] !== undefined && (removable.has(f) || changes[f] !== null),
  );
  const problems: FieldProblem[] = [
    ...(currency ? currencyProblems(currency) : []),
    ...exchangeRateProblems(exchangeRate),
  ];
  const priced = items ? priceItems(items, problems) : undefined;
  if (changes.status === InvoiceStatus.ISSUED) problems.push(...dueProblems(dueDate, issueDay(now())));
  // Naming the same customer again is no change: a role that bills for all may have chosen them.
  const newCustomer = customerId && customerId !== String(invoice.customerId) ? customerId : undefined;
  const customer = newCustomer ? await chooseCustomer(tx, ctx.viewer, newCustomer, problems) : undefined;
  const client =
    clientId && isOtherClient(invoice, clientId) ? await chooseClient(tx, ctx.viewer, clientId, problems) : undefined;
  if (problems.length > 0) throw badInput(problems);

  const { id, createdById } = invoice;
  const { totalExcludingTax, totalTax, total } = priced?.totals ?? {};
  const written = set(Invoice, {
    customer,
    client: clientId === null ? null : client,
    currency: currency ?? undefined,
    exchangeRate,
    dueDate,
    totalExcludingTax,
    totalTax,
    total,
    version: invoice.version + 1,
    updatedAt: now(),
  });
  await tx.send(sql`update invoices set ${written} where id = ${id}`);
  if (priced) {
    await tx.send(sql`delete from invoice_lines where invoice_id = ${id}`);
    await writeLines(tx, id, priced.lines);
  }
  const after = {
    ...invoice,
    version: invoice.version + 1,
    customerId: customer ?? invoice.customerId,
    clientId: clientId === null ? null : (client ?? invoice.clientId),
    currency: currency ?? invoice.currency,
    exchangeRate: exchangeRate === undefined ? invoice.exchangeRate : exchangeRate,
    dueDate: dueDate === undefined ? invoice.dueDate : dueDate,
  };
  await emit(tx, ctx, 'invoice.updated', ['Invoice', id], {
    customerId: after.customerId,
    createdById,
    version: after.version,
    fields: [...fields],
  });
  return after;
}

const isOtherClient = (invoice: InvoiceRow, clientId: string | null | undefined): boolean =>
  clientId !== undefined && (clientId?.toLowerCase() ?? null) !== invoice.clientId;
