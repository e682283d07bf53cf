import iconv from 'iconv-lite';

/** What `decodeText` takes as a name, with the spelling of the encoding that is answered. */
const encodings: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  'windows-1252': 'windows-1252',
  cp1252: 'windows-1252',
  'us-ascii': 'windows-1252',
  'iso-8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'iso-8859-15': 'iso-8859-15',
  macintosh: 'macintosh',
  cp850: 'cp850',
};

export const encodingNamed = (name: string): string | undefined => encodings[name.trim().toLowerCase()];

export interface DecodedText {
  text: string;
  encoding: string;
}

/**
 * A file's text without its byte order mark. The mark decides; then `encoding` when given; then whether the bytes look
 * like UTF-16 or are UTF-8; then `otherwise`, what a file says of itself, which is wrong too often to come first.
 */
export function decodeText(
  bytes: Uint8Array,
  { encoding, otherwise = 'windows-1252' }: { encoding?: string | undefined; otherwise?: string | undefined } = {},
): DecodedText {
  const chosen = markOf(bytes) ?? encoding ?? wideEncodingOf(bytes) ?? (isUtf8(bytes) ? 'utf-8' : otherwise);
  return {
    text: iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), chosen),
    encoding: chosen,
  };
}

function markOf([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return undefined;
}

/** Without a mark: every other byte of the beginning is zero, as for the letters of these files. */
function wideEncodingOf(bytes: Uint8Array): string | undefined {
  const length = Math.min(bytes.length, 1024) & ~1;
  const zeros = [0, 0] as [number, number];
  for (let index = 0; index < length; index += 1) if (bytes[index] === 0) zeros[(index & 1) as 0 | 1] += 1;
  if (length < 4 || Math.abs(zeros[0] - zeros[1]) < length * 0.4) return undefined;
  return zeros[1] > zeros[0] ? 'utf-16le' : 'utf-16be';
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
