import { open } from 'node:fs/promises';
import type { ImageSize } from './image-size.js';

const maxPages = 200;
const maxEntries = 1000;
const imageWidth = 256;
const imageLength = 257;
/** Field types of TIFF 6.0, section 2. */
const short = 3;
const long = 4;

/**
 * The sizes that the pages of a TIFF file announce, without decoding any; empty for what is no sound TIFF 6.0 file.
 * Directories are followed as the file chains them, at most 200.
 */
export async function tiffPages(path: string): Promise<ImageSize[]> {
  const file = await open(path, 'r');
  try {
    const read = async (position: number, length: number): Promise<Buffer> => {
      const bytes = Buffer.alloc(length);
      const { bytesRead } = await file.read(bytes, 0, length, position);
      if (bytesRead < length) throw new RangeError('The file ends early');
      return bytes;
    };
    const header = await read(0, 8);
    const order = header.toString('latin1', 0, 2);
    if (order !== 'II' && order !== 'MM') return [];
    const u16 = (bytes: Buffer, at: number): number =>
      order === 'II' ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
    const u32 = (bytes: Buffer, at: number): number =>
      order === 'II' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    if (u16(header, 2) !== 42) return [];

    const pages: ImageSize[] = [];
    const seen = new Set<number>();
    for (let position = u32(header, 4); position !== 0 && pages.length < maxPages;) {
      if (seen.has(position)) return [];
      seen.add(position);
      const count = u16(await read(position, 2), 0);
      if (count > maxEntries) return [];
      const directory = await read(position + 2, count * 12 + 4);
      const values = new Map<number, number>();
      for (let at = 0; at < count * 12; at += 12) {
        const type = u16(directory, at + 2);
        if (type === short) values.set(u16(directory, at), u16(directory, at + 8));
        if (type === long) values.set(u16(directory, at), u32(directory, at + 8));
      }
      const [widthPx, heightPx] = [values.get(imageWidth), values.get(imageLength)];
      if (!widthPx || !heightPx) return [];
      pages.push({ widthPx, heightPx });
      position = u32(directory, count * 12);
    }
    return pages;
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  } finally {
    await file.close();
  }
}
