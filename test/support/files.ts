import { once } from 'node:events';
import { crc32, deflateSync } from 'node:zlib';
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { strToU8, zipSync } from 'fflate';
import PDFDocument from 'pdfkit';

/** A real one-column PDF in Helvetica (so: Latin characters), going on to further A4 pages as the lines need. */
export async function makePdf(lines: readonly string[], options: PDFKit.PDFDocumentOptions = {}): Promise<Buffer> {
  const document = new PDFDocument({ size: 'A4', ...options });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(document, 'end');
  for (const line of lines) document.text(line);
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

/** A minimal Word document with one paragraph for each text. */
export function makeDocx(paragraphs: readonly string[]): Buffer {
  const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const body = paragraphs
    .map((text) => `<w:p><w:r><w:t xml:space="preserve">${escaped(text)}</w:t></w:r></w:p>`)
    .join('');
  const xml = (content: string): Uint8Array =>
    strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${content}`);
  return Buffer.from(
    zipSync({
      '[Content_Types].xml': xml(
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
          '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
          '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>' +
          '</Types>',
      ),
      '_rels/.rels': xml(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' +
          '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>' +
          '</Relationships>',
      ),
      'word/document.xml': xml(
        `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
      ),
    }),
  );
}

/** A page as a scanner sees it: black text on white, nothing but pixels. */
function drawPage(lines: readonly string[]): Canvas {
  const canvas = createCanvas(1200, 150 + lines.length * 100);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = 'black';
  context.font = '48px "DejaVu Sans", sans-serif';
  lines.forEach((line, index) => context.fillText(line, 60, 120 + index * 100));
  return canvas;
}

/** A picture of text. */
export const makePicture = (lines: readonly string[], type: 'image/png' | 'image/jpeg' = 'image/png'): Buffer =>
  type === 'image/png' ? drawPage(lines).toBuffer('image/png') : drawPage(lines).toBuffer('image/jpeg');

/** A PDF of pictures, as scanners make them: it has no text. */
export async function makeScan(pages: readonly (readonly string[])[]): Promise<Buffer> {
  const document = new PDFDocument({ autoFirstPage: false });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(document, 'end');
  for (const lines of pages)
    document.addPage({ size: 'A4', margin: 0 }).image(makePicture(lines, 'image/jpeg'), 0, 0, { width: 595 });
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

/** An uncompressed grey TIFF with a page for each text. */
export function makeTiff(pages: readonly (readonly string[])[]): Buffer {
  const header = Buffer.from('49492a0008000000', 'hex');
  const parts = [header];
  let position = header.length;
  pages.forEach((lines, index) => {
    const canvas = drawPage(lines);
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const grey = Buffer.from(data.filter((_, at) => at % 4 === 0));
    const entries = [
      [256, canvas.width],
      [257, canvas.height],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, 0],
      [277, 1],
      [278, canvas.height],
      [279, grey.length],
    ];
    const directory = Buffer.alloc(2 + entries.length * 12 + 4);
    const end = position + directory.length + grey.length;
    directory.writeUInt16LE(entries.length, 0);
    entries.forEach(([tag = 0, value = 0], entry) => {
      const at = 2 + entry * 12;
      directory.writeUInt16LE(tag, at);
      directory.writeUInt16LE(4, at + 2);
      directory.writeUInt32LE(1, at + 4);
      directory.writeUInt32LE(tag === 273 ? position + directory.length : value, at + 8);
    });
    directory.writeUInt32LE(index + 1 < pages.length ? end : 0, directory.length - 4);
    parts.push(directory, grey);
    position = end;
  });
  return Buffer.concat(parts);
}

/** A valid PNG, all of one grey; also one whose header lies when `announced` differs from what is in it. */
export function makePng({
  widthPx = 8,
  heightPx = 8,
  grey = 128,
  announced = { widthPx, heightPx },
}: {
  widthPx?: number;
  heightPx?: number;
  grey?: number;
  announced?: { widthPx: number; heightPx: number };
} = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(announced.widthPx, 0);
  header.writeUInt32BE(announced.heightPx, 4);
  header[8] = 8; // bits a sample; colour type 0 is grey
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(widthPx, grey)]);
  const rows = Buffer.concat(Array.from({ length: heightPx }, () => row));
  const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, content: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + content.length);
  chunk.writeUInt32BE(content.length, 0);
  chunk.write(type, 4, 'latin1');
  content.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + content.length)), 8 + content.length);
  return chunk;
}
