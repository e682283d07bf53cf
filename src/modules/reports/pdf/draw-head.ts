/** The head of a report's first sheet: who sends it, what it is, for whom, and which intervention it is about. */
import { colours, contentWidth, page, type TextStyle } from '../../../print/canvas.js';
import { addressLines } from '../../../print/firm.js';
import { printedDay } from '../../../print/french.js';
import { clientFacts, interventionFacts, titleOfKind } from '../content/facts.js';
import { placedIn } from '../content/picture-size.js';
import type { Pictures, ReportContent } from '../content/report-content.js';
import { shortReference } from '../content/report-words.js';
import { drawFacts, heightOfFacts, type Sheet } from './sheet.js';

const logoPlace = { width: 170, height: 54 };
const gap = 14;

export function drawHead(sheet: Sheet, content: ReportContent, { logo }: Pictures): void {
  drawLetterhead(sheet, content, logo);
  drawTitle(sheet, content);
  drawParties(sheet, content);
}

function drawLetterhead({ canvas, accent, timeZone }: Sheet, content: ReportContent, logo: Pictures['logo']): void {
  const { firm, report } = content;
  const width = 270;
  const top = canvas.y;
  if (logo) {
    const size = placedIn(logo, logoPlace);
    canvas.as('Figure', () => canvas.image(logo.bytes, { x: page.left, y: canvas.y, ...size }), {
      alt: `Logo de ${firm.name}`,
    });
    canvas.y += size.height + 8;
  }
  canvas.as('P', () => {
    const name: TextStyle = logo
      ? { font: 'bold', size: 10, width }
      : { font: 'bold', size: 15, colour: accent, width };
    for (const line of canvas.wrap(firm.name, width, name).slice(0, 3)) {
      canvas.text(line, page.left, canvas.y, name);
      canvas.y += logo ? 13.5 : 19;
    }
    canvas.y += 2;
    for (const line of [...addressLines(firm), firm.email]) {
      if (!line) continue;
      canvas.text(line, page.left, canvas.y, { size: 8.5, colour: colours.muted, width });
      canvas.y += 11.5;
    }
  });

  let right = top;
  const rightText = (text: string, style: TextStyle, height: number): void => {
    canvas.text(text, page.left + width, right, { ...style, align: 'right' });
    right += height;
  };
  canvas.as('P', () => {
    const kind: TextStyle = { font: 'bold', size: 14 };
    for (const line of canvas.wrap(titleOfKind(content), contentWidth - width, kind).slice(0, 2))
      rightText(line, kind, 19);
    right += 2;
    rightText(`N° ${shortReference(report.id)}`, { size: 9, colour: colours.muted }, 13);
    rightText(`Établi le ${printedDay(report.madeAt, timeZone)}`, { size: 9, colour: colours.muted }, 13);
    rightText(`par ${report.author}`, { size: 9, colour: colours.muted }, 13);
  });
  canvas.y = Math.max(canvas.y, right) + 12;
  canvas.ornament((pdf) => pdf.rect(page.left, canvas.y, contentWidth, 1.6).fill(accent));
  canvas.y += 16;
}

function drawTitle({ canvas }: Sheet, { report }: ReportContent): void {
  const style: TextStyle = { font: 'bold', size: 17 };
  canvas.as('H1', () => {
    for (const line of canvas.wrap(report.title, contentWidth, style).slice(0, 4)) {
      canvas.text(line, page.left, canvas.y, style);
      canvas.y += 22;
    }
  });
  canvas.y += 8;
}

/** Client and intervention beside each other; the taller one says how high both panels are. */
function drawParties({ canvas, accent }: Sheet, content: ReportContent): void {
  const width = (contentWidth - gap) / 2;
  const inner = width - 28;
  const panels = [
    { title: 'CLIENT', facts: clientFacts(content) },
    { title: 'INTERVENTION', facts: interventionFacts(content) },
  ];
  const height = Math.max(...panels.map(({ facts }) => heightOfFacts(canvas, facts, inner))) + 36;
  canvas.ensure(height);
  const top = canvas.y;
  for (const [index, { title, facts }] of panels.entries()) {
    const x = page.left + index * (width + gap);
    canvas.panel(x, top, width, height);
    canvas.panel(x, top, 3, height, accent);
    canvas.as('H2', () =>
      canvas.text(title, x + 14, top + 11, { font: 'bold', size: 8, colour: accent, width: inner }),
    );
    drawFacts(canvas, facts, x + 14, top + 28, inner);
  }
  canvas.y = top + height + 6;
}
