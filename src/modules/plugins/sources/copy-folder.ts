import { constants } from 'node:fs';
import { mkdir, open, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isWithin } from './plugin-source.js';
import { PackageMeter, packageBounds, SourceProblem } from './source-problem.js';

/**
 * The path without links, if it is within an allowed folder that way too. Throws SourceProblem.
 */
export async function allowedPath(path: string, allowed: readonly string[]): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) throw new SourceProblem('it is not there, or cannot be read');
  const folders = await Promise.all(
    allowed.filter((entry) => entry.startsWith('/')).map((entry) => realpath(entry).catch(() => undefined)),
  );
  if (!folders.some((folder) => folder !== undefined && isWithin(real, folder)))
    throw new SourceProblem('it leads out of the allowed folders');
  return real;
}

/** Copies the files of a folder, `.git` aside. Throws SourceProblem for links and what is no file, and past bounds. */
export async function copyFolder(from: string, to: string, signal: AbortSignal): Promise<void> {
  const meter = new PackageMeter();
  const copyBelow = async (below: string): Promise<void> => {
    const entries = await readdir(join(from, below), { withFileTypes: true }).catch(() => {
      throw new SourceProblem('it is no folder, or cannot be read');
    });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      signal.throwIfAborted();
      const path = below ? `${below}/${entry.name}` : entry.name;
      if (path === '.git') continue;
      if (entry.isDirectory()) await copyBelow(path);
      else if (entry.isFile()) await copyFile(path);
      else throw new SourceProblem(`${path} is a link, or no file`);
    }
  };
  const copyFile = async (path: string): Promise<void> => {
    // A file that was replaced by a link meanwhile does not open.
    const file = await open(join(from, path), constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => {
      throw new SourceProblem(`${path} is a link, or cannot be read`);
    });
    try {
      const { size } = await file.stat();
      meter.add(path, size);
      const bytes = Buffer.alloc(size);
      const { bytesRead } = await file.read(bytes, 0, size, 0);
      await writeFileBelow(to, path, bytes.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  };
  await copyBelow('');
}

/** Writes a new file; its path has been checked. */
export async function writeFileBelow(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  const place = join(folder, path);
  await mkdir(dirname(place), { recursive: true, mode: 0o700 });
  const file = await open(place, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
}

/** A file of the server that is allowed, if it is no larger than a package may be. Throws SourceProblem. */
export async function checkArchive(path: string): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => {
    throw new SourceProblem('it is not there, or cannot be read');
  });
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw new SourceProblem('it is no file');
    if (facts.size > packageBounds.packedBytes) throw new SourceProblem('it is too large');
  } finally {
    await file.close();
  }
}
