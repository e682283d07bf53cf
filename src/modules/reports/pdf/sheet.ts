/** What the parts of a report are drawn with: headings, texts, and the colour of its firm. */
import { type Canvas, colours, contentWidth, page, type TextStyle } from '../../../print/canvas.js';
import type { Fact } from '../content/facts.js';

/** What a part of a report is drawn on. */
export interface Sheet {
  canvas: Canvas;
  accent: string;
  timeZone: string;
}

/** Less is never left alone at the foot of a sheet below a heading. */
const leastBelowHeading = 46;

/** The heading of a section, never the last thing on a sheet. `height`: of what must stand below it at least. */
export function heading({ canvas, accent }: Sheet, title: string, height = leastBelowHeading): void {
  canvas.ensure(38 + height);
  canvas.y += 14;
  canvas.as('H2', () => canvas.text(title, page.left, canvas.y, { font: 'bold', size: 12.5, colour: accent }));
  canvas.ornament((pdf) => pdf.rect(page.left, canvas.y + 18, 28, 2).fill(accent));
  canvas.y += 28;
}

/** Paragraphs of text, between blank lines, each an element of its own. */
export function writeText({ canvas }: Sheet, text: string, style: TextStyle = {}): void {
  const look: TextStyle = { size: 9.5, ...style };
  for (const paragraph of text.split(/\n[ \t]*\n/).map((part) => part.trim())) {
    if (!paragraph) continue;
    canvas.as('P', () => canvas.paragraph(paragraph, look));
    canvas.y += 5;
  }
}

const labelStyle: TextStyle = { size: 7.5, colour: colours.muted };
const valueStyle: TextStyle = { size: 9.5 };
const valueLeading = 12.5;

/** Facts below each other in a column, each a label over its value; gives where they end. */
export function drawFacts(canvas: Canvas, facts: readonly Fact[], x: number, y: number, width: number): number {
  let top = y;
  for (const { label, value } of facts) {
    canvas.as('P', () => {
      canvas.text(label, x, top, { ...labelStyle, width });
      top += 10.5;
      for (const line of linesOf(canvas, value, width)) {
        canvas.text(line, x, top, { ...valueStyle, width });
        top += valueLeading;
      }
    });
    top += 4;
  }
  return top;
}

export const heightOfFacts = (canvas: Canvas, facts: readonly Fact[], width: number): number =>
  facts.reduce((sum, { value }) => sum + 14.5 + linesOf(canvas, value, width).length * valueLeading, 0);

const mostLines = 8;

/** A value that is longer than a panel may be ends with a mark. */
function linesOf(canvas: Canvas, value: string, width: number): string[] {
  const lines = canvas.wrap(value, width, valueStyle);
  return lines.length <= mostLines ? lines : [...lines.slice(0, mostLines - 1), `${lines[mostLines - 1] ?? ''}…`];
}

/** A box beside which something to do stands: with a tick when it is done. */
export function drawBox(
  canvas: Canvas,
  { isDone, x, y, accent }: { isDone: boolean; x: number; y: number; accent: string },
): void {
  canvas.ornament((pdf) => {
    pdf.lineWidth(0.9).roundedRect(x, y + 0.5, 8.5, 8.5, 1.5);
    if (isDone) pdf.fillAndStroke(accent, accent);
    else pdf.strokeColor(colours.muted).stroke();
    if (!isDone) return;
    pdf.lineWidth(1.3).strokeColor(colours.onAccent);
    pdf
      .moveTo(x + 2, y + 5)
      .lineTo(x + 3.8, y + 6.9)
      .lineTo(x + 6.7, y + 2.9)
      .stroke();
  });
}

/** A note over the whole width, such as that something is left out. */
export function drawNotice({ canvas }: Sheet, text: string): void {
  const style: TextStyle = { size: 8.5, colour: colours.warning };
  const lines = canvas.wrap(text, contentWidth - 20, style);
  const height = lines.length * 12 + 12;
  canvas.ensure(height + 8);
  canvas.panel(page.left, canvas.y, contentWidth, height, colours.warningPanel);
  canvas.as('P', () => {
    for (const [index, line] of lines.entries()) canvas.text(line, page.left + 10, canvas.y + 6 + index * 12, style);
  });
  canvas.y += height + 8;
}
