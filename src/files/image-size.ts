import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

export interface ImageSize {
  widthPx: number;
  heightPx: number;
}

/** More segments than any camera writes before the frame header; the bound is against files made to waste time. */
const maxJpegSegments = 1000;

/**
 * The size that an image's header announces, without decoding it; undefined when it isn't a PNG, JPEG, GIF or WebP. A
 * few hundred kilobytes of zeros can announce gigabytes of pixels, so this is asked before a decoder sees the file.
 */
export async function imageSize(path: string): Promise<ImageSize | undefined> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(30);
    await file.read(head, 0, head.length, 0);
    return pngSize(head) ?? gifSize(head) ?? webpSize(head) ?? (await jpegSize(file, head));
  } finally {
    await file.close();
  }
}

function pngSize(head: Buffer): ImageSize | undefined {
  if (head.toString('latin1', 1, 4) !== 'PNG') return undefined;
  return { widthPx: head.readUInt32BE(16), heightPx: head.readUInt32BE(20) };
}

function gifSize(head: Buffer): ImageSize | undefined {
  if (head.toString('latin1', 0, 4) !== 'GIF8') return undefined;
  return { widthPx: head.readUInt16LE(6), heightPx: head.readUInt16LE(8) };
}

/** RFC 9649: lossy (`VP8 `), lossless (`VP8L`, 14 bits each, less one) or extended (`VP8X`, 24 bits each, less one). */
function webpSize(head: Buffer): ImageSize | undefined {
  if (head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WEBP') return undefined;
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { widthPx: head.readUInt16LE(26) & 0x3fff, heightPx: head.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = head.readUInt32LE(21);
      return { widthPx: (bits & 0x3fff) + 1, heightPx: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { widthPx: head.readUIntLE(24, 3) + 1, heightPx: head.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}

/** Hops from segment to segment to the frame header (SOF0 to SOF15 without the three that are something else). */
async function jpegSize(file: FileHandle, head: Buffer): Promise<ImageSize | undefined> {
  if (head.readUInt16BE(0) !== 0xffd8) return undefined;
  const segment = Buffer.alloc(9);
  let position = 2;
  for (let count = 0; count < maxJpegSegments; count += 1) {
    const { bytesRead } = await file.read(segment, 0, segment.length, position);
    if (bytesRead < segment.length || segment[0] !== 0xff) return undefined;
    const marker = segment[1]!;
    if (marker === 0xff) {
      position += 1; // a fill byte
    } else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { widthPx: segment.readUInt16BE(7), heightPx: segment.readUInt16BE(5) };
    } else {
      position += 2 + segment.readUInt16BE(2);
    }
  }
  return undefined;
}
