import { Profile, validateXsd } from '@stackforge-eu/factur-x';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InvoiceForPdf } from '../../../src/modules/invoicing/invoice-document.js';
import { buildInvoiceXml } from '../../../src/modules/invoicing/invoice-xml.js';
import { ElectronicInvoice, expressions, publicRules } from '../../support/electronic-invoice-rules.js';
import { isFull } from '../../support/full.js';
import { anyInvoice, identifiedSeller } from '../../support/generated-invoices.js';

const { line, lineTotal, settlement, sums } = expressions;

async function xmlOf(invoice: InvoiceForPdf): Promise<string> {
  const built = await buildInvoiceXml(invoice, identifiedSeller);
  if (!built.profile) throw new Error(built.problems.map(({ message }) => message).join('; '));
  expect(built.profile).toBe('EN 16931');
  return built.xml;
}

const numRuns = isFull ? 150 : 40;
const invoices = fc.sample(anyInvoice, { numRuns, seed: 16_931 });
let documents: string[];
beforeAll(async () => {
  documents = [];
  for (const invoice of invoices) documents.push(await xmlOf(invoice));
});

/** Decimal text as an integer of 10⁻¹² parts: enough for quantity × price × rate without rounding. */
function exact(text: string): bigint {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return BigInt(`${sign}${whole}${fraction.padEnd(12, '0')}`);
}
const one = 10n ** 12n;
/** To cents, halves away from zero. */
function cents(value: bigint): bigint {
  const unit = 10n ** 10n;
  const magnitude = ((value < 0n ? -value : value) + unit / 2n) / unit;
  return value < 0n ? -magnitude : magnitude;
}

describe('generated invoices', () => {
  it('are of all sorts', () => {
    const has = (what: (invoice: InvoiceForPdf) => boolean): number => invoices.filter(what).length;
    expect(has(({ kind }) => kind === 'credit_note')).toBeGreaterThan(3);
    expect(has(({ lines }) => lines.length > 50)).toBeGreaterThan(1);
    expect(has(({ lines }) => lines.some(({ unitPrice }) => unitPrice.startsWith('-')))).toBeGreaterThan(2);
    expect(has(({ totals }) => totals.rates.every(({ vatRate }) => Number(vatRate) === 0))).toBeGreaterThan(1);
    expect(has(({ totals }) => totals.rates.length > 2)).toBeGreaterThan(5);
    expect(has(({ currency, totals }) => currency !== 'EUR' && totals.totalTax !== '0.00')).toBeGreaterThan(5);
  });

  it('keep the schema of Factur-X 1.09', async () => {
    for (const xml of documents) expect((await validateXsd(xml, Profile.EN16931)).errors).toEqual([]);
  });

  it('keep the rules of EN 16931 and BR-FR', async () => {
    for (const xml of documents) expect((await ElectronicInvoice.read(xml)).brokenRules()).toEqual([]);
  });

  // The schematron lets VAT be wrong by 1.00, so the figures are reckoned again from quantities, prices and rates.
  it('say the exact figures', async () => {
    for (const [index, { lines, currency, exchangeRate }] of invoices.entries()) {
      const read = await ElectronicInvoice.read(documents[index] as string);
      const nets = lines.map(({ quantity, unitPrice }) => cents((exact(quantity) * exact(unitPrice)) / one));
      expect(read.texts(`${line}/${lineTotal}`).map((text) => cents(exact(text)))).toEqual(nets);
      const bases = new Map<number, bigint>();
      for (const [i, { vatRate }] of lines.entries())
        bases.set(Number(vatRate), (bases.get(Number(vatRate)) ?? 0n) + (nets[i] as bigint));
      const taxes = [...bases].map(([rate, base]) => {
        const tax = cents((base * 10n ** 10n * BigInt(Math.round(rate * 100))) / 10_000n);
        return [rate, base, tax] as const;
      });
      const breakdown = `${settlement}/ram:ApplicableTradeTax`;
      const said = read.texts(`${breakdown}/ram:RateApplicablePercent`).map((rate, i) => {
        const amount = (name: string) => cents(exact(read.texts(`${breakdown}[${i + 1}]/ram:${name}`)[0] as string));
        return [Number(rate), amount('BasisAmount'), amount('CalculatedAmount')];
      });
      const byRate = (rows: readonly (readonly [number, bigint, bigint] | (number | bigint)[])[]) =>
        rows.toSorted(([left], [right]) => Number(left) - Number(right));
      expect(byRate(said)).toEqual(byRate(taxes));
      const net = nets.reduce((sum, amount) => sum + amount, 0n);
      const tax = taxes.reduce((sum, [, , amount]) => sum + amount, 0n);
      const total = (name: string) => cents(exact(read.texts(`${sums}/ram:${name}`)[0] as string));
      expect(['TaxBasisTotalAmount', 'TaxTotalAmount', 'GrandTotalAmount', 'DuePayableAmount'].map(total)).toEqual([
        net,
        tax,
        net + tax,
        net + tax,
      ]);
      // BT-111: the VAT in euros, by the rate of exchange.
      const inEuros = read.texts(`${sums}/ram:TaxTotalAmount[@currencyID = 'EUR']`).map((text) => cents(exact(text)));
      expect(inEuros).toEqual([
        currency === 'EUR' ? tax : cents((tax * 10n ** 10n * one) / exact(exchangeRate as string)),
      ]);
    }
  });
});

const usual = invoices.find(({ kind, currency, dueDate, totals: { rates } }) => {
  const taxed = rates.map(({ vatRate }) => Number(vatRate));
  return kind === 'invoice' && currency === 'EUR' && dueDate && taxed.includes(0) && taxed.includes(20);
}) as InvoiceForPdf;
const credit = invoices.find(({ kind }) => kind === 'credit_note') as InvoiceForPdf;

/** Adds cents to the first amount of a name. */
const shifted = (xml: string, name: string, by: number): string =>
  xml.replace(
    new RegExp(`(<ram:${name}[^>]*>)(-?[\\d.]+)`),
    (_, tag: string, amount: string) => `${tag}${((Math.round(Number(amount) * 100) + by) / 100).toFixed(2)}`,
  );
const note = (code: string): RegExp =>
  new RegExp(`<ram:IncludedNote>(?:(?!</ram:IncludedNote>)[^])*<ram:SubjectCode>${code}<[^]*?</ram:IncludedNote>`);

/** What is done to a good invoice, the rule of ours that it breaks, and what the published ones say (the same). */
const controls: readonly [rule: string, spoil: (xml: string) => string, of?: InvoiceForPdf, isPublic?: boolean][] = [
  ['BR-CO-17', (xml) => shifted(xml, 'CalculatedAmount', 1), usual, false],
  ['BT-131', (xml) => shifted(xml, 'LineTotalAmount', 1), usual, false],
  ['BR-CO-10', (xml) => shifted(xml, 'LineTotalAmount', 100)],
  ['BR-CO-15', (xml) => shifted(xml, 'GrandTotalAmount', 1)],
  ['BR-CO-16', (xml) => shifted(xml, 'DuePayableAmount', -1)],
  ['BR-02', (xml) => xml.replace(/(<rsm:ExchangedDocument>\s*<ram:ID>)[^<]*/, '$1')],
  ['BR-E-10', (xml) => xml.replace(/<ram:ExemptionReason(Code)?>[^<]*<\/ram:ExemptionReason(Code)?>/g, '')],
  ['BR-25', (xml) => xml.replace(/(<ram:SpecifiedTradeProduct>\s*<ram:Name>)[^<]*/, '$1')],
  ['BR-27', (xml) => xml.replace(/(<ram:ChargeAmount>)/, '$1-')],
  ['BR-FR-01', (xml) => xml.replace(usual.number as string, 'F'.repeat(36))],
  ['BR-FR-02', (xml) => xml.replace(usual.number as string, 'FÀ 2026')],
  ['BR-FR-03', (xml) => xml.replace(/(DueDateDateTime>\s*<udt:DateTimeString format="102">)20/, '$121')],
  ['BR-FR-05', (xml) => xml.replace(note('PMT'), '')],
  ['BR-FR-08', (xml) => xml.replace('<ram:ID>M1</ram:ID>', '<ram:ID>X9</ram:ID>')],
  ['BR-FR-09', (xml) => xml.replace('12345678200010', '73282932000074')],
  ['BR-FR-10', (xml) => xml.replace(/(schemeID="0002">)123456782/, '$112345678')],
  [
    'BR-FR-12',
    (xml) => xml.replace(/(<ram:BuyerTradeParty>[^]*?)<ram:URIUniversal[^]*?<\/ram:URIUniversalCommunication>/, '$1'),
  ],
  ['BR-FR-16', (xml) => xml.replaceAll('Percent>20<', 'Percent>20.0000<')],
  ['BR-FR-CO-07', (xml) => xml.replace(/(DueDateDateTime>\s*<udt:DateTimeString format="102">)\d+/, '$120200101')],
  [
    'BR-FR-CO-05',
    (xml) => xml.replace(/<ram:InvoiceReferencedDocument>[^]*?<\/ram:InvoiceReferencedDocument>/, ''),
    credit,
  ],
];

describe('negative controls', () => {
  it.each(controls)('%s is noticed', async (rule, spoil, of = usual) => {
    const xml = await xmlOf(of);
    const spoilt = spoil(xml);
    expect(spoilt).not.toBe(xml);
    expect((await ElectronicInvoice.read(spoilt)).brokenRules()).toContain(rule);
  });

  it('the schema refuses what it does not know', async () => {
    const xml = (await xmlOf(usual)).replace('</rsm:ExchangedDocument>', '<ram:Mood>good</ram:Mood>$&');
    expect((await validateXsd(xml, Profile.EN16931)).valid).toBe(false);
  });
});

/** The published schematrons are not ours to ship: whoever has them compiled names the folder. */
const folder = process.env['INVOICE_RULES'];

describe.skipIf(!folder)('the published rules', () => {
  it('hold for every generated invoice', { timeout: isFull ? 900_000 : 120_000 }, () => {
    const broken = publicRules(folder as string);
    for (const xml of documents) expect(broken(xml)).toEqual([]);
  });

  it.each(controls)('notice %s', { timeout: 30_000 }, async (rule, spoil, of = usual, isPublic = true) => {
    const found = publicRules(folder as string)(spoil(await xmlOf(of)));
    expect(found.some((name) => name.startsWith(rule))).toBe(isPublic);
  });
});
