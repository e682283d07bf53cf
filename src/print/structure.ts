/**
 * The logical structure of a tagged PDF (ISO 32000-1, 14.7 and 14.8): what is a heading, a cell of a table, a picture
 * and what it shows, for those who have pages read to them and for programs that read them.
 */

/** Elements that hold others, and those that hold what is drawn. */
export type GroupType = 'Sect' | 'Table' | 'TR' | 'L' | 'LI';
export type ContentType = 'H1' | 'H2' | 'H3' | 'P' | 'TH' | 'TD' | 'LBody' | 'Figure';

export interface StructureOptions {
  /** What a picture shows, in words. */
  alt?: string;
}

const contentTypes: ReadonlySet<string> = new Set<ContentType>(['H1', 'H2', 'H3', 'P', 'TH', 'TD', 'LBody', 'Figure']);

export class Structure {
  readonly #pdf: PDFKit.PDFDocument;
  /** From the document to the innermost element that is open. */
  readonly #open: { type: string; element: PDFKit.PDFStructureElement }[];

  /** Throws when `pdf` is not made as a tagged one. */
  constructor(pdf: PDFKit.PDFDocument) {
    this.#pdf = pdf;
    const root = pdf.struct('Document');
    pdf.addStructure(root);
    this.#open = [{ type: 'Document', element: root }];
  }

  /** What `draw` draws, on however many sheets, belongs to one element within the open one. */
  within(type: GroupType | ContentType, draw: () => void, options: StructureOptions = {}): void {
    const element = this.#pdf.struct(type, options);
    // ISO 32000-1, 14.8.5.7: readers tell a cell's column by it.
    if (type === 'TH') dataOf(element)['A'] = { O: 'Table', Scope: 'Column' };
    this.#open.at(-1)?.element.add(element);
    this.#open.push({ type, element });
    try {
      draw();
    } finally {
      this.#open.pop();
      element.end();
    }
  }

  /** Draws what belongs to the open element; an ornament where that one holds no content itself. */
  content(draw: () => void): void {
    const { type, element } = this.#open.at(-1) as { type: string; element: PDFKit.PDFStructureElement };
    if (!contentTypes.has(type)) {
      this.ornament(draw);
      return;
    }
    const content = this.#pdf.markStructureContent(type);
    draw();
    this.#pdf.endMarkedContent();
    element.add(content);
  }

  /** Draws what has no meaning of its own: lines, panels, what stands on every sheet. */
  ornament(draw: () => void): void {
    this.#pdf.markContent('Artifact');
    draw();
    this.#pdf.endMarkedContent();
  }
}

const dataOf = (element: PDFKit.PDFStructureElement): Record<string, unknown> =>
  (element as unknown as { dictionary: { data: Record<string, unknown> } }).dictionary.data;
