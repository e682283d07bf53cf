import { childrenOf, descend, textAt, type XmlElement } from '../../lib/xml-tree.js';
import { factsOf, type ReadInvoice } from './invoice-facts.js';

/** What a credit note of UBL is when it does not say. */
const creditNote = '381';

/** An `Invoice` or a `CreditNote` of UBL 2.1. */
export function readUbl(root: XmlElement): ReadInvoice {
  const party = descend(root, 'AccountingSupplierParty', 'Party');
  const legal = descend(party, 'PartyLegalEntity');
  const company = descend(legal, 'CompanyID');
  const schemeOf = (element: XmlElement | undefined): string => element?.attributes['schemeID'] ?? '';
  const ids = childrenOf(party, 'PartyIdentification').flatMap((one) => childrenOf(one, 'ID'));
  const vat = childrenOf(party, 'PartyTaxScheme').find((one) => textAt(one, 'TaxScheme', 'ID') === 'VAT');
  const currency = textAt(root, 'DocumentCurrencyCode');
  const taxes = childrenOf(root, 'TaxTotal').flatMap((one) => childrenOf(one, 'TaxAmount'));
  const tax = taxes.find(({ attributes }) => attributes['currencyID'] === currency) ?? taxes[0];
  const sums = descend(root, 'LegalMonetaryTotal');
  const means = childrenOf(root, 'PaymentMeans');
  const paid = means.find((one) => descend(one, 'PayeeFinancialAccount', 'ID'));
  const isCreditNote = root.name === 'CreditNote';
  return factsOf('ubl', {
    typeCode: textAt(root, isCreditNote ? 'CreditNoteTypeCode' : 'InvoiceTypeCode') ?? (isCreditNote ? creditNote : ''),
    number: textAt(root, 'ID'),
    issueDate: textAt(root, 'IssueDate'),
    dueDate: textAt(root, 'DueDate') ?? means.map((one) => textAt(one, 'PaymentDueDate')).find(Boolean),
    currency,
    supplierName: textAt(legal, 'RegistrationName') ?? textAt(party, 'PartyName', 'Name'),
    supplierSiren:
      schemeOf(company) === '0002' ? company?.text : ids.find((id) => /^000[29]$/.test(schemeOf(id)))?.text,
    supplierVatNumber: textAt(vat, 'CompanyID'),
    totalExcludingTax: textAt(sums, 'TaxExclusiveAmount'),
    totalTax: tax?.text,
    total: textAt(sums, 'TaxInclusiveAmount'),
    amountDue: textAt(sums, 'PayableAmount'),
    iban: textAt(paid, 'PayeeFinancialAccount', 'ID'),
    bic: textAt(paid, 'PayeeFinancialAccount', 'FinancialInstitutionBranch', 'ID'),
    paymentReference: means.map((one) => textAt(one, 'PaymentID')).find(Boolean),
  });
}
