/** What a report lists: points of control, hours, parts, and the media that cannot stand on paper. */
import { type TableColumn, type TableOptions, drawTable } from '../../../print/table.js';
import { attachmentRows, checklistRows, hourRows, partRows } from '../content/lines.js';
import type { ReportContent } from '../content/report-content.js';
import { drawBox, heading, type Sheet } from './sheet.js';

function drawList(
  sheet: Sheet,
  title: string,
  { columns, rows, mark }: { columns: TableColumn[]; rows: string[][]; mark?: TableOptions['mark'] },
): void {
  if (rows.length === 0) return;
  heading(sheet, title);
  drawTable(sheet.canvas, columns, rows, { headColour: sheet.accent, ...(mark && { mark }) });
  sheet.canvas.y += 6;
}

export function drawChecklist(sheet: Sheet, title: string, content: ReportContent): void {
  const { checklist } = content;
  const done = checklist.filter(({ isDone }) => isDone).length;
  drawList(sheet, `${title} (${done} sur ${checklist.length})`, {
    columns: [
      { title: 'Point', width: 218 },
      { title: 'Remarque', width: 120 },
      { title: 'État', width: 0 },
    ],
    rows: checklistRows(content, sheet.timeZone),
    mark: {
      indent: 16,
      draw: (canvas, row, x, y) =>
        drawBox(canvas, { isDone: checklist[row]?.isDone ?? false, x, y, accent: sheet.accent }),
    },
  });
}

export const drawHours = (sheet: Sheet, title: string, content: ReportContent): void =>
  drawList(sheet, title, {
    columns: [
      { title: 'Date', width: 58 },
      { title: 'Technicien', width: 120 },
      { title: 'Travail', width: 215 },
      { title: 'Durée', width: 0, align: 'right' },
    ],
    rows: hourRows(content),
  });

export const drawParts = (sheet: Sheet, title: string, content: ReportContent): void =>
  drawList(sheet, title, {
    columns: [
      { title: 'Désignation', width: 300 },
      { title: 'Référence', width: 100 },
      { title: 'Quantité', width: 0, align: 'right' },
    ],
    rows: partRows(content),
  });

export const drawAttachments = (sheet: Sheet, title: string, content: ReportContent): void =>
  drawList(sheet, title, {
    columns: [
      { title: 'Nature', width: 66 },
      { title: 'Nom', width: 150 },
      { title: 'Description', width: 155 },
      { title: 'Durée ou taille', width: 0, align: 'right' },
    ],
    rows: attachmentRows(content),
  });
