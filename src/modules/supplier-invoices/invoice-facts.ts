import { compactNumber, isIban, isSiren } from '../../lib/company-numbers.js';
import { type Amount, compareAmounts, fitsMoney, sumAmounts, toAmount } from '../../lib/money.js';
import { tidyName } from '../../lib/names.js';

export type InvoiceFormat = 'cii' | 'ubl';

/** What an invoice's data say, word for word; each may be absent. BT-… are the terms of EN 16931. */
export interface SaidFacts {
  /** BT-3: a code of UNTDID 1001. */
  typeCode?: string | undefined;
  /** BT-1 */
  number?: string | undefined;
  /** BT-2 and BT-9, as `YYYY-MM-DD`. */
  issueDate?: string | undefined;
  dueDate?: string | undefined;
  /** BT-5 */
  currency?: string | undefined;
  /** BT-27, BT-30 or BT-29, BT-31 */
  supplierName?: string | undefined;
  supplierSiren?: string | undefined;
  supplierVatNumber?: string | undefined;
  /** BT-109, BT-110, BT-112, BT-115 */
  totalExcludingTax?: string | undefined;
  totalTax?: string | undefined;
  total?: string | undefined;
  amountDue?: string | undefined;
  /** BT-84, BT-86, BT-83 */
  iban?: string | undefined;
  bic?: string | undefined;
  paymentReference?: string | undefined;
}

export interface InvoiceFacts {
  format: InvoiceFormat;
  isCreditNote: boolean;
  number: string;
  issueDate: string;
  dueDate: string | null;
  currency: string;
  supplierName: string;
  supplierSiren: string | null;
  supplierVatNumber: string | null;
  totalExcludingTax: Amount | null;
  totalTax: Amount | null;
  total: Amount;
  amountDue: Amount;
  iban: string | null;
  bic: string | null;
  paymentReference: string | null;
  /** What a person should look at, a sentence each, in French. */
  problems: string[];
}

export type ReadInvoice = { facts: InvoiceFacts } | { format: InvoiceFormat; unreadable: string[] };

/** The codes of UNTDID 1001 that give money back. */
const creditCodes = new Set('81 83 261 262 296 308 381 396 420 458 502 503 532'.split(' '));

const longest = { number: 100, name: 200, other: 140 } as const;

const amountOf = (text: string | undefined): Amount | undefined => {
  if (!text || !/^[+-]?\d{1,15}(\.\d{1,10})?$/.test(text)) return undefined;
  const amount = toAmount(text.replace('+', ''));
  return amount !== undefined && fitsMoney(amount) ? amount : undefined;
};

function dayOf(text: string | undefined): string | undefined {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '1900-01-01') return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined;
}

const short = (text: string | undefined, length: number = longest.other): string | null =>
  tidyName((text ?? '').replace(/\s+/gu, ' ').replace(/\p{Default_Ignorable_Code_Point}+/gu, ''))
    .slice(0, length)
    .toWellFormed() || null;

/** What can be believed of what was said. Without number, day, supplier, currency and total it is no invoice. */
export function factsOf(format: InvoiceFormat, said: SaidFacts): ReadInvoice {
  const number = short(said.number, longest.number);
  const supplierName = short(said.supplierName, longest.name);
  const issueDate = dayOf(said.issueDate);
  const currency = said.currency && /^[A-Z]{3}$/.test(said.currency) ? said.currency : undefined;
  const total = amountOf(said.total);
  if (!number || !supplierName || !issueDate || !currency || total === undefined) {
    const missing = [
      !number && 'son numéro',
      !issueDate && 'sa date',
      !supplierName && 'le nom du fournisseur',
      !currency && 'sa devise',
      total === undefined && 'son total',
    ].filter((what) => what !== false);
    return { format, unreadable: [`Les données de cette facture ne disent pas ${missing.join(', ')}.`] };
  }

  const problems: string[] = [];
  const dueDate = dayOf(said.dueDate) ?? null;
  if (dueDate && dueDate < issueDate) problems.push('L’échéance précède la date de la facture.');
  const totalExcludingTax = amountOf(said.totalExcludingTax) ?? null;
  const totalTax = amountOf(said.totalTax) ?? null;
  if (totalExcludingTax && totalTax && compareAmounts(sumAmounts([totalExcludingTax, totalTax]), total) !== 0)
    problems.push('Le total n’est pas la somme du montant hors taxe et de la TVA.');
  const amountDue = amountOf(said.amountDue) ?? total;
  const iban = said.iban && compactNumber(said.iban);
  if (iban && !isIban(iban)) problems.push('Le compte du fournisseur n’est pas un IBAN juste.');
  const siren = said.supplierSiren && compactNumber(said.supplierSiren).slice(0, 9);
  if (siren && !isSiren(siren)) problems.push('Le SIREN du fournisseur est faux : sa clé ne correspond pas.');
  const vatNumber = said.supplierVatNumber && compactNumber(said.supplierVatNumber);
  return {
    facts: {
      format,
      isCreditNote: creditCodes.has(said.typeCode ?? ''),
      number,
      issueDate,
      dueDate,
      currency,
      supplierName,
      supplierSiren: siren && isSiren(siren) ? siren : null,
      supplierVatNumber: vatNumber && /^[A-Z]{2}[A-Z0-9+*]{2,13}$/.test(vatNumber) ? vatNumber : null,
      totalExcludingTax,
      totalTax,
      total,
      amountDue,
      iban: iban && isIban(iban) ? iban : null,
      bic: said.bic && /^[A-Z0-9]{8}([A-Z0-9]{3})?$/.test(compactNumber(said.bic)) ? compactNumber(said.bic) : null,
      paymentReference: short(said.paymentReference),
      problems,
    },
  };
}
