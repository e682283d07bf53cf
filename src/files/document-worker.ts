/**
 * The process in which foreign documents are opened; see `job-process.ts` for its other end. It may be killed at any
 * moment, so it holds nothing.
 *
 * Run from source, this file is loaded by Node itself, which strips types but resolves no `./x.js` to `./x.ts`: import
 * packages and `import type` only, and write no syntax that needs more than stripping (enums, decorators, parameter
 * properties).
 */
import { open, readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import { createCanvas, GlobalFonts, Image } from '@napi-rs/canvas';
import type { Canvas } from '@napi-rs/canvas';
import mammoth from 'mammoth';
import { createIsomorphicCanvasFactory, getDocumentProxy } from 'unpdf';
import type { DocumentJob, DocumentJobResults } from './document-jobs.js';
import type { JobAnswer } from './job-process.js';

type Handlers = {
  [Kind in keyof DocumentJobResults]: (job: DocumentJob & { kind: Kind }) => Promise<DocumentJobResults[Kind]>;
};
type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

/** Loaded whole into memory, so beyond this a document is refused. */
const maxFileSizeBytes = 200 * 1024 * 1024;
/** Of all entries of a docx together, unpacked. */
const maxUnpackedSizeBytes = 200 * 1024 * 1024;
/** A picture inside a PDF with more pixels is left out (A3 at 600 dpi has 70 million). */
const maxPdfImagePixels = 80_000_000;
/** The tallest preview, in widths: a till receipt fits, a page of 1 × 14400 points doesn't. */
const maxPreviewProportion = 4;
/** Of a page for recognition: what tesseract reads best, and A3 at that resolution. */
const pageDotsPerInch = 300;
const maxPagePx = 5000;

const handlers: Handlers = {
  text: async ({ path, contentType, maxCharacters }) => {
    switch (contentType) {
      case 'application/pdf':
        return withPdf(path, {}, async (pdf) => ({ text: await pdfText(pdf, maxCharacters), pageCount: pdf.numPages }));
      case 'application/vnd.openxmlformats-officedocument.wordprocessingml.document':
        return { text: clean(await docxText(path), maxCharacters), pageCount: null };
      default:
        return { text: clean(await plainText(path, maxCharacters), maxCharacters), pageCount: null };
    }
  },

  preview: async ({ path, contentType, widthPx, pageNumber }) => {
    switch (contentType) {
      case 'application/pdf':
        return pdfPreview(path, widthPx, pageNumber);
      case 'application/vnd.openxmlformats-officedocument.wordprocessingml.document':
        return textPreview(clean(await docxText(path), 10_000), widthPx);
      case 'text/plain':
        return textPreview(clean(await plainText(path, 10_000), 10_000), widthPx);
      default:
        return imagePreview(path, widthPx);
    }
  },

  attachment: async ({ path, names, maxBytes }) => withPdf(path, {}, (pdf) => attachmentOf(pdf, names, maxBytes)),

  page: async ({ path, contentType, pageNumber }) =>
    contentType === 'application/pdf' ? pdfPage(path, pageNumber) : imagePage(path),
};

async function pdfText(pdf: PdfDocument, maxCharacters: number): Promise<string> {
  let text = '';
  for (let number = 1; number <= pdf.numPages && text.length < maxCharacters; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    if (number > 1) text += '\n\n';
    for (const item of items) if ('str' in item) text += item.hasEOL ? `${item.str}\n` : item.str;
    page.cleanup();
  }
  return clean(text, maxCharacters);
}

async function attachmentOf(
  pdf: PdfDocument,
  names: readonly string[],
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const found = (await pdf.getAttachments()) as Record<string, { filename: string; content: Uint8Array }> | null;
  const attachments = Object.values(found ?? {});
  for (const name of names) {
    const content = attachments.find(({ filename }) => filename.toLowerCase() === name)?.content;
    if (content && content.byteLength > maxBytes) throw new Error('The attachment is too large');
    if (content) return content;
  }
  return undefined;
}

async function pdfPreview(path: string, widthPx: number, pageNumber: number): Promise<Uint8Array> {
  const { png } = await drawPdfPage(path, pageNumber, ({ width, height }) =>
    Math.min(widthPx / width, (widthPx * maxPreviewProportion) / height),
  );
  return png;
}

const pdfPage = (path: string, pageNumber: number): Promise<DocumentJobResults['page']> =>
  drawPdfPage(path, pageNumber, ({ width, height }) =>
    Math.min(pageDotsPerInch / 72, maxPagePx / Math.max(width, height)),
  );

async function drawPdfPage(
  path: string,
  pageNumber: number,
  scaleOf: (size: { width: number; height: number }) => number,
): Promise<DocumentJobResults['page']> {
  const CanvasFactory = await createIsomorphicCanvasFactory(() => import('@napi-rs/canvas'));
  return withPdf(path, { CanvasFactory }, async (pdf) => {
    const page = await pdf.getPage(pageNumber);
    const viewport = page.getViewport({ scale: scaleOf(page.getViewport({ scale: 1 })) });
    const canvas = createCanvas(Math.max(1, Math.round(viewport.width)), Math.max(1, Math.round(viewport.height)));
    await page.render({ canvas: canvas as never, canvasContext: canvas.getContext('2d') as never, viewport }).promise;
    return { png: await canvas.encode('png'), pageCount: pdf.numPages };
  });
}

/** Opens a PDF without running its scripts and without a word on the console. A needed password throws. */
async function withPdf<T>(path: string, options: object, use: (pdf: PdfDocument) => Promise<T>): Promise<T> {
  const bytes = new Uint8Array(await readBounded(path));
  const pdf = await getDocumentProxy(bytes, {
    verbosity: 0,
    maxImageSize: maxPdfImagePixels,
    stopAtErrors: false,
    ...options,
  });
  try {
    return await use(pdf);
  } finally {
    await pdf.destroy();
  }
}

async function docxText(path: string): Promise<string> {
  const buffer = await readBounded(path);
  assertUnpacksWithin(buffer, maxUnpackedSizeBytes);
  return (await mammoth.extractRawText({ buffer })).value;
}

/**
 * mammoth unpacks in memory that no heap limit covers, and an archive may lie about its sizes: unpack it once with a
 * limit on what really comes out. Archives of 4 GB and 65,535 entries (zip64) are refused.
 */
function assertUnpacksWithin(archive: Buffer, limitBytes: number): void {
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0) throw new Error('Not a zip archive');
  const entryCount = archive.readUInt16LE(end + 10);
  let position = archive.readUInt32LE(end + 16);
  let rest = limitBytes;
  for (let index = 0; index < entryCount; index += 1) {
    if (archive.readUInt32LE(position) !== 0x02014b50) throw new Error('Broken zip directory');
    const isDeflated = archive.readUInt16LE(position + 10) === 8;
    const packedSizeBytes = archive.readUInt32LE(position + 20);
    const localHeader = archive.readUInt32LE(position + 42);
    const start = localHeader + 30 + archive.readUInt16LE(localHeader + 26) + archive.readUInt16LE(localHeader + 28);
    const packed = archive.subarray(start, start + packedSizeBytes);
    if (packed.length > 0)
      rest -= isDeflated ? inflateRawSync(packed, { maxOutputLength: Math.max(1, rest) }).length : packed.length;
    if (rest <= 0) throw new Error('The archive unpacks to too much');
    position +=
      46 +
      archive.readUInt16LE(position + 28) +
      archive.readUInt16LE(position + 30) +
      archive.readUInt16LE(position + 32);
  }
}

async function plainText(path: string, maxCharacters: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    // No character takes more than four bytes; one that the limit cuts in two is dropped by `stream`.
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, maxCharacters * 4));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return new TextDecoder().decode(bytes.subarray(0, bytesRead), { stream: bytesRead < size });
  } finally {
    await file.close();
  }
}

/** What PostgreSQL can store and two spellings of one word can't tell apart: no NUL, no half surrogate, NFC. */
function clean(text: string, maxCharacters: number): string {
  return cut(cut(text, maxCharacters).replaceAll('\0', '').normalize('NFC'), maxCharacters).toWellFormed();
}

/** The first `length` UTF-16 units, without half a character at the end. */
function cut(text: string, length: number): string {
  const endsInPair = text.length > length && text.codePointAt(length - 1)! > 0xffff;
  return text.slice(0, endsInPair ? length - 1 : length);
}

async function readBounded(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    if ((await file.stat()).size > maxFileSizeBytes) throw new Error('The document is too large to open');
  } finally {
    await file.close();
  }
  return readFile(path);
}

async function openImage(path: string): Promise<Image> {
  const image = new Image();
  image.src = await readBounded(path);
  await image.decode();
  return image;
}

/** Drawn anew, on white: what comes out is a plain PNG whatever the file was made to be. */
async function imagePage(path: string): Promise<DocumentJobResults['page']> {
  const image = await openImage(path);
  const scale = Math.min(1, maxPagePx / Math.max(image.width, image.height, 1));
  const canvas = createCanvas(
    Math.max(1, Math.round(image.width * scale)),
    Math.max(1, Math.round(image.height * scale)),
  );
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return { png: await canvas.encode('png'), pageCount: 1 };
}

async function imagePreview(path: string, widthPx: number): Promise<Uint8Array | undefined> {
  const image = await openImage(path);
  if (!image.width || !image.height) return undefined;
  // Small pictures aren't blown up.
  const scale = Math.min(1, widthPx / image.width, (widthPx * maxPreviewProportion) / image.height);
  const canvas = createCanvas(
    Math.max(1, Math.round(image.width * scale)),
    Math.max(1, Math.round(image.height * scale)),
  );
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.encode('png');
}

/** The first lines on a white page of A4's proportions; undefined when there is no text, or no font to draw it with. */
async function textPreview(text: string, widthPx: number): Promise<Uint8Array | undefined> {
  if (!text.trim() || GlobalFonts.families.length === 0) return undefined;
  const canvas = createCanvas(widthPx, Math.round(widthPx * Math.SQRT2));
  const context = canvas.getContext('2d');
  const margin = widthPx / 12;
  const lineHeight = widthPx / 30;
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#222222';
  context.font = `${lineHeight * 0.7}px sans-serif`;
  let y = margin + lineHeight;
  for (const line of wrapped(text, canvas, canvas.width - 2 * margin)) {
    if (y > canvas.height - margin) break;
    context.fillText(line, margin, y);
    y += lineHeight;
  }
  return canvas.encode('png');
}

/** Breaks paragraphs at spaces; a word wider than the page runs over its edge. */
function* wrapped(text: string, canvas: Canvas, width: number): Generator<string> {
  const context = canvas.getContext('2d');
  for (const paragraph of text.split(/\r?\n/)) {
    let line = '';
    for (const word of paragraph.split(/\s+/)) {
      const longer = line ? `${line} ${word}` : word;
      if (line && context.measureText(longer).width > width) {
        yield line;
        line = word;
      } else {
        line = longer;
      }
    }
    yield line;
  }
}

// pdf.js gives up parts of a broken document in promises that nobody awaits; the job itself reports what matters.
process.on('unhandledRejection', () => {});

process.on('disconnect', () => process.exit());

process.on('message', (job: DocumentJob) => {
  const handle = handlers[job.kind] as (job: DocumentJob) => Promise<DocumentJobResults[keyof DocumentJobResults]>;
  handle(job).then(
    (result) => answer({ result }),
    () => answer({ failed: true }),
  );
});

function answer(message: JobAnswer<DocumentJobResults>): void {
  process.send!(message);
}
