/** The pieces of a Word document that a report is made of. Lengths in twips: twentieths of a point. */
import {
  AlignmentType,
  BorderStyle,
  HeadingLevel,
  ImageRun,
  type IParagraphOptions,
  type IRunOptions,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import { xmlText } from '../../../lib/xml-text.js';
import { placedIn, type Size } from '../content/picture-size.js';
import type { Picture } from '../content/report-content.js';

/** A4 less margins of 17 mm. */
export const contentTwips = 9972;
const pixelsAPoint = 96 / 72;

export const muted = '5D6878';
const hairline = { style: BorderStyle.SINGLE, size: 4, color: 'D5DAE1' };
const none = { style: BorderStyle.NONE, size: 0, color: 'auto' };
const noBorders = { top: none, bottom: none, left: none, right: none };

type RunLook = Partial<Pick<IRunOptions, 'bold' | 'color' | 'size'>>;

/** Runs of a text that may have several lines. */
export const runs = (text: string, look: RunLook = {}): TextRun[] =>
  xmlText(text)
    .split('\n')
    .map((line, index) => new TextRun({ text: line, ...(index > 0 && { break: 1 }), ...look }));

export const paragraph = (
  text: string,
  look: RunLook & Partial<Pick<IParagraphOptions, 'spacing' | 'alignment' | 'keepNext'>> = {},
): Paragraph => {
  const { spacing = { after: 100 }, alignment, keepNext, ...run } = look;
  return new Paragraph({
    children: runs(text, run),
    spacing,
    ...(alignment && { alignment }),
    ...(keepNext && { keepNext }),
  });
};

/** Paragraphs between blank lines. */
export const paragraphs = (text: string, look: RunLook = {}): Paragraph[] =>
  text
    .split(/\n[ \t]*\n/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => paragraph(part, look));

export const heading = (text: string, level: 1 | 2 | 3): Paragraph =>
  new Paragraph({ children: runs(text), heading: HeadingLevel[`HEADING_${level}`], keepNext: true });

const cellOf = (
  children: readonly Paragraph[],
  width: number,
  options: Partial<ConstructorParameters<typeof TableCell>[0]> = {},
): TableCell =>
  new TableCell({
    children,
    width: { size: width, type: WidthType.DXA },
    margins: { top: 50, bottom: 50, left: 110, right: 110 },
    ...options,
  });

export interface Column {
  title: string;
  /** Parts of the whole; those of all columns together need not be 100. */
  share: number;
  isNumber?: boolean;
}

/** A table whose head is repeated on each page and whose rows are not cut. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], accent: string): Table {
  const whole = columns.reduce((sum, { share }) => sum + share, 0);
  const widths = columns.map(({ share }) => Math.floor((contentTwips * share) / whole));
  const alignmentOf = (index: number) => (columns[index]?.isNumber ? { alignment: AlignmentType.RIGHT } : {});
  const spacing = { after: 0 };
  const head = columns.map(({ title }, index) =>
    cellOf(
      [paragraph(title, { bold: true, color: 'FFFFFF', size: 17, spacing, ...alignmentOf(index) })],
      widths[index] as number,
      {
        shading: { type: ShadingType.CLEAR, fill: accent },
      },
    ),
  );
  return new Table({
    width: { size: contentTwips, type: WidthType.DXA },
    columnWidths: widths,
    layout: TableLayoutType.FIXED,
    borders: { ...noBorders, bottom: hairline, insideHorizontal: hairline, insideVertical: none },
    rows: [
      new TableRow({ children: head, tableHeader: true, cantSplit: true }),
      ...rows.map(
        (row) =>
          new TableRow({
            // A row that is taller than a page is cut all the same.
            cantSplit: true,
            children: row.map((text, index) =>
              cellOf([paragraph(text, { size: 18, spacing, ...alignmentOf(index) })], widths[index] as number),
            ),
          }),
      ),
    ],
  });
}

/** Cells beside each other without lines, in rows that are not cut. */
export function grid(
  cells: readonly (readonly Paragraph[])[],
  { columns, shading }: { columns: number; shading?: string },
): Table {
  const width = Math.floor(contentTwips / columns);
  const rows: TableRow[] = [];
  for (let first = 0; first < cells.length; first += columns) {
    const row = Array.from({ length: columns }, (_none, index) => cells[first + index] ?? [paragraph('')]);
    rows.push(
      new TableRow({
        cantSplit: true,
        children: row.map((children) =>
          cellOf(children, width, shading ? { shading: { type: ShadingType.CLEAR, fill: shading } } : {}),
        ),
      }),
    );
  }
  return new Table({
    width: { size: contentTwips, type: WidthType.DXA },
    columnWidths: Array.from({ length: columns }, () => width),
    layout: TableLayoutType.FIXED,
    borders: { ...noBorders, insideHorizontal: none, insideVertical: none },
    rows,
  });
}

/** A picture that fits a place in points, with what it shows in words. */
export function image({ bytes, ...size }: Picture, place: Size, alt: string): ImageRun {
  const { width, height } = placedIn(size, place);
  const words = xmlText(alt);
  return new ImageRun({
    type: 'jpg',
    data: bytes,
    transformation: { width: Math.round(width * pixelsAPoint), height: Math.round(height * pixelsAPoint) },
    altText: { name: words.slice(0, 60), description: words, title: '' },
  });
}
