/**
 * The machine-readable half of a Factur-X: UN/CEFACT Cross Industry Invoice XML of EN 16931, made and checked against
 * the standard's business rules by factur-x-kit. BT-… and BG-… are the standard's names of terms and groups.
 */
import type { BasicProfile, ComfortProfile, COUNTRY_ID_CODES } from 'factur-x-kit';
import { countryCode } from '../../lib/countries.js';
import type { FieldProblem } from '../../lib/errors.js';
import { parseDecimal, quantityScale, toNumber, unitPriceScale } from '../../lib/money.js';
import { xmlText as carriedByXml } from '../../lib/xml-text.js';
import { legalIdentity } from '../../print/firm.js';
import {
  accountedTax,
  creditMention,
  exemptionReason,
  franchiseMention,
  type InvoiceForPdf,
  type InvoiceLineForPdf,
  isCreditNote,
  isPaid,
  type Party,
  paymentMentions,
  type Seller,
  type SellerOperations,
  unconfiguredSellerMention,
} from './invoice-document.js';

/** The names that Factur-X gives its profiles in the PDF's metadata. */
export type FacturXProfile = 'EN 16931' | 'BASIC';

export type InvoiceXml =
  | { profile: FacturXProfile; xml: string }
  /** The data break a rule of EN 16931: an unknown currency or country, say. */
  | { profile: undefined; problems: FieldProblem[] };

const problem = (field: string, message: string): FieldProblem => ({ path: [field], code: 'invalid', message });

/** Loaded on the first invoice only: the package is 1.6 MB of code and brings fonts and a PDF library. */
const loadKit = () => import('factur-x-kit');
type Kit = Awaited<ReturnType<typeof loadKit>>;

const xmlText = (text: string): string => carriedByXml(text).trim();
const optionalText = (text: string | null | undefined): string | undefined => xmlText(text ?? '') || undefined;
const compactId = (id: string | null | undefined): string | undefined =>
  xmlText(id ?? '').replace(/\s/g, '') || undefined;

const member = <T extends string>(codes: Record<string, T>, code: string): T | undefined =>
  Object.values(codes).find((known) => known === code);

function dateOf(isoDate: string): { year: number; month: number; day: number } {
  const [year = 0, month = 0, day = 0] = isoDate.slice(0, 10).split('-').map(Number);
  return { year, month, day };
}

/** The code of `FR`, `FRA`, `France` or `Allemagne`; France when nothing is given, undefined when it is no country. */
function countryOf(kit: Kit, country: string | null): COUNTRY_ID_CODES | undefined {
  const code = countryCode(xmlText(country ?? '') || 'FR');
  return code === undefined ? undefined : member(kit.COUNTRY_ID_CODES, code);
}

/** BR-CO-9: a VAT number starts with a country's code (`EL` for Greece). Anything else stays out of the XML. */
function vatId(kit: Kit, vatNumber: string | null | undefined): string | undefined {
  const id = compactId(vatNumber)?.toUpperCase();
  const prefix = id?.slice(0, 2) ?? '';
  return prefix === 'EL' || member(kit.COUNTRY_ID_CODES, prefix) ? id : undefined;
}

/** BT-23 by the French annex (BR-FR-08): an invoice is handed in, for goods, services or both. */
const businessProcess: Record<SellerOperations, string> = { goods: 'B1', services: 'S1', mixed: 'M1' };

/** What both parties say alike: BT-27/44, BT-30/47, BT-34/49, BG-5/8. */
function partyOf(kit: Kit, party: Party, country: COUNTRY_ID_CODES) {
  const siren = compactId(party.siren);
  const email = compactId(party.email);
  const sirenScheme = kit.ISO6523_CODES.System_Information_et_Repertoire_des_Entreprise_et_des_Etablissements_SIRENE;
  return {
    name: optionalText(party.name) ?? '—',
    specifiedLegalOrganization: siren ? { id: { id: siren, scheme: sirenScheme } } : undefined,
    postalAddress: {
      postcode: optionalText(party.postalCode),
      addressLineOne: optionalText(party.street),
      city: optionalText(party.city),
      country,
    },
    universalCommunicationAddressURI: electronicAddress(kit, email, siren),
  };
}

/** Mail when there is an address; else the SIREN, under which the French directory lists a company. */
function electronicAddress({ EAS_SCHEME_CODES }: Kit, email: string | undefined, siren: string | undefined) {
  if (email) return { id: email, scheme: EAS_SCHEME_CODES.Electronic_mail_SMPT };
  return siren ? { id: siren, scheme: EAS_SCHEME_CODES.FRCTC_ELECTRONIC_ADDRESS } : undefined;
}

/** BR-S: a rate above 0 is « standard »; 0 % is exempt, and its reason stands in the breakdown. */
function vatCategory(kit: Kit, vatRate: string) {
  const rate = Number(vatRate);
  const { STANDARD_RATE, EXEMPT_FROM_TAX } = kit.TAX_CATEGORY_CODES;
  return {
    typeCode: kit.TAX_TYPE_CODE.VALUE_ADDED_TAX_VAT,
    categoryCode: rate > 0 ? STANDARD_RATE : EXEMPT_FROM_TAX,
    rateApplicablePercent: rate,
  };
}

function lineOf(kit: Kit, line: InvoiceLineForPdf, index: number): BasicProfile['invoiceLines'][number] {
  // BR-27: a net price is never negative, so a discount is a negative quantity of a positive price.
  const isDiscount = (parseDecimal(line.unitPrice, unitPriceScale) ?? 0n) < 0n;
  const sign = isDiscount ? -1 : 1;
  // factur-x-kit drops a price of 0 and with it the line's validity; this one it prints as 0.0000.
  const price = sign * Number(line.unitPrice) || 1e-9;
  return {
    generalLineData: { lineId: String(index + 1) },
    productDescription: { name: optionalText(line.description) ?? `Ligne ${index + 1}` },
    productPriceAgreement: { productNetPricing: { netPricePerItem: price } },
    delivery: { itemQuantity: { quantity: sign * Number(line.quantity), unit: kit.UNIT_CODES.ONE } },
    settlement: { tax: vatCategory(kit, line.vatRate), lineTotals: { netTotal: toNumber(line.lineTotal) } },
  };
}

/** BT-110; in another currency than the one of accounting also BT-6 and BT-111. */
function taxTotalOf(
  { CURRENCY_CODES }: Kit,
  invoice: InvoiceForPdf,
  seller: Seller,
  currency: BasicProfile['document']['currency'],
) {
  const taxTotal = [{ amount: toNumber(invoice.totals.totalTax), currency }];
  const accounted = accountedTax(invoice, seller);
  const taxCurrency = accounted && member(CURRENCY_CODES, accounted.currency);
  if (!accounted?.amount || !taxCurrency) return { taxTotal };
  return { taxTotal: [...taxTotal, { amount: toNumber(accounted.amount), currency: taxCurrency }], taxCurrency };
}

function totalsOf(kit: Kit, invoice: InvoiceForPdf, seller: Seller, currency: BasicProfile['document']['currency']) {
  const { rates, totalExcludingTax, total } = invoice.totals;
  const reason = optionalText(exemptionReason(invoice, seller));
  const franchiseCode = kit.EXEMPTION_REASON_CODES.France_domestic_VAT_franchise_in_base;
  const paid = isPaid(invoice);
  return {
    sumWithoutAllowancesAndCharges: toNumber(totalExcludingTax),
    netTotal: toNumber(totalExcludingTax),
    taxBreakdown: rates.map(({ vatRate, base, tax }) => ({
      ...vatCategory(kit, vatRate),
      basisAmount: toNumber(base),
      calculatedAmount: toNumber(tax),
      ...(Number(vatRate) === 0 && {
        exemptionReason: reason,
        exemptionReasonCode: reason === franchiseMention ? franchiseCode : undefined,
      }),
    })),
    ...taxTotalOf(kit, invoice, seller, currency),
    grossTotal: toNumber(total),
    prepaidAmount: paid ? toNumber(total) : undefined,
    openAmount: paid ? 0 : toNumber(total),
  };
}

/** BG-1 with the subject codes that the French annex of EN 16931 gives to the mandatory mentions. */
function notesOf(kit: Kit, invoice: InvoiceForPdf, seller: Seller) {
  const { PAYMENT_DETAIL_OR_REMITTANCE_INFORMATION, PAYMENT_INFORMATION, PAYMENT_TERM, REGULATORY_INFORMATION } =
    kit.SUBJECT_CODES;
  return [
    { content: paymentMentions.penalties, subject: PAYMENT_DETAIL_OR_REMITTANCE_INFORMATION },
    { content: paymentMentions.recovery, subject: PAYMENT_INFORMATION },
    { content: paymentMentions.discount, subject: PAYMENT_TERM },
    { content: xmlText(legalIdentity(seller)), subject: REGULATORY_INFORMATION },
    ...[invoice.reason, seller.configured ? undefined : unconfiguredSellerMention].flatMap((text) => {
      const content = optionalText(text);
      return content ? [{ content }] : [];
    }),
  ];
}

/** Stands in every place where the standard demands an identifier that a seller without settings cannot have. */
const missingIdentifier = 'NON-CONFIGURE';

/**
 * The XML of an issued invoice. A seller who is identified gets the profile EN 16931; one without a SIREN and a VAT
 * number gets BASIC, with `NON-CONFIGURE` where BR-CO-26 and BR-S-2 demand an identifier. Never throws for what the
 * invoice says: data that break the standard come back as `problems`.
 */
export async function buildInvoiceXml(invoice: InvoiceForPdf, seller: Seller): Promise<InvoiceXml> {
  const kit = await loadKit();
  const currency = member(kit.CURRENCY_CODES, invoice.currency);
  const sellerCountry = countryOf(kit, seller.country);
  const buyerCountry = countryOf(kit, invoice.buyer.country);
  const { number, issuedAt } = invoice;
  if (!currency || !sellerCountry || !buyerCountry || !number || !issuedAt) {
    const problems = [
      !currency && problem('currency', 'is not among the currencies of electronic invoices'),
      !sellerCountry && problem('status', `the seller has an unknown country: ${seller.country}`),
      !buyerCountry && problem('customerId', `has an unknown country: ${invoice.buyer.country}`),
      (!number || !issuedAt) && problem('status', 'it has no number and date of issue yet'),
    ];
    return { profile: undefined, problems: problems.filter((found) => found !== false) };
  }

  const sellerVatId = vatId(kit, seller.vatNumber);
  const siren = compactId(seller.siren) ?? compactId(seller.siret)?.slice(0, 9);
  const siret = compactId(seller.siret);
  const buyerVatId = vatId(kit, invoice.buyer.vatNumber);
  const identified = seller.configured && Boolean(sellerVatId ?? siren);
  const isCredit = isCreditNote(invoice);
  const { origin } = invoice;
  // A credit note asks for no payment, so it names no account to pay to.
  const iban = isCredit ? undefined : compactId(seller.iban)?.toUpperCase();
  const basic: BasicProfile = {
    profile: kit.PROFILES.BASIC,
    businessProcessType: businessProcess[seller.operations ?? 'mixed'],
    document: {
      id: xmlText(number),
      type: isCredit ? kit.DOCUMENT_TYPE_CODES.CREDIT_NOTE : kit.DOCUMENT_TYPE_CODES.COMMERCIAL_INVOICE,
      dateOfIssue: dateOf(issuedAt),
      currency,
      notes: notesOf(kit, invoice, seller),
    },
    seller: {
      ...partyOf(kit, { ...seller, siren }, sellerCountry),
      id: identified || siren ? undefined : [missingIdentifier],
      globalId: siret ? [{ id: siret, scheme: kit.ISO6523_CODES.SIRET_CODE }] : undefined,
      taxIdentification: sellerVatId ? { vatId: sellerVatId } : { localTaxId: siren ?? missingIdentifier },
    },
    buyer: {
      ...partyOf(kit, invoice.buyer, buyerCountry),
      taxIdentification: buyerVatId ? { vatId: buyerVatId } : undefined,
    },
    invoiceLines: invoice.lines.map((line, index) => lineOf(kit, line, index)),
    delivery: { deliveryDate: dateOf(invoice.deliveredAt ?? issuedAt) },
    paymentInformation: {
      paymentReference: optionalText(invoice.paymentReference) ?? xmlText(number),
      paymentMeans: iban
        ? [{ paymentType: kit.PAYMENT_MEANS_CODES.SEPA_credit_transfer, payeeBankAccount: { iban } }]
        : undefined,
      paymentTerms: {
        // BR-CO-25: an amount to pay needs a due date or terms.
        description: isCredit ? xmlText(creditMention(invoice)) : invoice.dueDate ? undefined : 'Paiement à réception',
        dueDate: invoice.dueDate && !isCredit ? dateOf(invoice.dueDate) : undefined,
      },
    },
    referencedDocuments: origin
      ? { referencedInvoice: [{ documentId: xmlText(origin.number), issueDate: dateOf(origin.issuedAt) }] }
      : undefined,
    totals: totalsOf(kit, invoice, seller, currency),
  };
  if (!identified) return checkedXml(kit, basic, 'BASIC');
  const comfort: ComfortProfile = {
    ...basic,
    profile: kit.PROFILES.COMFORT,
    seller: { ...basic.seller, otherLegalInformation: xmlText(legalIdentity(seller)) },
    invoiceLines: basic.invoiceLines.map((line) => ({
      ...line,
      productDescription: describedProduct(line.productDescription.name),
    })),
  };
  return checkedXml(kit, comfort, 'EN 16931');
}

/** Why an invoice makes no XML; none when it does. */
export async function xmlProblems(invoice: InvoiceForPdf, seller: Seller): Promise<FieldProblem[]> {
  const xml = await buildInvoiceXml(invoice, seller);
  return xml.profile ? [] : xml.problems;
}

const maxProductName = 100;

/**
 * BT-153 is a name: a description of several lines or of great length goes whole into BT-154, its start into the name.
 */
function describedProduct(text: string): { name: string; description?: string } {
  const [firstLine = text] = text.split('\n');
  if (firstLine === text && text.length <= maxProductName) return { name: text };
  const name = firstLine.length > maxProductName ? `${firstLine.slice(0, maxProductName - 1)}…` : firstLine;
  return { name: xmlText(name), description: text };
}

/**
 * factur-x-kit writes billed quantities (BT-129) with two decimals and rounds the third away; ours have three. It
 * writes rates with four, where BR-FR-16 knows `20` and `5.5` and no `20.0000`.
 */
function withExactNumbers(xml: string, { invoiceLines }: BasicProfile | ComfortProfile): string {
  let index = 0;
  return xml
    .replace(/(<ram:BilledQuantity [^>]*>)[^<]*/g, (_, tag: string) => {
      const { quantity } = invoiceLines[index++]?.delivery.itemQuantity ?? { quantity: 0 };
      return tag + quantity.toFixed(quantityScale);
    })
    .replace(/(<ram:RateApplicablePercent>)([^<]*)/g, (_, tag: string, rate: string) => tag + String(Number(rate)));
}

async function checkedXml(kit: Kit, data: BasicProfile | ComfortProfile, profile: FacturXProfile): Promise<InvoiceXml> {
  // `fromObject` throws when the shape is wrong, `getXML` prints to the console when a rule is broken: ask first.
  try {
    const document = await kit.FacturX.fromObject(data);
    const { valid, errors = [] } = document.validate();
    if (!valid) return { profile: undefined, problems: errors.map(({ message }) => problem('items', message)) };
    return { profile, xml: withExactNumbers(await document.getXML(), data) };
  } catch (error) {
    return { profile: undefined, problems: [problem('items', error instanceof Error ? error.message : String(error))] };
  }
}
