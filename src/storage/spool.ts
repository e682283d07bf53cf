import { createHash, hash as hashOf, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isDiskFull, noSpace, sayingNoSpace } from '../lib/disk-full.js';
import { DomainError } from '../lib/errors.js';
import { isProcessAlive, markOf } from '../lib/process-mark.js';
import { freeBytesAt } from './disk-space.js';

/** A received file that nothing refers to yet. It is handed to `ContentStore.put`, or discarded. */
export interface SpooledFile {
  path: string;
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
  /** Removes the file; also fine after the store has taken it over. */
  discard(): Promise<void>;
}

/** Of what one request may bring: at every door. */
export const uploadLimits = { files: 20, fileBytes: 50 * 1024 * 1024 } as const;

export interface SpoolOptions {
  /** Made when absent. Best on the same device as the store, so that taking over is a rename. */
  folder: string;
  /** The largest accepted size, inclusive. */
  limitBytes: number;
  /** Nothing is received while less than this is free on the disk, so that the database has room. Default 0. */
  minFreeBytes?: number | undefined;
}

const suffix = '.spooled';

/** What the names of a process's spooled files begin with: its number, when it started, and where that holds. */
export function spoolOwner(pid = process.pid): string {
  const { started, where } = markOf(pid);
  return `${pid}-${started}-${hashOf('sha256', where).slice(0, 16)}`;
}

/** Whether the process that wrote the file has died; false as well when nobody can tell. */
function isOrphan(name: string): boolean {
  const [, pid, started = '', place] = /^(\d+)-(\d*)-([0-9a-f]{16})\./.exec(name) ?? [];
  const { where } = markOf(process.pid);
  if (pid === undefined || place !== hashOf('sha256', where).slice(0, 16)) return false;
  return isProcessAlive({ pid: Number(pid), started, where }) === false;
}

/**
 * Writes a stream to a new file, hashing on the way; memory use doesn't depend on the size. Whatever goes wrong, no
 * file is left: a stream longer than the limit rejects with PAYLOAD_TOO_LARGE (and is destroyed), an aborted or broken
 * one with its own error. Rejects with UNAVAILABLE (`files.no_space`) when the disk is full, or nearly.
 */
export async function spool(
  stream: Readable,
  { folder, limitBytes, minFreeBytes = 0 }: SpoolOptions,
): Promise<SpooledFile> {
  await sayingNoSpace(mkdir(folder, { recursive: true, mode: 0o700 }));
  if (minFreeBytes > 0 && (await freeBytesAt(folder)) < minFreeBytes) throw noSpace();
  const path = join(folder, `${spoolOwner()}.${randomUUID()}${suffix}`);
  const discard = (): Promise<void> => rm(path, { force: true });
  const hash = createHash('sha256');
  let sizeBytes = 0;

  async function* measure(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      sizeBytes += bytes.length;
      if (sizeBytes > limitBytes) {
        throw new DomainError('PAYLOAD_TOO_LARGE', `The file is larger than ${limitBytes} bytes`, {
          details: { limitBytes },
        });
      }
      hash.update(bytes);
      yield bytes;
    }
  }

  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  try {
    await pipeline(stream, measure, file);
  } catch (error) {
    // It may still be about to be opened, which would make it anew.
    if (!file.closed) await new Promise<void>((resolve) => file.once('close', () => resolve()));
    await discard();
    throw isDiskFull(error) ? noSpace() : error;
  }
  return { path, sizeBytes, sha256: hash.digest('hex'), discard };
}

/**
 * Removes the spooled files that a crash left behind: those of processes that have died, and those last written more
 * than `olderThanMs` ago. Younger ones may belong to a process elsewhere that shares the folder. Other files in the
 * folder stay. Gives the number removed.
 */
export async function sweepSpool(folder: string, olderThanMs: number): Promise<number> {
  const names = await readdir(folder).catch(ignoreAbsence([]));
  const before = Date.now() - olderThanMs;
  let removed = 0;
  for (const name of names.filter((name) => name.endsWith(suffix))) {
    const path = join(folder, name);
    const modifiedMs = await stat(path).then((stats) => stats.mtimeMs, ignoreAbsence(Infinity));
    if (modifiedMs > before && !isOrphan(name)) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

const ignoreAbsence =
  <T>(instead: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code !== 'ENOENT') throw error;
    return instead;
  };
