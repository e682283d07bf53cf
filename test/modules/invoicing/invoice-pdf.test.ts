import { FacturX } from 'factur-x-kit';
import fc from 'fast-check';
import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, it } from 'vitest';
import { type Decimal, lineTotal, toNumber, vatBreakdown } from '../../../src/lib/money.js';
import { type InvoiceForPdf, renderInvoicePdf, type Seller } from '../../../src/modules/invoicing/invoice-pdf.js';
import { buildInvoiceXml } from '../../../src/modules/invoicing/invoice-xml.js';

const seller: Seller = {
  name: 'Atelier Vauban & Fils',
  legalForm: 'SAS',
  shareCapital: '10 000 €',
  street: '12 rue de la République',
  postalCode: '69002',
  city: 'Lyon',
  country: 'FR',
  email: 'compta@atelier-vauban.example',
  siren: '123456789',
  siret: '12345678900012',
  vatNumber: 'FR32123456789',
  rcs: 'Lyon',
  iban: 'FR76 3000 6000 0112 3456 7890 189',
  bic: 'AGRIFRPP',
  configured: true,
  accountingCurrency: 'EUR',
};

const standIn: Seller = {
  name: 'Passerelle',
  street: null,
  postalCode: null,
  city: null,
  country: null,
  configured: false,
  accountingCurrency: 'EUR',
};

type Row = [description: string, quantity: Decimal, unitPrice: Decimal, vatRate: Decimal];

function invoiceOf(rows: Row[], changes: Partial<InvoiceForPdf> = {}): InvoiceForPdf {
  const lines = rows.map(([description, quantity, unitPrice, vatRate]) => ({
    description,
    quantity: String(quantity),
    unitPrice: String(unitPrice),
    vatRate: String(vatRate),
    lineTotal: lineTotal(quantity, unitPrice),
  }));
  return {
    kind: 'invoice',
    number: 'FA-2026-0042',
    status: 'issued',
    issuedAt: '2026-02-03',
    dueDate: '2026-03-05',
    currency: 'EUR',
    buyer: {
      name: 'Copropriété Les Tilleuls',
      street: '3 allée des Tilleuls',
      postalCode: '75011',
      city: 'Paris',
      country: 'France',
      siren: '987654321',
      vatNumber: 'FR11987654321',
    },
    lines,
    totals: vatBreakdown(lines),
    ...changes,
  };
}

const usual = invoiceOf([
  ['Recherche de fuite', '1', '480', '20'],
  ['Remplacement du joint', '3.125', '62.1250', '10'],
  ['Débours', 1, 1250, 0],
  ['Remise commerciale', 1, -30, 20],
  ['Geste commercial', 1, 0, 20],
]);

interface ReadPdf {
  text: string;
  pages: string[];
  xml: string | undefined;
  metadata: string;
}

async function read(pdf: Buffer): Promise<ReadPdf> {
  const document = await getDocumentProxy(new Uint8Array(pdf));
  const { text: pages } = await extractText(document, { mergePages: false });
  const attachments = ((await document.getAttachments()) ?? {}) as Record<string, { content: Uint8Array }>;
  const attached = attachments['factur-x.xml'];
  return {
    // No-break spaces as spaces, so that amounts read as one writes them.
    text: pages.join('\n').replace(/\s+/gu, ' '),
    pages,
    xml: attached && Buffer.from(attached.content).toString('utf8'),
    metadata: pdf.toString('latin1').match(/<\?xpacket begin[\s\S]*?<\?xpacket end="w"\?>/)?.[0] ?? '',
  };
}

async function parsedXml(xml: string | undefined) {
  if (xml === undefined) throw new Error('No XML');
  const { object } = await FacturX.fromXML(Buffer.from(xml));
  if (!('invoiceLines' in object)) throw new Error('No lines');
  return object;
}

describe('an issued invoice', () => {
  it('prints its number, dates, parties, amounts and the mandatory mentions', async () => {
    const { text } = await read(await renderInvoicePdf(usual, seller));
    for (const part of [
      'N° FA-2026-0042',
      '03/02/2026',
      'Date de livraison ou de prestation',
      '05/03/2026',
      'Atelier Vauban & Fils, SAS au capital de 10 000 €',
      'SIRET 123 456 789 00012',
      'RCS Lyon 123 456 789',
      'TVA FR32123456789',
      'Copropriété Les Tilleuls',
      'SIREN 987 654 321',
      'TVA FR11987654321',
      '62,125',
      '1 894,14 €',
      '109,41 €',
      '2 003,55 €',
      'FR76 3000 6000 0112 3456 7890 189',
      '3 fois le taux d’intérêt légal',
      '40 €',
      'Aucun escompte',
      'Page 1/1',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toMatch(/brouillon|non configuré/i);
  });

  it('prints base and tax of each rate', async () => {
    const { text } = await read(await renderInvoicePdf(usual, seller));
    expect(text).toContain('20 % 450,00 € 90,00 €');
    expect(text).toContain('10 % 194,14 € 19,41 €');
    expect(text).toContain('0 % 1 250,00 € 0,00 €');
  });

  it('carries EN 16931 XML with the same facts', async () => {
    const { xml, metadata } = await read(await renderInvoicePdf(usual, seller));
    expect(xml).toContain('<ram:ID>urn:cen.eu:en16931:2017</ram:ID>');
    const { document, seller: xmlSeller, buyer, totals, invoiceLines, delivery } = await parsedXml(xml);
    expect(document).toMatchObject({
      id: 'FA-2026-0042',
      currency: 'EUR',
      dateOfIssue: { year: 2026, month: 2, day: 3 },
    });
    expect(xmlSeller).toMatchObject({ name: 'Atelier Vauban & Fils', taxIdentification: { vatId: 'FR32123456789' } });
    expect(buyer).toMatchObject({ postalAddress: { country: 'FR' }, taxIdentification: { vatId: 'FR11987654321' } });
    expect(delivery).toMatchObject({ deliveryDate: { year: 2026, month: 2, day: 3 } });
    expect(totals).toMatchObject({ netTotal: 1894.14, grossTotal: 2003.55, openAmount: 2003.55 });
    expect(totals.taxBreakdown).toMatchObject([
      { rateApplicablePercent: 20, basisAmount: 450, calculatedAmount: 90, categoryCode: 'S' },
      { rateApplicablePercent: 10, basisAmount: 194.14, calculatedAmount: 19.41, categoryCode: 'S' },
      { rateApplicablePercent: 0, basisAmount: 1250, calculatedAmount: 0, categoryCode: 'E' },
    ]);
    // factur-x-kit writes two decimals and no price of 0; BR-27 allows no negative price.
    expect(xml?.match(/<ram:ChargeAmount>.*?</g)).toHaveLength(5);
    expect(xml).toContain('<ram:ChargeAmount>0.0000<');
    expect(invoiceLines[1]?.delivery.itemQuantity.quantity).toBe(3.125);
    expect(invoiceLines[3]).toMatchObject({
      productPriceAgreement: { productNetPricing: { netPricePerItem: 30 } },
      delivery: { itemQuantity: { quantity: -1 } },
      settlement: { lineTotals: { netTotal: -30 } },
    });
    expect(metadata).toContain('<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>');
    expect(metadata).toContain('<pdfaid:part>3</pdfaid:part>');
    expect(metadata).toContain('<pdfaid:conformance>B</pdfaid:conformance>');
  });

  it('is made as PDF/A-3 wants it: output intent, associated file, embedded fonts only', async () => {
    const bytes = (await renderInvoicePdf(usual, seller)).toString('latin1');
    expect(bytes.startsWith('%PDF-1.7')).toBe(true);
    expect(bytes).toContain('/GTS_PDFA1');
    expect(bytes).toContain('/AFRelationship /Alternative');
    expect(bytes).toMatch(/\/AF \[\d+ 0 R\]/);
    expect(bytes).not.toContain('/Type1');
    expect(bytes.match(/\/FontFile2/g)).toHaveLength(2);
    // Factur-X 1.0, § 6.2 to 6.4: the attachment is named in the name tree, typed and dated, and the XMP says the same.
    expect(bytes).toContain('/EmbeddedFiles');
    expect(bytes).toContain('/UF (factur-x.xml)');
    expect(bytes).toContain('/Subtype /text#2Fxml');
    expect(bytes).not.toMatch(/\/(?:JavaScript|Launch|Encrypt)\b/);
    const { metadata } = await read(await renderInvoicePdf(usual, seller));
    for (const fact of ['DocumentFileName>factur-x.xml', 'DocumentType>INVOICE', 'Version>1.0'])
      expect(metadata).toContain(`<fx:${fact}<`);
    expect(metadata).toContain('Factur-X PDFA Extension Schema');
  });

  it('gives the same bytes for the same invoice', async () => {
    const first = await renderInvoicePdf(usual, seller);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(first.equals(await renderInvoicePdf(usual, seller))).toBe(true);
  });

  it('says when it is paid, in both halves', async () => {
    const { text, xml } = await read(
      await renderInvoicePdf({ ...usual, status: 'paid', paidAt: '2026-02-10' }, seller),
    );
    expect(text).toContain('Acquittée le 10/02/2026');
    expect(text).toContain('Net à payer 0,00 €');
    expect((await parsedXml(xml)).totals).toMatchObject({ prepaidAmount: 2003.55, openAmount: 0 });
  });

  it('flows over pages with head and page number on each, and loses no line', async () => {
    const rows = Array.from({ length: 120 }, (_, index): Row => [
      `Prestation numéro ${index + 1}.`,
      1,
      `${index + 1}.10`,
      20,
    ]);
    const { text, pages, xml } = await read(await renderInvoicePdf(invoiceOf(rows), seller));
    expect(pages.length).toBeGreaterThan(3);
    for (const [index, page] of pages.entries()) expect(page).toContain(`Page ${index + 1}/${pages.length}`);
    for (const [description] of rows) expect(text).toContain(description);
    for (const page of pages.slice(1)) expect(page).toContain('Facture FA-2026-0042');
    for (const page of pages.slice(1, -1)) expect(page).toContain('Désignation');
    expect((await parsedXml(xml)).invoiceLines).toHaveLength(120);
  });

  it('keeps every rate when there are more than a page holds', async () => {
    const rows = Array.from({ length: 90 }, (_, index): Row => ['Ligne', 1, 100, index + 1]);
    const { text } = await read(await renderInvoicePdf(invoiceOf(rows), seller));
    for (const [, , , rate] of rows) expect(text).toContain(`${rate} % 100,00 € ${rate},00 €`);
  });
});

describe('a credit note', () => {
  const credit = invoiceOf([['Remplacement du joint', '1', '1.005', '20']], {
    kind: 'credit_note',
    number: 'AV2026-00001',
    dueDate: null,
    origin: { number: 'FA-2026-0042', issuedAt: '2026-02-03' },
    issuedAt: '2026-02-20',
    reason: 'Pièce défectueuse',
  });

  it('says on paper what it takes back and why, and asks for no payment', async () => {
    const { text } = await read(await renderInvoicePdf(credit, seller));
    for (const part of [
      'Avoir N° AV2026-00001',
      'FA-2026-0042 du 03/02/2026',
      'Motif : Pièce défectueuse',
      'À votre crédit 1,21 €',
      'vient en déduction de la facture FA-2026-0042',
    ])
      expect(text).toContain(part);
    expect(text).not.toMatch(/RÈGLEMENT|IBAN|Échéance|Net à payer|pénalités/);
  });

  it('is of type 381 with positive amounts and the number and date of its origin', async () => {
    const { xml } = await read(await renderInvoicePdf(credit, seller));
    expect(xml).toContain('<ram:TypeCode>381</ram:TypeCode>');
    expect(xml).toMatch(
      /<ram:InvoiceReferencedDocument>\s*<ram:IssuerAssignedID>FA-2026-0042<[^]*?<qdt:DateTimeString format="102">20260203</,
    );
    expect(xml).not.toContain('PayeePartyCreditorFinancialAccount');
    const { totals, document } = await parsedXml(xml);
    expect(totals).toMatchObject({ netTotal: 1.01, grossTotal: 1.21, openAmount: 1.21 });
    expect(document.notes).toContainEqual({ content: 'Pièce défectueuse' });
  });

  it('is marked while it is a draft', async () => {
    const { text } = await read(await renderInvoicePdf({ ...credit, status: 'draft', number: null }, seller));
    expect(text).toContain('Avoir — brouillon');
  });
});

describe('without VAT', () => {
  it('names the franchise en base by default', async () => {
    const { text, xml } = await read(
      await renderInvoicePdf(invoiceOf([['Conseil', 1, 100, 0]]), { ...seller, vatNumber: null }),
    );
    expect(text).toContain('TVA non applicable, art. 293 B du CGI');
    const { seller: xmlSeller, totals } = await parsedXml(xml);
    expect(xmlSeller).toMatchObject({ taxIdentification: { localTaxId: '123456789' } });
    expect(totals.taxBreakdown).toMatchObject([
      { exemptionReason: 'TVA non applicable, art. 293 B du CGI', exemptionReasonCode: 'VATEX-FR-FRANCHISE' },
    ]);
  });

  it('prefers the reason of the seller', async () => {
    const vatExemptionReason = 'Exonération de TVA, art. 261-4-4° du CGI';
    const { text, xml } = await read(
      await renderInvoicePdf(invoiceOf([['Formation', 1, 100, 0]]), { ...seller, vatExemptionReason }),
    );
    expect(text).toContain(vatExemptionReason);
    expect(text).not.toContain('293 B');
    expect(xml).toContain(vatExemptionReason);
  });
});

describe('what is not an issued invoice', () => {
  it('marks a draft, which has neither number nor XML', async () => {
    const { text, xml } = await read(
      await renderInvoicePdf({ ...usual, status: 'draft', number: null, issuedAt: null }, seller),
    );
    expect(text).toContain('BROUILLON');
    expect(text).toContain('Facture — brouillon');
    expect(text).not.toContain('N°');
    expect(xml).toBeUndefined();
  });

  it('marks a cancelled one, which no program may book', async () => {
    const { text, xml } = await read(await renderInvoicePdf({ ...usual, status: 'cancelled' }, seller));
    expect(text).toContain('ANNULÉE');
    expect(xml).toBeUndefined();
  });

  it('warns of a seller without settings, in the PDF and in BASIC XML', async () => {
    const { text, xml, metadata } = await read(await renderInvoicePdf(usual, standIn));
    expect(text).toContain('Vendeur non configuré');
    expect(xml).toContain('Vendeur non configuré');
    expect(xml).toContain('NON-CONFIGURE');
    expect(metadata).toContain('<fx:ConformanceLevel>BASIC</fx:ConformanceLevel>');
    expect((await parsedXml(xml)).totals).toMatchObject({ grossTotal: 2003.55 });
  });

  it.each([
    {
      currency: 'ECU',
      buyer: usual.buyer,
      problem: { path: ['currency'], message: 'is not among the currencies of electronic invoices' },
    },
    {
      currency: 'EUR',
      buyer: { ...usual.buyer, country: 'Syldavie' },
      problem: { path: ['customerId'], message: 'has an unknown country: Syldavie' },
    },
  ])('renders without XML and says so: $problem.path', async ({ problem, ...changes }) => {
    const invoice = { ...usual, ...changes };
    const { text, xml } = await read(await renderInvoicePdf(invoice, seller));
    expect(xml).toBeUndefined();
    expect(text).toContain('ne contient pas de données structurées Factur-X');
    expect(await buildInvoiceXml(invoice, seller)).toEqual({
      profile: undefined,
      problems: [{ code: 'invalid', ...problem }],
    });
  });
});

describe('hostile text', () => {
  const hostile = [
    '😀👨‍👩‍👧 famille',
    'שלום مرحبا',
    '\u202erenversé\u202c',
    'a\u0000b\u0007c\u001bd\uffff',
    '\ud800 seul',
    '<script>&"\'</script> ]]> <!-- -->',
    'x'.repeat(5000),
    'mot '.repeat(1250),
    'ligne\n'.repeat(300),
    '中文 ไทย e\u0301 ﷽',
    '',
    '   ',
  ];

  it('breaks neither the PDF nor the XML', async () => {
    const invoice = invoiceOf(
      hostile.map((text): Row => [text, 1, 10, 20]),
      {
        buyer: {
          name: hostile[5] ?? '',
          street: hostile[0] ?? '',
          postalCode: '\u0000',
          city: hostile[6] ?? '',
          country: 'fr',
        },
        paymentReference: hostile[5] ?? '',
      },
    );
    const { text, xml, metadata } = await read(await renderInvoicePdf(invoice, { ...seller, name: hostile[5] ?? '' }));
    expect(text).toContain('�� famille');
    expect(text).toContain('<script>&"\'</script> ]]> <!-- -->');
    expect(text.match(/x/g)?.length).toBeGreaterThanOrEqual(5000);
    expect(text).toContain('abcd');
    expect(text.match(/ligne/g)).toHaveLength(300);
    expect(xml).toContain('😀👨‍👩‍👧 famille');
    expect(xml).toContain('שלום مرحبا');
    expect(metadata).not.toContain('<script>');
    const { invoiceLines, seller: xmlSeller } = await parsedXml(xml);
    expect(invoiceLines).toHaveLength(hostile.length);
    expect(xmlSeller.name).toContain('&');
  });

  it('renders any text at all, with XML that reads back to the same totals', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    const row = fc.tuple(
      text,
      fc.integer({ min: -99_999, max: 99_999 }),
      fc.integer({ min: -999_999, max: 999_999 }),
      fc.constantFrom(0, 5.5, 20),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), text, async (rows, name) => {
        const invoice = invoiceOf(
          rows.map(([description, thousandths, price, rate]): Row => [
            description,
            thousandths / 1000,
            price / 10_000,
            rate,
          ]),
          { buyer: { ...usual.buyer, name } },
        );
        const { xml } = await read(await renderInvoicePdf(invoice, seller));
        const { totals, invoiceLines } = await parsedXml(xml);
        expect(totals.grossTotal).toBe(toNumber(invoice.totals.total));
        expect(invoiceLines.map((line) => line.settlement.lineTotals.netTotal)).toEqual(
          invoice.lines.map((line) => toNumber(line.lineTotal)),
        );
      }),
      { numRuns: 25 },
    );
  });
});
