/** A list of reports on paper. */
import { Canvas, colours, contentWidth, page, type TextStyle } from '../../../print/canvas.js';
import { counted, printedMoment, printedShortMoment } from '../../../print/french.js';
import { Structure } from '../../../print/structure.js';
import { drawTable } from '../../../print/table.js';
import type { ReportList } from '../content/report-list.js';

export function drawList(pdf: PDFKit.PDFDocument, list: ReportList): void {
  const { title, firmName, madeAt, timeZone, columns, rows } = list;
  const canvas = new Canvas(pdf, {
    background: () => undefined,
    continuation: ({ y }) => {
      canvas.text(title, page.left, y, { font: 'bold', size: 9, colour: colours.accent });
      canvas.y += 20;
    },
    structure: new Structure(pdf),
  });
  canvas.as('H1', () =>
    canvas.text(title, page.left, canvas.y, { font: 'bold', size: 17, colour: colours.accent, width: 320 }),
  );
  canvas.as('P', () =>
    canvas.text(firmName, page.left + 320, canvas.y + 4, { font: 'bold', size: 10, align: 'right' }),
  );
  canvas.y += 26;
  const made = `${counted(rows.length, 'rapport')}, au ${printedMoment(madeAt, timeZone)}`;
  canvas.as('P', () => canvas.text(made, page.left, canvas.y, { size: 9, colour: colours.muted }));
  canvas.y += 22;
  const whole = columns.reduce((sum, { share }) => sum + share, 0);
  const room = contentWidth - 16 - 8 * (columns.length - 1);
  drawTable(
    canvas,
    columns.map(({ title: name, share, kind }) => ({
      title: name,
      width: (room * share) / whole,
      ...(kind === 'number' && { align: 'right' as const }),
    })),
    rows.map((row) => row.map((value, index) => printedValue(value, columns[index]?.kind, timeZone))),
    { headColour: colours.accent },
  );
  const { start, count } = pdf.bufferedPageRange();
  const style: TextStyle = { size: 7.5, colour: colours.muted, align: 'right' };
  for (let index = 0; index < count; index += 1) {
    pdf.switchToPage(start + index);
    canvas.rule(page.bottom + 14);
    canvas.text(`Page ${index + 1} sur ${count}`, page.left, page.bottom + 21, style);
  }
}

function printedValue(value: string | number | null, kind: string | undefined, timeZone: string): string {
  if (value === null) return '';
  if (kind === 'moment') return printedShortMoment(String(value), timeZone);
  return typeof value === 'number' ? value.toLocaleString('fr-FR') : value;
}
