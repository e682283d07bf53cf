/** A PDF that can be archived (PDF/A-3b, ISO 19005-3), to draw on. */
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

/** `createdAt` is what the document gives as its date of creation: the same input then gives the same bytes. */
export function openArchivePdf({ title, createdAt }: { title: string; createdAt: Date }): ArchivePdf {
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    pdfVersion: '1.7',
    subset: 'PDF/A-3b',
    lang: 'fr-FR',
    displayTitle: true,
    // None by default: one that is also registered would be read from its file again for every text.
    font: '',
    info: { Title: plainTitle(title), Creator: producer, Producer: producer, CreationDate: createdAt },
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

/** pdfkit writes the title into its XMP unescaped, so markup must not reach it. */
const plainTitle = (title: string): string => title.replace(/[^\p{L}\p{N} ./_—-]/gu, ' ');
