/** What happened to the intervention, from top to bottom along a line. */
import { colours, page, type TextStyle } from '../../../print/canvas.js';
import { printedShortMoment } from '../../../print/french.js';
import { changeTitle } from '../content/lines.js';
import type { ReportContent, StatusChange } from '../content/report-content.js';
import { heading, type Sheet } from './sheet.js';

const timeWidth = 112;
const lineX = page.left + timeWidth + 12;
const textX = lineX + 16;
const textWidth = page.right - textX;
const leading = 12.5;

const commentStyle: TextStyle = { size: 9, width: textWidth };

export function drawTimeline(sheet: Sheet, title: string, { timeline }: ReportContent): void {
  heading(sheet, title);
  sheet.canvas.as('L', () => {
    for (const [index, change] of timeline.entries())
      sheet.canvas.as('LI', () => drawChange(sheet, change, index === timeline.length - 1));
  });
  sheet.canvas.y += 4;
}

function drawChange({ canvas, accent, timeZone }: Sheet, change: StatusChange, isLast: boolean): void {
  const comment = change.comment?.trim() ? canvas.wrap(change.comment.trim(), textWidth, commentStyle) : [];
  canvas.ensure(leading * (1 + Math.min(comment.length, 3)) + 10);
  const line = (from: number, to: number): void =>
    canvas.ornament((pdf) =>
      pdf.moveTo(lineX, from).lineTo(lineX, to).lineWidth(1).strokeColor(colours.hairline).stroke(),
    );
  const dot = canvas.y + 5.5;
  canvas.ornament((pdf) => pdf.circle(lineX, dot, 3.2).fill(accent));
  canvas.as('LBody', () => {
    const time: TextStyle = { size: 8.5, colour: colours.muted, width: timeWidth, align: 'right' };
    canvas.text(printedShortMoment(change.at, timeZone), page.left, canvas.y + 0.5, time);
    canvas.text(changeTitle(change), textX, canvas.y, { font: 'bold', size: 9.5, width: textWidth });
    canvas.y += leading + 1;
    let from = dot + 6;
    for (const text of comment) {
      const foot = canvas.y;
      if (canvas.ensure(leading)) {
        line(from, foot);
        from = canvas.y;
      }
      canvas.text(text, textX, canvas.y, commentStyle);
      canvas.y += leading;
    }
    canvas.y += 9;
    if (!isLast) line(from, canvas.y);
  });
}
