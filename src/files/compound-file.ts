import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/**
 * Reads the root folder of an OLE compound file (.doc, .xls, .ppt, .msi, .msg), by [MS-CFB].
 *
 * - **sector**: a block of 512 or 4096 bytes; number 0 follows the header's block.
 * - **FAT**: for each sector the next one of its chain. Its own sectors are listed in the header (first 109; files over
 *   7 MB list more elsewhere, which we don't follow: their folder has then to lie in the first 7 MB, as writers do).
 * - **directory**: a chain of 128-byte entries; the entries of one storage form a binary tree by left, right and child.
 */
const headerSizeBytes = 512;
const entrySizeBytes = 128;
/** A Word file has some dozens of entries; the bound is against circular chains. */
const maxDirectorySectors = 256;
const noStream = 0xffffffff;

/** Names of the streams and storages directly under the root; empty when the file isn't a readable compound file. */
export async function compoundFileEntries(path: string): Promise<string[]> {
  const file = await open(path, 'r');
  try {
    return namesUnderRoot(await readDirectory(file));
  } catch {
    return [];
  } finally {
    await file.close();
  }
}

async function readDirectory(file: FileHandle): Promise<Buffer> {
  const header = await readAt(file, 0, headerSizeBytes);
  const sectorShift = header.readUInt16LE(30);
  if (sectorShift !== 9 && sectorShift !== 12) return Buffer.alloc(0);
  const sectorSizeBytes = 2 ** sectorShift;
  const offsetOf = (sector: number): number => (sector + 1) * sectorSizeBytes;

  const nextSector = async (sector: number): Promise<number> => {
    const entriesPerSector = sectorSizeBytes / 4;
    const fatSector = header.readUInt32LE(76 + 4 * Math.floor(sector / entriesPerSector));
    return (await readAt(file, offsetOf(fatSector) + 4 * (sector % entriesPerSector), 4)).readUInt32LE();
  };

  const sectors: Buffer[] = [];
  // 0xfffffffa and above are marks (end of chain, free), not sectors.
  for (let sector = header.readUInt32LE(48); sector < 0xfffffffa; sector = await nextSector(sector)) {
    if (sectors.length === maxDirectorySectors) break;
    sectors.push(await readAt(file, offsetOf(sector), sectorSizeBytes));
  }
  return Buffer.concat(sectors);
}

function namesUnderRoot(directory: Buffer): string[] {
  const names: string[] = [];
  const seen = new Set<number>([noStream]);
  const waiting = directory.length ? [directory.readUInt32LE(76)] : [];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const entry = directory.subarray(id * entrySizeBytes, (id + 1) * entrySizeBytes);
    if (seen.has(id) || entry.length < entrySizeBytes) continue;
    seen.add(id);
    const nameSizeBytes = Math.min(entry.readUInt16LE(64), 64);
    names.push(entry.toString('utf16le', 0, Math.max(0, nameSizeBytes - 2)));
    waiting.push(entry.readUInt32LE(68), entry.readUInt32LE(72));
  }
  return names;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new RangeError('The compound file ends early');
  return buffer;
}
