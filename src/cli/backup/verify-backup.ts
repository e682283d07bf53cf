import { createHash } from 'node:crypto';
import { CliError } from '../exit-codes.js';
import { silentProgress, type Progress } from '../progress.js';
import { type ReadEntry, readArchive } from './archive.js';
import {
  fileEntry,
  jobsName,
  type Manifest,
  manifestHashName,
  manifestName,
  manifestShape,
  partEntry,
  secretsName,
} from './manifest.js';

/** The manifest is small beside what it lists. */
const longestManifest = 2 ** 30;

export interface VerifyOptions {
  passphrase: () => Promise<string>;
  progress?: Progress;
  signal?: AbortSignal;
}

/**
 * Reads a backup from one end to the other and compares every hash, and every file and part that there must be.
 * Resolves with what is in it; throws a CliError with the reason when it is not whole.
 */
export async function verifyBackup(
  path: string,
  { passphrase, progress = silentProgress, signal }: VerifyOptions,
): Promise<Manifest> {
  const seen = new Map<string, string>();
  let text: Buffer | undefined;
  progress.stage('Checking', { unit: 'bytes' });
  for await (const entry of readArchive(path, passphrase)) {
    signal?.throwIfAborted();
    const isManifest = entry.name === manifestName;
    const kept: Buffer[] = [];
    seen.set(
      entry.name,
      await hashOf(entry, (chunk) => {
        progress.advance(chunk.length);
        if (isManifest || entry.name === manifestHashName) kept.push(chunk);
      }),
    );
    if (isManifest && entry.sizeBytes <= longestManifest) text = Buffer.concat(kept);
    if (entry.name === manifestHashName && Buffer.concat(kept).toString() !== seen.get(manifestName))
      throw broken(path, 'its list of contents was changed');
  }
  progress.done();
  if (!text || !seen.has(manifestHashName)) throw broken(path, 'it is cut short: its list of contents is missing');
  const manifest = readManifest(path, text);
  for (const [name, expected] of expectedEntries(manifest)) {
    const actual = seen.get(name);
    if (actual === undefined) throw broken(path, `${name} is missing in it`);
    if (expected !== undefined && actual !== expected) throw broken(path, `${name} in it was changed`);
  }
  return manifest;
}

async function hashOf({ content }: ReadEntry, look: (chunk: Buffer) => void): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) {
    hash.update(chunk);
    look(chunk);
  }
  return hash.digest('hex');
}

function readManifest(path: string, text: Buffer): Manifest {
  const json: unknown = JSON.parse(text.toString());
  const format = (json as { format?: unknown } | null)?.format;
  if (format !== 1) throw broken(path, `it is of format ${String(format)}, written by a newer version`);
  const { data, error } = manifestShape.safeParse(json);
  if (!data) throw broken(path, `its list of contents cannot be read (${error.issues[0]?.path.join('.')})`);
  return data;
}

function* expectedEntries(manifest: Manifest): Generator<[string, string | undefined]> {
  for (const { key, sha256 } of manifest.files) yield [fileEntry(key), sha256];
  for (const { name, parts } of manifest.tables)
    for (const [part, sha256] of parts.entries()) yield [partEntry(name, part), sha256];
  yield [jobsName, manifest.jobs.sha256];
  if (manifest.hasSecrets) yield [secretsName, undefined];
}

export const broken = (path: string, reason: string): CliError => new CliError(`${path} cannot be used: ${reason}`);
