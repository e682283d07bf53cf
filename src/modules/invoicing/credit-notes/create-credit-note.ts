import type { Transaction } from '../../../db/sql-client.js';
import { sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { Context } from '../../../kernel/context.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { checkedText } from '../../../lib/checked-values.js';
import { badInput, conflict, DomainError, type FieldProblem } from '../../../lib/errors.js';
import { compareAmounts, subtractAmounts, type VatBreakdown } from '../../../lib/money.js';
import { buyerOf } from '../buyer-of.js';
import {
  descriptionLimit,
  descriptionLineLimit,
  type ItemTerms,
  type PricedTerms,
  priceItems,
} from '../invoice-terms.js';
import { Invoice, InvoiceStatus, InvoiceType } from '../invoice.entity.js';
import { takeNumber } from '../issue-invoice.js';
import { lockMoneyOf } from '../lock-money.js';
import { releasePaid } from '../payments/delete-payment.js';
import { followMoney } from '../payments/follow-money.js';
import { type InvoiceRow, reachInvoice, reachOwnInvoice } from '../reach-invoice.js';
import { writeLines } from '../write-lines.js';
import { creditTotals, uncreditedOf } from './credit-note-terms.js';

export interface NewCreditNote {
  invoiceId: string;
  /** What is taken back; absent: all of the invoice that was not credited yet. */
  items?: readonly ItemTerms[] | null | undefined;
  reason: string;
}

interface Credited {
  lines: PricedTerms['lines'];
  totals: VatBreakdown;
}

const maxCreditNotes = 100;

/**
 * Makes a credit note of an issued invoice, numbered at once in a series of its own; returns its id. All credit notes
 * of an invoice never take back more than it billed, at no rate of VAT, also when several are made at once. What was
 * paid beyond what is left to pay becomes free for other invoices of the customer. Throws NOT_FOUND, FORBIDDEN,
 * BAD_USER_INPUT, or CONFLICT (`invoice.credited`) when nothing is left.
 */
export async function createCreditNote(ctx: Context, input: NewCreditNote): Promise<number> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  const problems: FieldProblem[] = [];
  const reason = checkedText(input.reason, ['reason'], problems, {
    max: descriptionLimit,
    maxLines: descriptionLineLimit,
    isRequired: true,
  });
  return ctx.db.transaction(async (tx) => {
    const seen = await reachInvoice(tx, ctx.viewer, input.invoiceId);
    await lockMoneyOf(tx, [seen.customerId]);
    const origin = await reachOwnInvoice(tx, ctx, input.invoiceId);
    refuseOrigin(origin);
    await refuseBeyond(
      tx,
      'CreditNote',
      maxCreditNotes,
      sql`select 1 from invoices where origin_invoice_id = ${origin.id}`,
    );
    const { lines, totals } = await creditOf(tx, origin, input.items, problems);

    const { id: originInvoice, customerId, clientId, currency, exchangeRate } = origin;
    await releasePaid(tx, ctx, originInvoice, subtractAmounts(totals.total, origin.amountDue));
    const { isErased: _, ...current } = await buyerOf(tx, origin);
    const { creditNotes: series } = ctx.services.config.series;
    const { number, issuedAt, updatedAt } = await takeNumber(tx, ctx, series);
    const { rates: vat, totalExcludingTax, totalTax, total } = totals;
    const row = values(Invoice, {
      type: InvoiceType.CREDIT_NOTE,
      status: InvoiceStatus.ISSUED,
      series,
      number,
      originInvoice,
      reason,
      customer: customerId,
      client: clientId,
      createdBy: userId,
      currency,
      exchangeRate,
      totalExcludingTax,
      totalTax,
      total,
      vat,
      issuedAt,
      buyer: origin.buyer ?? current,
      createdAt: updatedAt,
      updatedAt,
    });
    const [made] = await tx.all<{ id: number }>(sql`insert into invoices ${row} returning id`);
    const { id } = made as { id: number };
    await writeLines(tx, id, lines);
    await emit(tx, ctx, 'invoice.issued', ['Invoice', id], { customerId, createdById: userId, number });
    await emit(tx, ctx, 'invoice.credited', ['Invoice', originInvoice], {
      customerId,
      createdById: origin.createdById,
      creditNoteId: id,
      number,
    });
    await followMoney(tx, ctx, [originInvoice]);
    return id;
  });
}

function refuseOrigin({ type, status }: InvoiceRow): void {
  const isCredit = type === InvoiceType.CREDIT_NOTE;
  if (!isCredit && status !== InvoiceStatus.DRAFT && status !== InvoiceStatus.CANCELLED) return;
  const what = isCredit ? 'a credit note' : `a ${status === InvoiceStatus.DRAFT ? 'draft' : 'cancelled invoice'}`;
  const message = `Only an issued invoice can be credited, not ${what}`;
  throw new DomainError('BAD_USER_INPUT', message, {
    subject: 'Invoice',
    reason: 'credit_note.origin',
    fields: [{ path: ['invoiceId'], code: 'not_allowed', message }],
  });
}

/** Throws BAD_USER_INPUT with `problems` and those that it finds. */
async function creditOf(
  tx: Transaction,
  origin: InvoiceRow,
  items: readonly ItemTerms[] | null | undefined,
  problems: FieldProblem[],
): Promise<Credited> {
  const left = await uncreditedOf(tx, origin.id);
  const wanted = items ?? (left.isWhole ? await linesOf(tx, origin.id) : restOf(origin, left.rates));
  if (!items && wanted.length === 0) throw nothingLeft();
  const priced = priceItems(wanted, problems, items ? {} : { maxLines: Infinity });
  const totals = priced && creditTotals(wanted, left.rates, problems);
  if (totals && compareAmounts(totals.total, 0) === 0) {
    if (!items) throw nothingLeft();
    problems.push({ path: ['items'], code: 'too_small', message: 'add up to nothing' });
  }
  if (problems.length > 0 || !priced || !totals) throw badInput(problems);
  return { lines: priced.lines, totals };
}

const nothingLeft = () =>
  conflict('Nothing of the invoice is left to credit', { subject: 'Invoice', reason: 'invoice.credited' });

const linesOf = (tx: Transaction, invoiceId: number): Promise<ItemTerms[]> =>
  tx.all<ItemTerms>(sql`
    select description, quantity, unit_price as "unitPrice", vat_rate as "vatRate"
      from invoice_lines where invoice_id = ${invoiceId} order by position`);

/** Once a part was credited nobody knows which lines remain: what is left of each rate becomes one. */
const restOf = ({ number }: InvoiceRow, rates: readonly { vatRate: string; base: string }[]): ItemTerms[] =>
  rates
    .filter(({ base }) => compareAmounts(base, 0) > 0)
    .map(({ vatRate, base }) => ({
      description: `Solde de la facture ${number}`,
      quantity: '1',
      unitPrice: base,
      vatRate,
    }));
