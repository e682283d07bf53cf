/** Sheets of A4 to write on: lines and paragraphs of text that fit, and a new sheet when one is full. */
import type { ContentType, GroupType, Structure, StructureOptions } from './structure.js';
import { ellipsize, printable, type TextMeasure, wrapLines } from './text.js';

/** In points; y grows downwards. Below `bottom` there is room for a footer. */
export const page = { width: 595.28, height: 841.89, left: 48, right: 547.28, top: 48, bottom: 772 } as const;
export const contentWidth = page.right - page.left;

export const colours = {
  ink: '#1c2430',
  muted: '#5d6878',
  accent: '#1f3a5f',
  onAccent: '#ffffff',
  hairline: '#d5dae1',
  panel: '#f3f5f8',
  watermark: '#e6e9ee',
  warning: '#8a4b00',
  warningPanel: '#fff1d6',
  paid: '#1d6b45',
} as const;

export interface TextStyle {
  /** One of the two names under which the fonts are registered. */
  font?: 'regular' | 'bold';
  size?: number;
  colour?: string;
  /** Room to the right of `x`; default: up to the right margin. */
  width?: number;
  align?: 'left' | 'right' | 'center';
}

export interface CanvasOptions {
  /** Draws behind everything else on each new sheet. */
  background: (canvas: Canvas) => void;
  /** Draws the head of each sheet but the first, and moves `y` below it. */
  continuation: (canvas: Canvas) => void;
  /** Of a tagged PDF; without it nothing says what is a heading and what a table. */
  structure?: Structure;
}

export interface ImagePlace {
  x: number;
  y: number;
  width: number;
  height: number;
}

export class Canvas {
  /** Where the next thing goes. */
  y: number = page.top;
  private readonly measure: TextMeasure;

  readonly pdf: PDFKit.PDFDocument;
  private readonly options: CanvasOptions;

  // No parameter properties: a thread that runs from source has its types stripped and no more.
  constructor(pdf: PDFKit.PDFDocument, options: CanvasOptions) {
    this.pdf = pdf;
    this.options = options;
    this.measure = { widthOfString: (text) => pdf.widthOfString(text), hasGlyph: glyphTest(pdf) };
    this.addPage();
  }

  /** Starts a sheet when less than `height` is left on this one; true when it did. */
  ensure(height: number): boolean {
    if (this.y + height <= page.bottom) return false;
    this.addPage();
    this.options.continuation(this);
    return true;
  }

  /** One line of text, cut when it does not fit. Neither moves `y` nor starts a sheet. */
  text(value: string, x: number, y: number, style: TextStyle = {}): void {
    const { align = 'left', width = page.right - x, colour = colours.ink } = style;
    this.use(style);
    const line = ellipsize(printable(value, this.measure), width, this.measure);
    const slack = width - this.pdf.widthOfString(line);
    const shift = align === 'right' ? slack : align === 'center' ? slack / 2 : 0;
    this.content(() => this.pdf.fillColor(colour).text(line, x + shift, y, { lineBreak: false }));
  }

  /** What `draw` draws belongs to one element of the document's structure; see `structure.ts`. */
  as(type: GroupType | ContentType, draw: () => void, options?: StructureOptions): void {
    const { structure } = this.options;
    if (structure) structure.within(type, draw, options);
    else draw();
  }

  /** A JPEG or PNG, scaled to fill the place. */
  image(bytes: Uint8Array, { x, y, width, height }: ImagePlace): void {
    this.content(() => this.pdf.image(bytes as Buffer, x, y, { width, height }));
  }

  /** Draws lines and areas that carry no meaning. */
  ornament(draw: (pdf: PDFKit.PDFDocument) => void): void {
    const { structure } = this.options;
    if (structure) structure.ornament(() => draw(this.pdf));
    else draw(this.pdf);
  }

  /** As many lines as it takes, from `y` on and over the end of the sheet; moves `y` below them. */
  paragraph(value: string, style: TextStyle = {}): void {
    const leading = (style.size ?? 9) * 1.4;
    for (const line of this.wrap(value, contentWidth, style)) {
      this.ensure(leading);
      this.text(line, page.left, this.y, style);
      this.y += leading;
    }
  }

  wrap(value: string, width: number, style: TextStyle = {}): string[] {
    this.use(style);
    return wrapLines(printable(value, this.measure), width, this.measure);
  }

  rule(y: number, x: number = page.left, right: number = page.right): void {
    this.ornament((pdf) => pdf.moveTo(x, y).lineTo(right, y).lineWidth(0.6).strokeColor(colours.hairline).stroke());
  }

  panel(x: number, y: number, width: number, height: number, colour: string = colours.panel): void {
    this.ornament((pdf) => pdf.rect(x, y, width, height).fill(colour));
  }

  private content(draw: () => void): void {
    const { structure } = this.options;
    if (structure) structure.content(draw);
    else draw();
  }

  private use({ font = 'regular', size = 9 }: TextStyle): void {
    this.pdf.font(font).fontSize(size);
  }

  private addPage(): void {
    this.pdf.addPage();
    this.options.background(this);
    this.y = page.top;
  }
}

/**
 * pdfkit does not show which glyphs a font has; its embedded fonts keep the parsed file as `font`. Both have the same.
 */
function glyphTest(pdf: PDFKit.PDFDocument): (codePoint: number) => boolean {
  pdf.font('regular');
  const { _font } = pdf as unknown as { _font: { font: { hasGlyphForCodePoint(codePoint: number): boolean } } };
  return (codePoint) => _font.font.hasGlyphForCodePoint(codePoint);
}
