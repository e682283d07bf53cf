import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildInvoiceXml } from '../../../src/modules/invoicing/invoice-xml.js';
import type { InvoiceFacts } from '../../../src/modules/supplier-invoices/invoice-facts.js';
import { readInvoice } from '../../../src/modules/supplier-invoices/read-invoice.js';
import { anyInvoice, identifiedSeller } from '../../support/generated-invoices.js';
import { ublInvoice } from '../../support/ubl.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string, mustBeInvoice = false) => readInvoice(bytes(text), { mustBeInvoice });
async function factsOf(text: string): Promise<InvoiceFacts> {
  const found = await read(text);
  if (!found || !('facts' in found)) throw new Error(`No facts: ${JSON.stringify(found)}`);
  return found.facts;
}

describe('what is read', () => {
  it('of any invoice that this server issues are its own facts', async () => {
    await fc.assert(
      fc.asyncProperty(anyInvoice, async (invoice) => {
        const built = await buildInvoiceXml(invoice, identifiedSeller);
        if (!built.profile) throw new Error('No XML');
        const { totals } = invoice;
        expect(await factsOf(built.xml)).toEqual({
          format: 'cii',
          isCreditNote: invoice.kind === 'credit_note',
          number: invoice.number,
          issueDate: invoice.issuedAt,
          dueDate: invoice.dueDate,
          currency: invoice.currency,
          supplierName: identifiedSeller.name,
          supplierSiren: '123456782',
          supplierVatNumber: 'FR11123456782',
          totalExcludingTax: totals.totalExcludingTax,
          totalTax: totals.totalTax,
          total: totals.total,
          amountDue: totals.total,
          iban: invoice.kind === 'credit_note' ? null : identifiedSeller.iban,
          bic: null,
          paymentReference: invoice.number,
          problems: [],
        });
      }),
      { numRuns: 30 },
    );
  });

  it('of UBL is the same, credit notes and long lines included', async () => {
    const facts = {
      format: 'ubl',
      isCreditNote: false,
      number: 'F-2026-118',
      issueDate: '2026-11-02',
      dueDate: '2026-12-02',
      currency: 'EUR',
      supplierName: 'Électricité du Rhône SA',
      supplierSiren: '552081317',
      supplierVatNumber: 'FR03552081317',
      totalExcludingTax: '850.00',
      totalTax: '170.00',
      total: '1020.00',
      amountDue: '1020.00',
      iban: 'FR7630006000011234567890189',
      bic: null,
      paymentReference: 'REF 118',
      problems: [],
    };
    expect(await factsOf(ublInvoice())).toEqual(facts);
    expect(await factsOf(ublInvoice({ root: 'CreditNote' }))).toEqual({ ...facts, isCreditNote: true, dueDate: null });
    const file = `<cac:Attachment><cbc:EmbeddedDocumentBinaryObject>${'QUFB'.repeat(500_000)}`;
    const more = `${file}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>`;
    expect(await factsOf(ublInvoice({ more }))).toEqual(facts);
  });

  it('also stands in other encodings', async () => {
    const latin = ublInvoice().replace('encoding="UTF-8"', 'encoding="ISO-8859-1"');
    expect(await readInvoice(Buffer.from(latin, 'latin1'))).toMatchObject({
      facts: { supplierName: 'Électricité du Rhône SA' },
    });
    const utf16 = Buffer.from(`\ufeff${ublInvoice().replace('encoding="UTF-8"', '')}`, 'utf16le');
    expect(await readInvoice(utf16)).toMatchObject({ facts: { number: 'F-2026-118' } });
  });

  it.each([
    [{ total: '1020.01' }, /somme/],
    [{ iban: 'FR7630006000011234567890188' }, /IBAN/],
    [{ siren: '552081318' }, /SIREN/],
    [{ dueDate: '2026-11-01' }, /échéance/i],
  ])('%j is pointed out', async (terms, problem) => {
    const { problems } = await factsOf(ublInvoice(terms));
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });
});

describe('what cannot be read', () => {
  it('is no invoice when nothing says so', async () => {
    for (const text of ['', '<', '<a/>', '<html><body>Facture</body></html>', 'Facture', '<a><b></a>', '\ufeff<a>'])
      expect(await read(text)).toBeUndefined();
  });

  it('is told where it claims to be one', async () => {
    const broken = ublInvoice().slice(0, 900);
    expect(await read(broken)).toMatchObject({ format: 'ubl', unreadable: [expect.stringContaining('ne se lisent')] });
    expect(await read('<a/>', true)).toMatchObject({ unreadable: [expect.stringContaining('« a »')] });
    expect(await readInvoice(new Uint8Array([0xff, 0x00]), { mustBeInvoice: true })).toHaveProperty('unreadable');
    expect(await read(ublInvoice({ total: '1e3', number: '' }))).toEqual({
      format: 'ubl',
      unreadable: ['Les données de cette facture ne disent pas son numéro, son total.'],
    });
  });

  it.each([
    ['2026-02-30', { issueDate: '2026-02-30' }],
    ['an amount beyond the column', { total: '1000000000000.00' }],
    ['an amount of three decimals', { total: '10.001' }],
    ['a currency that is none', { currency: 'EURO' }],
  ])('%s counts as not said', async (_, terms) => {
    expect(await read(ublInvoice(terms))).toHaveProperty('unreadable');
  });
});

describe('hostile XML', () => {
  const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join('');
  const billionLaughs = `<!DOCTYPE x [<!ENTITY a0 "haha">${entities}]>`;
  const withType = (type: string, number: string) =>
    ublInvoice({ number }).replace(/(<\?xml[^>]*>)/, `$1${type.replaceAll('$', '')}`);

  const ublNamespace = 'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"';
  const manyTimes = (one: (n: number) => string) => Array.from({ length: 500_000 }, (_, n) => one(n)).join('');

  it.each([
    ['a billion laughs', withType(billionLaughs, '&a9;')],
    ['a file as an entity', withType('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', '&f;')],
    ['an entity of an address', withType('<!DOCTYPE x [<!ENTITY f SYSTEM "http://127.0.0.1:9/">]>', '&f;')],
    ['an external document type', withType('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', '1')],
    ['an unknown entity', ublInvoice({ number: '&nbsp;' })],
    ['a deep nest', ublInvoice({ number: `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}` })],
    ['a deep nest within what is passed over', ublInvoice({ more: `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}` })],
    ['a tag of nothing but attributes', `<Invoice ${ublNamespace}${manyTimes((n) => ` a${n}="1"`)}/>`],
    ['a tag of nothing but namespaces', `<Invoice ${ublNamespace}${manyTimes((n) => ` xmlns:a${n}="u${n}"`)}/>`],
    ['more elements than any', ublInvoice({ number: '<a/>'.repeat(30_000) })],
  ])('%s is refused at once', async (_, text) => {
    const started = performance.now();
    expect(await read(text)).toHaveProperty('unreadable');
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('of many megabytes lets other work go on', async () => {
    const big = ublInvoice({ more: `<cbc:Note>${'mot '.repeat(2_000_000)}</cbc:Note>` });
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    expect(await read(big)).toHaveProperty('facts');
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  it('never throws, whatever the bytes', async () => {
    const good = bytes(ublInvoice());
    const cut = fc.tuple(fc.nat(good.length), fc.uint8Array({ maxLength: 40 }), fc.nat(30)).map(([at, added, gone]) => {
      const spoilt = [...good];
      spoilt.splice(at, gone, ...added);
      return Uint8Array.from(spoilt);
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(cut, fc.uint8Array({ maxLength: 300 })), fc.boolean(), async (input, mustBeInvoice) => {
        const found = await readInvoice(input, { mustBeInvoice });
        if (found && 'facts' in found) {
          expect(found.facts.number.length).toBeLessThanOrEqual(100);
          expect(found.facts.supplierName.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
