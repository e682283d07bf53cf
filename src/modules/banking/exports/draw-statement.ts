/**
 * Draws a statement of accounts. From the top: whose it is and of which period; the accounts with their balances at
 * both ends; what came in and went out; the curve of the balance; the transactions, over as many pages as it takes with
 * the head of the table repeated; and at the foot of each page its number.
 */
import { type CanvasOptions, colours, contentWidth, Canvas, page, type TextStyle } from '../../../print/canvas.js';
import { printedDate, printedMoney } from '../../../print/text.js';
import { drawBalanceCurve } from './draw-balance-curve.js';
import type { Statement, StatementRow } from './statement.js';

const rowHeight = 15;
const title = 'Relevé de compte';

export const periodOf = ({ from, to }: Pick<Statement, 'from' | 'to'>): string =>
  `du ${printedDate(from)} au ${printedDate(to)}`;

export function drawStatement(pdf: PDFKit.PDFDocument, statement: Statement): void {
  const canvas = new Canvas(pdf, sheets(statement));
  drawHeading(canvas, statement);
  drawAccounts(canvas, statement);
  drawTotals(canvas, statement);
  for (const curve of statement.curves) if (curve.points.length > 0) drawBalanceCurve(canvas, curve, statement);
  drawTable(canvas, statement);
  drawFooters(canvas, statement);
}

const sheets = (statement: Statement): CanvasOptions => ({
  background: () => undefined,
  continuation: (canvas) => {
    const { y } = canvas;
    const head = `${title} ${periodOf(statement)}`;
    canvas.text(head, page.left, y, { font: 'bold', size: 10, colour: colours.accent, width: 330 });
    canvas.text(statement.holder, page.left + 330, y, { colour: colours.muted, align: 'right' });
    canvas.rule(y + 20);
    canvas.y += 32;
  },
});

function drawHeading(canvas: Canvas, statement: Statement): void {
  const { holder, printedAt, isFiltered } = statement;
  canvas.text(title, page.left, canvas.y - 6, { font: 'bold', size: 20, colour: colours.accent, width: 300 });
  canvas.text(holder, page.left + 300, canvas.y, { font: 'bold', size: 11, align: 'right' });
  canvas.y += 24;
  canvas.text(`Période ${periodOf(statement)}`, page.left, canvas.y, { size: 10.5, width: 320 });
  const edited = `Édité le ${printedDate(printedAt.toISOString())}`;
  canvas.text(edited, page.left + 320, canvas.y, { size: 8.5, colour: colours.muted, align: 'right' });
  canvas.y += 24;
  if (!isFiltered) return;
  const notice =
    'Ce relevé ne montre que les transactions retenues par un filtre ; les soldes sont ceux des comptes entiers.';
  canvas.panel(page.left, canvas.y, contentWidth, 22, colours.warningPanel);
  canvas.text(notice, page.left + 10, canvas.y + 6, { size: 8.5, colour: colours.warning, width: contentWidth - 20 });
  canvas.y += 34;
}

interface Column {
  title: string;
  x: number;
  width: number;
  align: 'left' | 'right';
}

const accountColumns: readonly Column[] = [
  { title: 'Compte', x: page.left + 8, width: 170, align: 'left' },
  { title: 'Type', x: 232, width: 100, align: 'left' },
  { title: 'Solde initial', x: 338, width: 98, align: 'right' },
  { title: 'Solde final', x: 441, width: 98, align: 'right' },
];

function drawAccounts(canvas: Canvas, { accounts }: Statement): void {
  drawHead(canvas, accountColumns);
  for (const { name, type, currency, opening, closing } of accounts) {
    if (canvas.ensure(rowHeight)) drawHead(canvas, accountColumns);
    const values = [name, type, printedMoney(opening, currency), printedMoney(closing, currency)];
    drawCells(canvas, accountColumns, values, { 3: { font: 'bold' } });
  }
  canvas.y += 14;
}

function drawTotals(canvas: Canvas, { totals }: Statement): void {
  const width = (contentWidth - 2 * 10) / 3;
  for (const { currency, income, expense, transfers } of totals) {
    canvas.ensure(52);
    const boxes = [
      ['Revenus', income, colours.paid],
      ['Dépenses', expense, colours.ink],
      ['Virements entre comptes', transfers, colours.muted],
    ] as const;
    for (const [index, [label, amount, colour]] of boxes.entries()) {
      const x = page.left + index * (width + 10);
      canvas.panel(x, canvas.y, width, 42);
      canvas.text(label, x + 10, canvas.y + 7, { size: 8, colour: colours.muted, width: width - 20 });
      const style: TextStyle = { font: 'bold', size: 12, colour, width: width - 20 };
      canvas.text(printedMoney(amount, currency), x + 10, canvas.y + 19, style);
    }
    canvas.y += 54;
  }
}

const wideColumns = {
  day: { title: 'Date', x: page.left + 8, width: 54, align: 'left' },
  description: { title: 'Libellé', x: 112, width: 186, align: 'left' },
  category: { title: 'Catégorie', x: 304, width: 78, align: 'left' },
  amount: { title: 'Montant', x: 384, width: 74, align: 'right' },
  balance: { title: 'Solde', x: 463, width: 76, align: 'right' },
} as const satisfies Record<string, Column>;

/** With the account beside each row, where there are several. */
const columnsOf = ({ accounts }: Statement): readonly Column[] => {
  const { day, description, category, amount, balance } = wideColumns;
  if (accounts.length < 2) return [day, description, category, amount, balance];
  const account: Column = { title: 'Compte', x: 236, width: 74, align: 'left' };
  return [day, { ...description, width: 118 }, account, { ...category, x: 316, width: 66 }, amount, balance];
};

const cellsOf = (row: StatementRow, hasAccount: boolean): string[] => [
  printedDate(row.day),
  row.description,
  ...(hasAccount ? [row.account] : []),
  row.isTransfer ? 'Virement' : row.category,
  printedMoney(row.amount, row.currency),
  printedMoney(row.balance, row.currency),
];

function drawTable(canvas: Canvas, statement: Statement): void {
  const columns = columnsOf(statement);
  canvas.ensure(20 + 3 * rowHeight);
  drawHead(canvas, columns);
  if (statement.rows.length === 0) {
    canvas.text('Aucune transaction sur la période', page.left + 8, canvas.y + 3, { colour: colours.muted });
    canvas.y += rowHeight;
  }
  for (const [index, row] of statement.rows.entries()) {
    if (canvas.ensure(rowHeight)) drawHead(canvas, columns);
    if (index % 2 === 1) canvas.panel(page.left, canvas.y, contentWidth, rowHeight);
    const isIncome = !row.amount.startsWith('-');
    const amountStyle: TextStyle = row.isTransfer ? {} : { colour: isIncome ? colours.paid : colours.ink };
    drawCells(canvas, columns, cellsOf(row, columns.length === 6), { [columns.length - 2]: amountStyle });
  }
}

function drawHead(canvas: Canvas, columns: readonly Column[]): void {
  canvas.panel(page.left, canvas.y, contentWidth, 18, colours.accent);
  for (const { title: text, x, width, align } of columns)
    canvas.text(text, x, canvas.y + 4, { font: 'bold', size: 8, colour: colours.onAccent, width, align });
  canvas.y += 20;
}

function drawCells(
  canvas: Canvas,
  columns: readonly Column[],
  values: readonly string[],
  styles: Readonly<Record<number, TextStyle>> = {},
): void {
  for (const [index, { x, width, align }] of columns.entries())
    canvas.text(values[index] ?? '', x, canvas.y + 3, { size: 8.5, width, align, ...styles[index] });
  canvas.y += rowHeight;
}

function drawFooters(canvas: Canvas, { rows }: Statement): void {
  const { pdf } = canvas;
  const { start, count } = pdf.bufferedPageRange();
  const shown = `${rows.length} transaction${rows.length === 1 ? '' : 's'}`;
  for (let index = 0; index < count; index += 1) {
    pdf.switchToPage(start + index);
    canvas.rule(page.bottom + 12);
    canvas.text(shown, page.left, page.bottom + 20, { size: 8, colour: colours.muted, width: 250 });
    const number = `Page ${index + 1} / ${count}`;
    canvas.text(number, page.left + 250, page.bottom + 20, { size: 8, colour: colours.muted, align: 'right' });
  }
}
