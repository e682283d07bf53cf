/**
 * Draws a report. From the top: its firm, what it is, its client and its intervention; the introduction; the sections
 * that its template names, in their order; and at the foot of each sheet the firm's identity and « page x sur y ».
 */
import { Canvas, type CanvasOptions, colours, contentWidth, page, type TextStyle } from '../../../print/canvas.js';
import { legalIdentity } from '../../../print/firm.js';
import { printedMoment } from '../../../print/french.js';
import { Structure } from '../../../print/structure.js';
import { printedPlace, signedOn, titleOfKind } from '../content/facts.js';
import { placedIn } from '../content/picture-size.js';
import type { Finding, Pictures, ReportContent, ReportSectionWord } from '../content/report-content.js';
import { findingTitle, sectionTitles, shortReference } from '../content/report-words.js';
import { photosOfSection, summaryBlocks } from '../content/sections.js';
import { drawHead } from './draw-head.js';
import { drawPhotos, drawPhotoSection } from './draw-photos.js';
import { drawAttachments, drawChecklist, drawHours, drawParts } from './draw-tables.js';
import { drawTimeline } from './draw-timeline.js';
import { heading, type Sheet, writeText } from './sheet.js';

export function drawReport(pdf: PDFKit.PDFDocument, content: ReportContent, pictures: Pictures): void {
  const { template, timeZone } = content;
  const accent = template.accentColour;
  const canvas = new Canvas(pdf, { ...sheets(content, accent), structure: new Structure(pdf) });
  const sheet: Sheet = { canvas, accent, timeZone };
  drawHead(sheet, content, pictures);
  if (template.introduction) {
    canvas.y += 10;
    writeText(sheet, template.introduction);
  }
  for (const section of template.sections) drawSection[section](sheet, content, pictures);
  drawFooters(canvas, content);
}

const sheets = (content: ReportContent, accent: string): CanvasOptions => ({
  background: () => undefined,
  continuation: (canvas) => {
    const { y } = canvas;
    const head = `${titleOfKind(content)} – ${content.report.title}`;
    canvas.text(head, page.left, y, { font: 'bold', size: 9, colour: accent, width: 350 });
    canvas.text(content.client.name, page.left + 360, y, { size: 9, colour: colours.muted, align: 'right' });
    canvas.rule(y + 18);
    canvas.y += 30;
  },
});

type DrawSection = (sheet: Sheet, content: ReportContent, pictures: Pictures) => void;

/** A section that has nothing to say is left out. */
const drawSection: Record<ReportSectionWord, DrawSection> = {
  summary: drawSummary,
  findings: (sheet, content, pictures) => {
    if (content.findings.length === 0) return;
    heading(sheet, sectionTitles.findings);
    for (const finding of content.findings) drawFinding(sheet, finding, content, pictures);
  },
  checklist: (sheet, content) => drawChecklist(sheet, sectionTitles.checklist, content),
  hours: (sheet, content) => drawHours(sheet, sectionTitles.hours, content),
  parts: (sheet, content) => drawParts(sheet, sectionTitles.parts, content),
  timeline: (sheet, content) => {
    if (content.timeline.length > 0) drawTimeline(sheet, sectionTitles.timeline, content);
  },
  closing: (sheet, { template }) => {
    if (!template.closing) return;
    heading(sheet, sectionTitles.closing);
    writeText(sheet, template.closing);
  },
  signature: drawSignature,
  photos: (sheet, content, pictures) => {
    const indexes = photosOfSection(content);
    if (indexes.length === 0 && content.omittedPhotos === 0) return;
    drawPhotoSection(sheet, { title: sectionTitles.photos, content, pictures, indexes });
  },
  attachments: (sheet, content) => drawAttachments(sheet, sectionTitles.attachments, content),
};

function drawSummary(sheet: Sheet, content: ReportContent): void {
  const blocks = summaryBlocks(content);
  if (blocks.length === 0) return;
  heading(sheet, sectionTitles.summary);
  for (const block of blocks) {
    if (block.heading !== null) subheading(sheet, block.heading);
    for (const paragraph of block.paragraphs) writeText(sheet, paragraph);
  }
}

function subheading({ canvas }: Sheet, title: string): void {
  const style: TextStyle = { font: 'bold', size: 10 };
  const lines = canvas.wrap(title, contentWidth, style);
  canvas.ensure(lines.length * 14 + 30);
  canvas.y += 4;
  canvas.as('H3', () => {
    for (const line of lines) {
      canvas.text(line, page.left, canvas.y, style);
      canvas.y += 14;
    }
  });
  canvas.y += 1;
}

function drawFinding(sheet: Sheet, finding: Finding, content: ReportContent, pictures: Pictures): void {
  subheading(sheet, findingTitle(finding.kind));
  const facts = [printedMoment(finding.inspectedAt, sheet.timeZone), finding.place && printedPlace(finding.place)];
  const style: TextStyle = { size: 8, colour: colours.muted };
  sheet.canvas.as('P', () => sheet.canvas.paragraph(facts.filter(Boolean).join(' · '), style));
  sheet.canvas.y += 3;
  if (finding.result?.trim()) writeText(sheet, `Résultat : ${finding.result.trim()}`, { font: 'bold' });
  if (finding.observations) writeText(sheet, finding.observations);
  sheet.canvas.y += 4;
  drawPhotos(sheet, content, pictures, finding.photos);
}

const signaturePlace = { width: 190, height: 76 };

/** In a box that is never cut: the picture, who signed, and when. */
function drawSignature(sheet: Sheet, { signature }: ReportContent, { signature: picture }: Pictures): void {
  if (!signature) return;
  const { canvas, timeZone } = sheet;
  const height = 118;
  heading(sheet, sectionTitles.signature, height);
  const top = canvas.y;
  canvas.panel(page.left, top, contentWidth, height);
  canvas.as('P', () => {
    const width = 230;
    let y = top + 16;
    canvas.text('Le client', page.left + 16, y, { size: 8, colour: colours.muted, width });
    y += 13;
    for (const line of canvas.wrap(signature.name, width, { font: 'bold', size: 11 }).slice(0, 3)) {
      canvas.text(line, page.left + 16, y, { font: 'bold', size: 11, width });
      y += 15;
    }
    const when = signedOn(signature.signedAt, timeZone);
    for (const line of canvas.wrap(when, width, { size: 9 })) {
      canvas.text(line, page.left + 16, y + 2, { size: 9, width });
      y += 12.5;
    }
  });
  const box = { x: page.right - 16 - 214, y: top + 14, width: 214, height: height - 28 };
  canvas.ornament((pdf) => pdf.rect(box.x, box.y, box.width, box.height).fillAndStroke('#ffffff', colours.hairline));
  if (picture) {
    const size = placedIn(picture, signaturePlace);
    const x = box.x + (box.width - size.width) / 2;
    const y = box.y + (box.height - size.height) / 2;
    canvas.as('Figure', () => canvas.image(picture.bytes, { x, y, ...size }), {
      alt: `Signature de ${signature.name}`,
    });
  }
  canvas.y = top + height + 10;
}

function drawFooters(canvas: Canvas, { firm, report }: ReportContent): void {
  const style: TextStyle = { size: 7.5, colour: colours.muted };
  const width = contentWidth - 110;
  const identity = canvas.wrap(unbrokenParts(legalIdentity(firm)), width, style).slice(0, 2);
  const { start, count } = canvas.pdf.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    canvas.pdf.switchToPage(start + index);
    canvas.rule(page.bottom + 14);
    for (const [row, line] of identity.entries())
      canvas.text(line, page.left, page.bottom + 21 + row * 10, { ...style, width });
    const number = `Page ${index + 1} sur ${count}`;
    canvas.text(number, page.right - 100, page.bottom + 21, { ...style, width: 100, align: 'right' });
    canvas.text(`N° ${shortReference(report.id)}`, page.right - 100, page.bottom + 31, {
      ...style,
      width: 100,
      align: 'right',
    });
  }
}

/** A number stays with what it is the number of. */
const unbrokenParts = (identity: string): string =>
  identity
    .split(' · ')
    .map((part) => (part.length < 40 ? part.replaceAll(' ', '\u00a0') : part))
    .join(' · ');
