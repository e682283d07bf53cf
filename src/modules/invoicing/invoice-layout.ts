/**
 * Draws an invoice. From the top: who sells, what this paper is, who buys; the table of lines, over as many pages as it
 * takes with its head repeated; VAT per rate beside the totals; how to pay; the legal mentions; and at the foot of each
 * page the seller's identity and the page's number.
 */
import { exchangeRateScale } from '../../lib/money.js';
import { type CanvasOptions, colours, contentWidth, Canvas, page, type TextStyle } from '../../print/canvas.js';
import { addressLines, legalIdentity, printedIban, printedSiren } from '../../print/firm.js';
import {
  printedAmount,
  printedDate,
  printedMoney,
  printedQuantity,
  printedRate,
  printedUnitPrice,
} from '../../print/text.js';
import {
  accountedTax,
  creditMention,
  exemptionReason,
  type InvoiceForPdf,
  type InvoiceLineForPdf,
  isCreditNote,
  isDraft,
  isPaid,
  operationsMention,
  paymentMentions,
  type Seller,
  unconfiguredSellerMention,
  withoutXmlMention,
} from './invoice-document.js';

const leading = 12.5;
/** Of the dates and facts to the left of the buyer. */
const factsWidth = 240;
const rowHeight = 17;

const kindTitle = (invoice: InvoiceForPdf): string => (isCreditNote(invoice) ? 'Avoir' : 'Facture');

/** `Facture — brouillon`, `Facture FA-2026-0001`, `Avoir AV-2026-0001`. */
export const invoiceTitle = (invoice: InvoiceForPdf): string =>
  `${kindTitle(invoice)} ${isDraft(invoice) ? '— brouillon' : invoice.number}`;

export interface DrawOptions {
  /** True when an issued invoice could not be given its XML: the page then says so. Default false. */
  lacksXml?: boolean;
}

export function drawInvoice(
  pdf: PDFKit.PDFDocument,
  invoice: InvoiceForPdf,
  seller: Seller,
  { lacksXml = false }: DrawOptions = {},
): void {
  const canvas = new Canvas(pdf, sheets(invoice, seller));
  if (!seller.configured) drawWarning(canvas);
  drawHeading(canvas, invoice, seller);
  drawParties(canvas, invoice, seller);
  drawReason(canvas, invoice);
  drawTableHead(canvas);
  for (const line of invoice.lines) drawLine(canvas, line);
  drawTotals(canvas, invoice, seller);
  if (!isDraft(invoice) && !isPaid(invoice) && invoice.status !== 'cancelled') drawPayment(canvas, invoice, seller);
  drawMentions(canvas, invoice, lacksXml);
  drawFooters(canvas, seller);
}

function sheets(invoice: InvoiceForPdf, seller: Seller): CanvasOptions {
  const watermark = isDraft(invoice) ? 'BROUILLON' : invoice.status === 'cancelled' ? 'ANNULÉE' : undefined;
  return {
    background(canvas) {
      if (!watermark) return;
      const { pdf } = canvas;
      const middle = 490;
      pdf.save().rotate(-45, { origin: [page.width / 2, middle] });
      const style: TextStyle = { font: 'bold', size: 92, colour: colours.watermark, align: 'center' };
      canvas.text(watermark, -page.width / 2, middle - 55, { ...style, width: 2 * page.width });
      pdf.restore();
    },
    continuation(canvas) {
      const { y } = canvas;
      canvas.text(invoiceTitle(invoice), page.left, y, { font: 'bold', size: 10, colour: colours.accent, width: 300 });
      canvas.text(seller.name, page.left + 300, y, { colour: colours.muted, align: 'right' });
      canvas.rule(y + 20);
      canvas.y += 32;
    },
  };
}

function drawWarning(canvas: Canvas): void {
  const style: TextStyle = { font: 'bold', size: 8.5, colour: colours.warning };
  const lines = canvas.wrap(unconfiguredSellerMention, contentWidth - 24, style);
  const top = canvas.y - 12;
  const height = lines.length * 12 + 14;
  canvas.panel(page.left, top, contentWidth, height, colours.warningPanel);
  canvas.panel(page.left, top, 4, height, colours.warning);
  for (const [index, line] of lines.entries()) canvas.text(line, page.left + 14, top + 7 + index * 12, style);
  canvas.y += height + 6;
}

function drawHeading(canvas: Canvas, invoice: InvoiceForPdf, seller: Seller): void {
  const draft = isDraft(invoice);
  const width = 270;
  let right = canvas.y - 6;
  const name: TextStyle = { font: 'bold', size: 15, colour: colours.accent, width };
  for (const line of canvas.wrap(seller.name, width, name).slice(0, 3)) {
    canvas.text(line, page.left, canvas.y, name);
    canvas.y += 19;
  }
  canvas.y += 3;
  for (const line of [...addressLines(seller), seller.telephone, seller.email]) {
    if (!line) continue;
    canvas.text(line, page.left, canvas.y, { colour: colours.muted, width });
    canvas.y += leading;
  }

  const rightText = (text: string, style: TextStyle, height: number): void => {
    canvas.text(text, page.left + width, right, { font: 'bold', ...style, align: 'right' });
    right += height;
  };
  rightText(draft ? invoiceTitle(invoice) : kindTitle(invoice), { size: draft ? 18 : 22 }, 32);
  if (!draft) rightText(`N° ${invoice.number}`, { size: 11, colour: colours.accent }, 20);
  if (isPaid(invoice)) {
    const on = invoice.paidAt ? ` le ${printedDate(invoice.paidAt)}` : '';
    rightText(`Acquittée${on}`, { size: 9.5, colour: colours.paid }, 14);
  }
  canvas.y = Math.max(canvas.y, right) + 20;
}

function drawParties(canvas: Canvas, invoice: InvoiceForPdf, seller: Seller): void {
  const { buyer, issuedAt, dueDate, origin } = invoice;
  const top = canvas.y;
  const deliveredAt = invoice.deliveredAt ?? issuedAt;
  const facts = [
    ['Date d’émission', issuedAt && printedDate(issuedAt)],
    ['Date de livraison ou de prestation', deliveredAt && printedDate(deliveredAt)],
    ['Échéance', isCreditNote(invoice) ? undefined : dueDate ? printedDate(dueDate) : 'À réception'],
    ['Facture d’origine', origin && `${origin.number} du ${printedDate(origin.issuedAt)}`],
    ['Nature des opérations', operationsMention[seller.operations ?? 'mixed']],
    ['Devise', invoice.currency],
  ] as const;
  let left = top + 4;
  for (const [label, value] of facts) {
    if (!value) continue;
    canvas.text(label, page.left, left, { size: 8, colour: colours.muted, width: factsWidth });
    canvas.text(value, page.left, left + 11, { font: 'bold', size: 10, width: factsWidth });
    left += 29;
  }

  const x = 314;
  const width = page.right - x - 14;
  const nameStyle: TextStyle = { font: 'bold', size: 11, width };
  const name = canvas.wrap(buyer.name, width, nameStyle).slice(0, 3);
  const details = [
    ...addressLines(buyer).flatMap((line) => canvas.wrap(line, width).slice(0, 2)),
    buyer.siren && `SIREN ${printedSiren(buyer.siren)}`,
    buyer.vatNumber && `TVA ${buyer.vatNumber}`,
    buyer.email,
  ].filter((line) => typeof line === 'string' && line !== '') as string[];
  const height = 44 + name.length * 15 + details.length * leading;
  canvas.panel(x - 14, top, width + 28, height);
  let y = top + 12;
  canvas.text(isCreditNote(invoice) ? 'CLIENT' : 'FACTURÉ À', x, y, {
    font: 'bold',
    size: 7.5,
    colour: colours.muted,
    width,
  });
  y += 15;
  for (const line of name) {
    canvas.text(line, x, y, nameStyle);
    y += 15;
  }
  y += 2;
  for (const line of details) {
    canvas.text(line, x, y, { width });
    y += leading;
  }
  canvas.y = Math.max(top + height, left) + 24;
}

/** Why a credit note was made, above its lines. */
function drawReason(canvas: Canvas, { reason }: InvoiceForPdf): void {
  if (!reason?.trim()) return;
  canvas.paragraph(`Motif : ${reason.trim()}`);
  canvas.y += 10;
}

const columns = {
  description: { title: 'Désignation', x: page.left + 8, width: 223, align: 'left' },
  quantity: { title: 'Quantité', x: 290, width: 61, align: 'right' },
  unitPrice: { title: 'Prix unitaire HT', x: 355, width: 76, align: 'right' },
  vatRate: { title: 'TVA', x: 433, width: 40, align: 'right' },
  lineTotal: { title: 'Montant HT', x: 475, width: page.right - 8 - 475, align: 'right' },
} as const;

function drawCell(canvas: Canvas, column: keyof typeof columns, value: string, y: number, style: TextStyle = {}): void {
  const { x, width, align } = columns[column];
  canvas.text(value, x, y, { ...style, width, align });
}

function drawTableHead(canvas: Canvas): void {
  const height = 22;
  canvas.panel(page.left, canvas.y, contentWidth, height, colours.accent);
  for (const column of Object.keys(columns) as (keyof typeof columns)[]) {
    drawCell(canvas, column, columns[column].title, canvas.y + 6, { font: 'bold', size: 8, colour: colours.onAccent });
  }
  canvas.y += height;
}

/**
 * A description that does not fit on the page goes on under the next page's head; the figures stay in its first row.
 */
function drawLine(canvas: Canvas, line: InvoiceLineForPdf): void {
  const padding = 6;
  const description = canvas.wrap(line.description || '—', columns.description.width);
  const startsWith = Math.min(description.length, 4);
  if (canvas.ensure(startsWith * leading + 2 * padding)) drawTableHead(canvas);
  canvas.y += padding;
  drawCell(canvas, 'quantity', printedQuantity(line.quantity), canvas.y);
  drawCell(canvas, 'unitPrice', printedUnitPrice(line.unitPrice), canvas.y);
  drawCell(canvas, 'vatRate', printedRate(line.vatRate), canvas.y);
  drawCell(canvas, 'lineTotal', printedAmount(line.lineTotal), canvas.y, { font: 'bold' });
  for (const text of description) {
    if (canvas.ensure(leading + padding)) {
      drawTableHead(canvas);
      canvas.y += padding;
    }
    if (text) drawCell(canvas, 'description', text, canvas.y);
    canvas.y += leading;
  }
  canvas.y += padding;
  canvas.rule(canvas.y);
}

function drawTotals(canvas: Canvas, invoice: InvoiceForPdf, seller: Seller): void {
  const { totals, currency } = invoice;
  const paid = isPaid(invoice);
  // What the two columns take, with a line for the exemption: the totals leave their lines' page only when they must.
  canvas.ensure(40 + Math.max((paid ? 6 : 5) * rowHeight + 17.5, 19 + Math.min(totals.rates.length, 10) * 14));
  canvas.y += 18;

  const x = 320;
  const width = page.right - x;
  let right = canvas.y;
  const row = (label: string, amount: string, style: TextStyle = {}): void => {
    canvas.text(label, x + 10, right, { ...style, width: 85 });
    canvas.text(printedMoney(amount, currency), x + 95, right, { ...style, width: width - 105, align: 'right' });
    right += rowHeight;
  };
  row('Total HT', totals.totalExcludingTax);
  row('Total TVA', totals.totalTax);
  const accounted = accountedTax(invoice, seller);
  if (accounted?.amount && invoice.exchangeRate != null) {
    canvas.text(`soit en ${accounted.currency}`, x + 10, right, { size: 8.5, colour: colours.muted, width: 85 });
    const rate = `(1 ${accounted.currency} = ${printedRateOfExchange(invoice.exchangeRate)} ${currency})`;
    const amount = `${printedMoney(accounted.amount, accounted.currency)} ${rate}`;
    canvas.text(amount, x + 75, right, { size: 8.5, colour: colours.muted, width: width - 85, align: 'right' });
    right += rowHeight;
  }
  canvas.panel(x, right, width, 28, colours.accent);
  right += 6.5;
  row('Total TTC', totals.total, { font: 'bold', size: 11.5, colour: colours.onAccent });
  right += 10;
  if (paid) row('Déjà réglé', totals.total);
  const net = isCreditNote(invoice) ? 'À votre crédit' : 'Net à payer';
  row(net, paid ? '0.00' : totals.total, { font: 'bold', size: 10 });

  if (drawRates(canvas, invoice)) right = 0;
  canvas.y = Math.max(canvas.y, right) + 8;
  const reason = exemptionReason(invoice, seller);
  if (reason) canvas.paragraph(reason, { font: 'bold' });
}

/** `1,0852`, as exact as it was given. */
const printedRateOfExchange = (rate: string): string =>
  Number(rate).toLocaleString('fr-FR', { maximumFractionDigits: exchangeRateScale });

/** Base and tax of each rate, to the left of the totals. True when it went on to another page. */
function drawRates(canvas: Canvas, { totals, currency }: InvoiceForPdf): boolean {
  const cells = (texts: readonly string[], style: TextStyle): void => {
    const [rate = '', base = '', tax = ''] = texts;
    canvas.text(rate, page.left, canvas.y, { ...style, width: 62 });
    canvas.text(base, 112, canvas.y, { ...style, width: 88, align: 'right' });
    canvas.text(tax, 204, canvas.y, { ...style, width: 88, align: 'right' });
  };
  cells(['Taux de TVA', 'Base HT', 'Montant de TVA'], { size: 8, colour: colours.muted });
  canvas.rule(canvas.y + 14, page.left, 292);
  canvas.y += 19;
  let turned = false;
  for (const { vatRate, base, tax } of totals.rates) {
    turned = canvas.ensure(14) || turned;
    cells([printedRate(vatRate), printedMoney(base, currency), printedMoney(tax, currency)], { size: 8.5 });
    canvas.y += 14;
  }
  return turned;
}

function drawPayment(canvas: Canvas, invoice: InvoiceForPdf, seller: Seller): void {
  if (isCreditNote(invoice)) {
    canvas.ensure(24);
    canvas.y += 10;
    canvas.paragraph(creditMention(invoice), { font: 'bold' });
    return;
  }
  const rows = [
    ['Échéance', invoice.dueDate ? printedDate(invoice.dueDate) : 'À réception'],
    ['Référence à rappeler', invoice.paymentReference || invoice.number],
    ['Virement, IBAN', seller.iban && printedIban(seller.iban)],
    ['BIC', seller.bic],
  ].filter(([, value]) => value) as [string, string][];
  const height = 36 + rows.length * 14;
  canvas.ensure(height + 10);
  const top = canvas.y + 10;
  canvas.panel(page.left, top, contentWidth, height);
  canvas.text('RÈGLEMENT', page.left + 14, top + 10, { font: 'bold', size: 7.5, colour: colours.muted });
  for (const [index, [label, value]] of rows.entries()) {
    const y = top + 25 + index * 14;
    canvas.text(label, page.left + 14, y, { colour: colours.muted, width: 110 });
    canvas.text(value, page.left + 128, y, { font: 'bold', width: contentWidth - 142 });
  }
  canvas.y = top + height;
}

function drawMentions(canvas: Canvas, invoice: InvoiceForPdf, lacksXml: boolean): void {
  canvas.ensure(60);
  canvas.y += 14;
  const mentions = [
    ...(isCreditNote(invoice) ? [] : Object.values<string>(paymentMentions)),
    ...(lacksXml ? [withoutXmlMention] : []),
  ];
  for (const mention of mentions) {
    canvas.paragraph(mention, { size: 7.5, colour: colours.muted });
  }
}

function drawFooters(canvas: Canvas, seller: Seller): void {
  const style: TextStyle = { size: 7.5, colour: colours.muted };
  const width = contentWidth - 60;
  const identity = canvas.wrap(legalIdentity(seller), width, style).slice(0, 3);
  const { start, count } = canvas.pdf.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    canvas.pdf.switchToPage(start + index);
    canvas.rule(page.bottom + 14);
    for (const [row, line] of identity.entries()) {
      canvas.text(line, page.left, page.bottom + 21 + row * 10, { ...style, width });
    }
    canvas.text(`Page ${index + 1}/${count}`, page.right - 60, page.bottom + 21, { ...style, align: 'right' });
  }
}
