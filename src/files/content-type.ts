import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import { compoundFileEntries } from './compound-file.js';

const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** What K-Docs takes in, with the extension that we give each; anything else is refused whatever its name says. */
const extensions = {
  'application/pdf': 'pdf',
  'text/plain': 'txt',
  [docx]: 'docx',
  'application/msword': 'doc',
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/rtf': 'rtf',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/tiff': 'tiff',
  'image/webp': 'webp',
  'image/gif': 'gif',
} as const;

export type AcceptedDocumentType = keyof typeof extensions;

export const acceptedDocumentTypes = Object.keys(extensions) as readonly AcceptedDocumentType[];

/** Without the dot; undefined for a type that isn't accepted. */
export function extensionOf(contentType: string): string | undefined {
  return Object.hasOwn(extensions, contentType) ? extensions[contentType as AcceptedDocumentType] : undefined;
}

/**
 * The media type by content alone; the name plays no part. A type outside `acceptedDocumentTypes` (an executable, an
 * archive) is given as it is, for the caller to refuse; undefined means empty or unknown. CSV, HTML, Markdown and XML
 * are `text/plain`: nothing in the bytes of most tells them apart surely, and plain text can't run in a browser.
 */
export async function detectContentType(path: string): Promise<string | undefined> {
  const detected = (await fileTypeFromFile(path))?.mime;
  switch (detected) {
    case undefined:
      if (await isPdf(path)) return 'application/pdf';
      return (await isPlainText(path)) ? 'text/plain' : undefined;
    case 'application/xml':
    case 'image/bmp':
    case 'image/gif':
      // The signatures of these two are letters that words begin with as well: "BMW", "GIFI".
      return (await isPlainText(path)) ? 'text/plain' : detected;
    case 'image/apng':
      return 'image/png';
    case 'application/x-cfb':
      // Also Excel, PowerPoint, Outlook and installers; only a Word document has this stream at its root.
      return (await compoundFileEntries(path)).includes('WordDocument') ? 'application/msword' : undefined;
    default:
      return detected;
  }
}

/** Readers look for the header of a PDF this far: programs put line ends, or what they said before, in front of it. */
const pdfHeaderWithin = 1024;

/** Whether a PDF begins somewhere within the first bytes, and ends as one does: texts may well speak of `%PDF-`. */
async function isPdf(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const read = async (position: number): Promise<string> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(pdfHeaderWithin), 0, pdfHeaderWithin, position);
      return buffer.toString('latin1', 0, bytesRead);
    };
    return /%PDF-\d/.test(await read(0)) && (await read(Math.max(0, size - pdfHeaderWithin))).includes('%%EOF');
  } finally {
    await file.close();
  }
}

/** Valid UTF-8 from end to end, not empty, without control characters other than white space. */
export async function isPlainText(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isEmpty = true;
  try {
    for await (const chunk of createReadStream(path)) {
      isEmpty = false;
      if (hasControlCharacter(decoder.decode(chunk as Buffer, { stream: true }))) return false;
    }
    decoder.decode();
  } catch (error) {
    // Node's TextDecoder throws a TypeError for bytes that aren't UTF-8; a file that can't be read is another matter.
    if (error instanceof TypeError) return false;
    throw error;
  }
  return !isEmpty;
}

function hasControlCharacter(text: string): boolean {
  // Tab, line feed, form feed, carriage return and next line are white space.
  return /[^\P{Cc}\t\n\f\r\u0085]/u.test(text);
}
