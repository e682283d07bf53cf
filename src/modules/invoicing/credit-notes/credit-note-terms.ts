/** What a credit note may take back, and the VAT that it then shows. */
import type { SqlRunner } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { FieldProblem } from '../../../lib/errors.js';
import { compareAmounts, subtractAmounts, sumAmounts, type VatBreakdown, vatBreakdown } from '../../../lib/money.js';
import type { VatInput } from '../invoice.loaders.js';

/** Of one rate: what the invoice billed less what its credit notes have taken back. Amounts as decimal text. */
export interface LeftAtRate {
  vatRate: string;
  base: string;
  tax: string;
}

export interface Uncredited {
  /** False when there is a credit note already. */
  isWhole: boolean;
  /** Highest rate first. */
  rates: LeftAtRate[];
}

/** What of an invoice, which the caller holds locked, was not credited yet. */
export async function uncreditedOf(tx: SqlRunner, invoiceId: number): Promise<Uncredited> {
  const lines = await tx.all<VatInput>(sql`
    select quantity, unit_price as "unitPrice", vat_rate as "vatRate" from invoice_lines
     where invoice_id = ${invoiceId} order by position`);
  const credits = await tx.all<{ vat: LeftAtRate[] }>(
    sql`select vat from invoices where origin_invoice_id = ${invoiceId} order by id`,
  );
  const credited = Map.groupBy(
    credits.flatMap(({ vat }) => vat),
    ({ vatRate }) => vatRate,
  );
  const rates = vatBreakdown(lines).rates.map(({ vatRate, base, tax }) => {
    const taken = credited.get(vatRate) ?? [];
    return {
      vatRate,
      base: subtractAmounts(base, sumAmounts(taken.map((credit) => credit.base))),
      tax: subtractAmounts(tax, sumAmounts(taken.map((credit) => credit.tax))),
    };
  });
  return { isWhole: credits.length === 0, rates };
}

/**
 * The totals of a credit note with these lines. Each line's cents round by themselves, so that credits of one rate
 * could add up to other taxes than the invoice's: the one that takes the last of a rate's base takes the last of its
 * tax. Adds its problems to `problems`.
 */
export function creditTotals(
  items: readonly VatInput[],
  left: readonly LeftAtRate[],
  problems: FieldProblem[],
): VatBreakdown {
  const byRate = new Map(left.map((rate) => [Number(rate.vatRate), rate]));
  for (const [index, { vatRate }] of items.entries()) {
    if (byRate.has(Number(vatRate))) continue;
    const message = `is no rate of the invoice, which has ${left.map((rate) => Number(rate.vatRate)).join(', ')}`;
    problems.push({ path: ['items', String(index), 'vatRate'], code: 'not_allowed', message });
  }
  const rates = vatBreakdown(items).rates.map((rate) => {
    const { base, tax } = byRate.get(Number(rate.vatRate)) ?? rate;
    const beyond = compareAmounts(rate.base, base);
    if (beyond > 0) {
      const message = `add up to ${rate.base} at ${Number(rate.vatRate)} %, of which ${base} is left to credit`;
      problems.push({ path: ['items'], code: 'too_large', message });
    }
    return { ...rate, tax: beyond === 0 || compareAmounts(rate.tax, tax) > 0 ? tax : rate.tax };
  });
  const totalExcludingTax = sumAmounts(rates.map(({ base }) => base));
  const totalTax = sumAmounts(rates.map(({ tax }) => tax));
  return { rates, totalExcludingTax, totalTax, total: sumAmounts([totalExcludingTax, totalTax]) };
}
