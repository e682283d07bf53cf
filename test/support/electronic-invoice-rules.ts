/**
 * Rules of EN 16931 and of its French annex (BR-FR), as far as our invoices touch them, written anew as XPath 3.1 from
 * what the standard says, so that a test needs nothing but this file. `publicRules` runs those that are published.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import saxon from 'saxon-js';

const namespace = 'urn:un:unece:uncefact:data:standard';
const namespaceContext = {
  rsm: `${namespace}:CrossIndustryInvoice:100`,
  ram: `${namespace}:ReusableAggregateBusinessInformationEntity:100`,
  udt: `${namespace}:UnqualifiedDataType:100`,
  qdt: `${namespace}:QualifiedDataType:100`,
};

const trade = '/*/rsm:SupplyChainTradeTransaction';
const line = `${trade}/ram:IncludedSupplyChainTradeLineItem`;
const settlement = `${trade}/ram:ApplicableHeaderTradeSettlement`;
const sums = `${settlement}/ram:SpecifiedTradeSettlementHeaderMonetarySummation`;
const seller = `${trade}/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty`;
const buyer = `${trade}/ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty`;
const rate = 'ram:RateApplicablePercent';
const lineTax = 'ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax';
const lineTotal = 'ram:SpecifiedLineTradeSettlement/*/ram:LineTotalAmount';
const frenchRates = `('0', '0.9', '1.05', '1.75', '2.1', '5.5', '7', '8.5', '9.2', '9.6', '10', '13', '19.6', '20', '20.6')`;
const issueDay = '/*/rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString';

/** Name of the rule, the nodes that it looks at, and what must hold for each of them. */
const rules: readonly (readonly [name: string, at: string, holds: string])[] = [
  ['BR-01', '/*', `rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID[. != '']`],
  ['BR-02', '/*/rsm:ExchangedDocument', `ram:ID != ''`],
  ['BR-06', seller, `ram:Name != ''`],
  ['BR-07', buyer, `ram:Name != ''`],
  ['BR-09', seller, `ram:PostalTradeAddress/ram:CountryID[matches(., '^[A-Z]{2}$')]`],
  ['BR-11', buyer, `ram:PostalTradeAddress/ram:CountryID[matches(., '^[A-Z]{2}$')]`],
  ['BR-16', trade, 'ram:IncludedSupplyChainTradeLineItem'],
  ['BR-22', line, `ram:SpecifiedLineTradeDelivery/ram:BilledQuantity[. != '' and @unitCode]`],
  ['BR-25', line, `ram:SpecifiedTradeProduct/ram:Name != ''`],
  ['BR-27', line, 'xs:decimal(ram:SpecifiedLineTradeAgreement/*/ram:ChargeAmount) >= 0'],
  [
    'BT-131',
    line,
    `xs:decimal(${lineTotal}) = (xs:decimal(ram:SpecifiedLineTradeDelivery/ram:BilledQuantity)
       * xs:decimal(ram:SpecifiedLineTradeAgreement/*/ram:ChargeAmount)) !
       (if (. < 0) then -round(-., 2) else round(., 2))`,
  ],
  ['BR-CO-10', sums, `xs:decimal(ram:LineTotalAmount) = sum(${line}/${lineTotal} ! xs:decimal(.))`],
  ['BR-CO-13', sums, 'xs:decimal(ram:TaxBasisTotalAmount) = xs:decimal(ram:LineTotalAmount)'],
  [
    'BR-CO-14',
    sums,
    `xs:decimal(ram:TaxTotalAmount[1]) = sum(${settlement}/ram:ApplicableTradeTax/ram:CalculatedAmount ! xs:decimal(.))`,
  ],
  [
    'BR-CO-15',
    sums,
    'xs:decimal(ram:GrandTotalAmount) = xs:decimal(ram:TaxBasisTotalAmount) + xs:decimal(ram:TaxTotalAmount[1])',
  ],
  [
    'BR-CO-16',
    sums,
    `xs:decimal(ram:DuePayableAmount) = xs:decimal(ram:GrandTotalAmount) -
       xs:decimal((ram:TotalPrepaidAmount, '0')[1])`,
  ],
  [
    'BR-CO-17',
    `${settlement}/ram:ApplicableTradeTax`,
    `abs(xs:decimal(ram:CalculatedAmount)) = round(abs(xs:decimal(ram:BasisAmount)) * xs:decimal(${rate}) div 100, 2)`,
  ],
  [
    'BR-CO-25',
    sums,
    `xs:decimal(ram:DuePayableAmount) <= 0 or
       ${settlement}/ram:SpecifiedTradePaymentTerms/(ram:DueDateDateTime | ram:Description)`,
  ],
  ['BR-CO-26', seller, `(ram:ID | ram:SpecifiedLegalOrganization/ram:ID | ram:SpecifiedTaxRegistration/ram:ID) != ''`],
  [
    'BR-S-08',
    `${settlement}/ram:ApplicableTradeTax`,
    `xs:decimal(ram:BasisAmount) = sum((let $rate := ${rate} return
       ${line}[${lineTax}/${rate} = $rate]/${lineTotal}) ! xs:decimal(.))`,
  ],
  ['BR-S-05', `${line}/${lineTax}`, `ram:CategoryCode != 'S' or xs:decimal(${rate}) > 0`],
  [
    'BR-E-10',
    `${settlement}/ram:ApplicableTradeTax[ram:CategoryCode = 'E']`,
    `ram:ExemptionReason != '' or ram:ExemptionReasonCode != ''`,
  ],
  ['BR-FR-01', '/*/rsm:ExchangedDocument/ram:ID', 'string-length(.) <= 35'],
  ['BR-FR-02', '/*/rsm:ExchangedDocument/ram:ID', `matches(., '^[A-Za-z0-9+\\-_/]+$')`],
  ['BR-FR-03', '//*[@format = "102"]', `matches(., '^20\\d{6}$')`],
  ['BR-FR-04', '/*/rsm:ExchangedDocument', `ram:TypeCode = ('380', '381')`],
  ...['PMT', 'PMD', 'AAB'].map(
    (code) =>
      ['BR-FR-05', '/*/rsm:ExchangedDocument', `count(ram:IncludedNote[ram:SubjectCode = '${code}']) = 1`] as const,
  ),
  [
    'BR-FR-08',
    '/*/rsm:ExchangedDocumentContext',
    `ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID = ('B1', 'S1', 'M1')`,
  ],
  [
    'BR-FR-09',
    `${seller}/ram:GlobalID[@schemeID = '0009']`,
    `matches(., '^\\d{14}$') and starts-with(., ../ram:SpecifiedLegalOrganization/ram:ID)`,
  ],
  ['BR-FR-10', seller, `ram:SpecifiedLegalOrganization/ram:ID[@schemeID = '0002'][matches(., '^\\d{9}$')]`],
  ['BR-FR-12', buyer, `ram:URIUniversalCommunication/ram:URIID[@schemeID] != ''`],
  ['BR-FR-13', seller, `ram:URIUniversalCommunication/ram:URIID[@schemeID] != ''`],
  ['BR-FR-16', `//${rate}`, `. = ${frenchRates}`],
  [
    'BR-FR-CO-05',
    '/*[rsm:ExchangedDocument/ram:TypeCode = "381"]',
    `${settlement}/ram:InvoiceReferencedDocument[ram:IssuerAssignedID != '' and ram:FormattedIssueDateTime]`,
  ],
  [
    'BR-FR-CO-12',
    `${settlement}[ram:InvoiceCurrencyCode != 'EUR']`,
    `ram:TaxCurrencyCode = 'EUR' and ${sums}/ram:TaxTotalAmount[@currencyID = 'EUR'] != ''`,
  ],
  [
    'BR-FR-CO-07',
    `${settlement}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString`,
    `. >= ${issueDay}`,
  ],
];

export class ElectronicInvoice {
  private constructor(private readonly document: unknown) {}

  static async read(text: string): Promise<ElectronicInvoice> {
    return new ElectronicInvoice(await saxon.getResource({ type: 'xml', text }));
  }

  /** What an expression of XPath 3.1 finds, as text. */
  texts(expression: string): string[] {
    const options = { namespaceContext, resultForm: 'array' };
    return (saxon.XPath.evaluate(`(${expression}) ! string(.)`, this.document, options) as unknown[]).map(String);
  }

  /** Names of the rules of this file that it breaks, each once. */
  brokenRules(): string[] {
    return [
      ...new Set(rules.flatMap(([name, at, holds]) => (this.texts(`(${at})[not(${holds})]`).length ? [name] : []))),
    ];
  }
}

export const expressions = { line, lineTotal, settlement, sums };

/** The published rules, compiled (`*.sef.json`), of a folder. */
export function publicRules(folder: string): (xml: string) => string[] {
  const compiled = readdirSync(folder)
    .filter((name) => name.endsWith('.sef.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as object);
  if (!compiled.length) throw new Error(`${folder} holds no compiled rules`);
  return (xml) =>
    compiled.flatMap((stylesheetInternal) => {
      const { principalResult } = saxon.transform({
        stylesheetInternal,
        stylesheetBaseURI: `file://${folder}/`,
        sourceText: xml,
        destination: 'serialized',
      });
      const failed = principalResult.matchAll(/<svrl:(?:failed-assert|successful-report)\s([^>]*)>/g);
      return Array.from(failed, ([, attributes = '']) => /\bid="([^"]*)"/.exec(attributes)?.[1] ?? attributes);
    });
}
