/**
 * What an invoice says on paper and in its XML: the facts that come in, and the mentions that French law adds to them.
 * `invoice-xml.ts` and `invoice-pdf.ts` both read from here, so that the two halves of a Factur-X cannot disagree.
 */
import { type Amount, compareAmounts, convertedAmount, type VatBreakdown } from '../../lib/money.js';
import type { LegalIdentity, PostalAddress } from '../../print/firm.js';

export interface Party extends PostalAddress {
  name: string;
  email?: string | null;
  siren?: string | null;
  vatNumber?: string | null;
}

export type SellerOperations = 'goods' | 'services' | 'mixed';

export interface Seller extends Party, LegalIdentity {
  telephone?: string | null;
  iban?: string | null;
  bic?: string | null;
  /** What the seller bills. Default: both. */
  operations?: SellerOperations | undefined;
  /** The legal ground of a 0 % rate. Default: see `exemptionReason`. */
  vatExemptionReason?: string | null;
  /** ISO 4217: the currency in which the seller accounts for VAT. */
  accountingCurrency: string;
  /** False for the stand-in seller of an installation that has not said who it is: the PDF then warns. */
  configured: boolean;
}

export interface InvoiceLineForPdf {
  description: string;
  /** Decimal text, up to 3 decimals. */
  quantity: string;
  /** Decimal text before tax, up to 4 decimals. */
  unitPrice: string;
  /** Percent as decimal text. */
  vatRate: string;
  lineTotal: Amount;
}

export type InvoiceStatusForPdf = 'draft' | 'issued' | 'paid' | 'overdue' | 'cancelled';

/** A credit note takes back an invoice, whole or in part; its amounts are positive all the same (EN 16931, 381). */
export type InvoiceKind = 'invoice' | 'credit_note';

export interface InvoiceForPdf {
  kind: InvoiceKind;
  /** The invoice that a credit note takes back (BT-25, BT-26). */
  origin?: { number: string; issuedAt: string } | null;
  /** Why a credit note was made, in the words of who made it. */
  reason?: string | null;
  number: string | null;
  status: InvoiceStatusForPdf;
  /** All dates: `YYYY-MM-DD`. */
  issuedAt: string | null;
  dueDate: string | null;
  /** Date of delivery or of the end of the service; the date of issue when absent. */
  deliveredAt?: string | null;
  paidAt?: string | null;
  /** What the buyer writes on the transfer; the number when absent. */
  paymentReference?: string | null;
  /** ISO 4217. */
  currency: string;
  /** How much of the currency one unit of the one of accounting is worth; decimal text, null when nobody said it. */
  exchangeRate?: string | null;
  buyer: Party;
  lines: InvoiceLineForPdf[];
  /** `vatBreakdown(lines)` of `lib/money.ts`. */
  totals: VatBreakdown;
}

/** An invoice without number or date of issue is a draft, whatever its status says. */
export const isDraft = (invoice: InvoiceForPdf): boolean =>
  invoice.status === 'draft' || invoice.number === null || invoice.issuedAt === null;

export const isCreditNote = ({ kind }: InvoiceForPdf): boolean => kind === 'credit_note';

export const isPaid = (invoice: InvoiceForPdf): boolean => invoice.status === 'paid' || Boolean(invoice.paidAt);

/**
 * The VAT in the currency of accounting (directive 2006/112/EC, art. 230; BT-111), of an invoice in another one; its
 * amount is undefined without a rate of exchange.
 */
export function accountedTax(
  { currency, exchangeRate, totals: { totalTax } }: InvoiceForPdf,
  { accountingCurrency }: Seller,
): { currency: string; amount: Amount | undefined } | undefined {
  if (currency === accountingCurrency) return undefined;
  const isNothing = compareAmounts(totalTax, 0) === 0;
  const amount = isNothing ? '0.00' : exchangeRate == null ? undefined : convertedAmount(totalTax, exchangeRate);
  return { currency: accountingCurrency, amount };
}

export const franchiseMention = 'TVA non applicable, art. 293 B du CGI';

/**
 * The mention that a 0 % rate needs (CGI, annexe II, art. 242 nonies A, I-12°); undefined when every line is taxed.
 * Without the seller's own reason: the « franchise en base » when nothing on the invoice is taxed; a seller who charges
 * VAT elsewhere on the same invoice cannot be under it, so there only the exemption itself is stated.
 */
export function exemptionReason({ totals }: InvoiceForPdf, { vatExemptionReason }: Seller): string | undefined {
  const untaxed = totals.rates.filter(({ vatRate }) => Number(vatRate) === 0);
  if (untaxed.length === 0) return undefined;
  if (vatExemptionReason) return vatExemptionReason;
  return untaxed.length === totals.rates.length ? franchiseMention : 'Opération exonérée de TVA';
}

/** Code de commerce, art. L. 441-9 and L. 441-10: what every invoice between professionals must say about paying. */
export const paymentMentions = {
  penalties:
    'Tout retard de paiement entraîne de plein droit des pénalités calculées au taux de 3 fois le taux d’intérêt ' +
    'légal, exigibles le jour suivant la date d’échéance (art. L. 441-10 du Code de commerce).',
  recovery:
    'Indemnité forfaitaire pour frais de recouvrement due par tout professionnel en cas de retard : 40 € ' +
    '(art. D. 441-5 du Code de commerce).',
  discount: 'Aucun escompte n’est accordé en cas de paiement anticipé.',
} as const;

/** What becomes of a credit note's amount; the law leaves the choice to the parties. */
export const creditMention = ({ origin }: InvoiceForPdf): string =>
  `Le montant de cet avoir vient en déduction ${origin ? `de la facture ${origin.number}` : 'de ce qui reste dû'} ou ` +
  'est remboursé si elle est déjà réglée.';

export const unconfiguredSellerMention =
  'Vendeur non configuré : l’identité du vendeur (raison sociale, adresse, SIREN, numéro de TVA) n’a pas été ' +
  'renseignée. Ce document ne vaut pas facture tant qu’elle manque.';

export const withoutXmlMention =
  'Ce document ne contient pas de données structurées Factur-X : ses données ne satisfont pas à la norme EN 16931.';

/** CGI, annexe II, art. 242 nonies A, I-8° bis: an invoice says which category of operations it bills. */
export const operationsMention: Record<SellerOperations, string> = {
  goods: 'Livraison de biens',
  services: 'Prestation de services',
  mixed: 'Livraison de biens et prestation de services',
};
