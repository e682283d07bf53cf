export interface UblTerms {
  root?: 'Invoice' | 'CreditNote';
  number?: string;
  supplier?: string;
  siren?: string;
  vatNumber?: string;
  issueDate?: string;
  dueDate?: string;
  currency?: string;
  net?: string;
  tax?: string;
  total?: string;
  iban?: string;
  reference?: string;
  /** Within the lines. */
  more?: string;
}

/** An invoice of UBL 2.1, as a supplier's program writes it. */
export function ublInvoice({
  root = 'Invoice',
  number = 'F-2026-118',
  supplier = 'Électricité du Rhône SA',
  siren = '552081317',
  vatNumber = 'FR03552081317',
  issueDate = '2026-11-02',
  dueDate = '2026-12-02',
  currency = 'EUR',
  net = '850.00',
  tax = '170.00',
  total = '1020.00',
  iban = 'FR7630006000011234567890189',
  reference = 'REF 118',
  more = '',
}: UblTerms = {}): string {
  const amount = (name: string, value: string): string =>
    `<cbc:${name} currencyID="${currency}">${value}</cbc:${name}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<ubl:${root} xmlns:ubl="urn:oasis:names:specification:ubl:schema:xsd:${root}-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:ID>${number}</cbc:ID>
  <cbc:IssueDate>${issueDate}</cbc:IssueDate>
  ${root === 'Invoice' ? `<cbc:DueDate>${dueDate}</cbc:DueDate>` : ''}
  <cbc:${root}TypeCode>${root === 'Invoice' ? '380' : '381'}</cbc:${root}TypeCode>
  <cbc:DocumentCurrencyCode>${currency}</cbc:DocumentCurrencyCode>
  <cac:AccountingSupplierParty><cac:Party>
    <cac:PartyName><cbc:Name>Enseigne</cbc:Name></cac:PartyName>
    <cac:PartyTaxScheme><cbc:CompanyID>${vatNumber}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
    </cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>${supplier}</cbc:RegistrationName>
      <cbc:CompanyID schemeID="0002">${siren}</cbc:CompanyID></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cbc:PaymentID>${reference}</cbc:PaymentID>
    <cac:PayeeFinancialAccount><cbc:ID>${iban}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
  <cac:TaxTotal>${amount('TaxAmount', tax)}</cac:TaxTotal>
  <cac:LegalMonetaryTotal>${amount('TaxExclusiveAmount', net)}${amount('TaxInclusiveAmount', total)}
    ${amount('PayableAmount', total)}</cac:LegalMonetaryTotal>
  <cac:${root}Line><cbc:ID>1</cbc:ID>${more}</cac:${root}Line>
</ubl:${root}>`;
}
