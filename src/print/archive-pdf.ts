/** A PDF that can be archived (PDF/A-3, ISO 19005-3), to draw on. */
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';

const { resolve } = createRequire(import.meta.url);
/** PDF/A demands embedded fonts. IBM Plex Sans: Latin, Greek and Cyrillic, figures of equal width, SIL OFL 1.1. */
const fontFiles = {
  regular: resolve('@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf'),
  bold: resolve('@expo-google-fonts/ibm-plex-sans/600SemiBold/IBMPlexSans_600SemiBold.ttf'),
};

const producer = 'Passerelle';

export interface ArchivePdf {
  /** Without a page; the fonts are registered as `regular` and `bold`. */
  pdf: PDFKit.PDFDocument;
  /** Ends the document. Resolves with its bytes. */
  finish: () => Promise<Buffer>;
}

export interface ArchivePdfOptions {
  title: string;
  author?: string;
  /** What the document gives as its date of creation: the same input then gives the same bytes. */
  createdAt: Date;
  /** True: level A, for which all that is drawn must be drawn within a `Structure`. Default: level B. */
  isTagged?: boolean;
  /** What tells it from others with the same content. */
  edition?: string;
}

export function openArchivePdf({ title, author, createdAt, isTagged = false, edition }: ArchivePdfOptions): ArchivePdf {
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    pdfVersion: '1.7',
    subset: isTagged ? 'PDF/A-3a' : 'PDF/A-3b',
    tagged: isTagged,
    lang: 'fr-FR',
    displayTitle: true,
    // None by default: one that is also registered would be read from its file again for every text.
    font: '',
    info: {
      Title: plainTitle(title),
      ...(author && { Author: plainTitle(author) }),
      Creator: producer,
      Producer: producer,
      CreationDate: createdAt,
      ...(edition && { Edition: edition }),
    },
  });
  const chunks: Buffer[] = [];
  const finished = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
  pdf.registerFont('regular', fontFiles.regular);
  pdf.registerFont('bold', fontFiles.bold);
  return {
    pdf,
    finish: () => {
      pdf.end();
      return finished;
    },
  };
}

/** pdfkit writes these into its XMP unescaped, so markup must not reach it. */
const plainTitle = (title: string): string => title.replace(/[^\p{L}\p{N} ./_—-]/gu, ' ');
