import { childrenOf, descend, textAt, type XmlElement } from '../../lib/xml-tree.js';
import { factsOf, type ReadInvoice } from './invoice-facts.js';

/** `20260203` of UN/EDIFACT's format 102; others are not used by EN 16931. */
function dayAt(element: XmlElement | undefined): string | undefined {
  const value = descend(element, 'DateTimeString');
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(value?.text ?? '') ?? [];
  return year && value?.attributes['format'] === '102' ? `${year}-${month}-${day}` : undefined;
}

const withScheme = (elements: readonly XmlElement[], ...schemes: string[]): string | undefined =>
  elements.find(({ attributes }) => schemes.includes(attributes['schemeID'] ?? ''))?.text;

/** An invoice in UN/CEFACT Cross Industry Invoice, as in a Factur-X. */
export function readCii(root: XmlElement): ReadInvoice {
  const document = descend(root, 'ExchangedDocument');
  const trade = descend(root, 'SupplyChainTradeTransaction');
  const seller = descend(trade, 'ApplicableHeaderTradeAgreement', 'SellerTradeParty');
  const settlement = descend(trade, 'ApplicableHeaderTradeSettlement');
  const sums = descend(settlement, 'SpecifiedTradeSettlementHeaderMonetarySummation');
  const means = childrenOf(settlement, 'SpecifiedTradeSettlementPaymentMeans');
  const paid = means.find((one) => descend(one, 'PayeePartyCreditorFinancialAccount', 'IBANID'));
  const currency = textAt(settlement, 'InvoiceCurrencyCode');
  const taxes = childrenOf(sums, 'TaxTotalAmount');
  const tax = taxes.find(({ attributes }) => attributes['currencyID'] === currency) ?? taxes[0];
  const terms = childrenOf(settlement, 'SpecifiedTradePaymentTerms');
  const legalIds = childrenOf(descend(seller, 'SpecifiedLegalOrganization'), 'ID');
  const registrations = childrenOf(seller, 'SpecifiedTaxRegistration').flatMap((one) => childrenOf(one, 'ID'));
  return factsOf('cii', {
    typeCode: textAt(document, 'TypeCode'),
    number: textAt(document, 'ID'),
    issueDate: dayAt(descend(document, 'IssueDateTime')),
    dueDate: terms.map((one) => dayAt(descend(one, 'DueDateDateTime'))).find(Boolean),
    currency,
    supplierName: textAt(seller, 'Name'),
    supplierSiren: withScheme(legalIds, '0002') ?? withScheme(childrenOf(seller, 'GlobalID'), '0002', '0009'),
    supplierVatNumber: withScheme(registrations, 'VA'),
    totalExcludingTax: textAt(sums, 'TaxBasisTotalAmount'),
    totalTax: tax?.text,
    total: textAt(sums, 'GrandTotalAmount'),
    amountDue: textAt(sums, 'DuePayableAmount'),
    iban: textAt(paid, 'PayeePartyCreditorFinancialAccount', 'IBANID'),
    bic: textAt(paid, 'PayeeSpecifiedCreditorFinancialInstitution', 'BICID'),
    paymentReference: textAt(settlement, 'PaymentReference'),
  });
}
