import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SqlClient } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { ContentStore } from '../../../storage/content-store.js';
import { packageBounds } from '../sources/source-problem.js';
import { unpackArchive } from '../sources/unpack-archive.js';

/** A package as it is kept, in a file that `put` takes over. */
export interface PackedPackage {
  path: string;
  /** SHA-256 in hex. */
  hash: string;
  sizeBytes: number;
}

export const packageKey = (hash: string): string => `plugins/${hash}.tgz`;

/** Selects every package that a version refers to, for backups: `packageKey` in SQL. */
export const packageFilesSql =
  "select distinct 'plugins/' || package_hash || '.tgz' as key, package_hash as sha256 from plugin_versions";

/** Packs a checked folder into `file`; the same files make the same bytes. */
export async function packFolder(folder: string, file: string): Promise<PackedPackage> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
  // In a folder, so that none of them can be taken for something else by its name.
  const { create } = await import('tar');
  await create(
    { cwd: folder, file, gzip: true, portable: true, noMtime: true, prefix: 'package' },
    files.map((path) => `./${path}`),
  );
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return { path: file, hash: hash.digest('hex'), sizeBytes: (await stat(file)).size };
}

export interface PackagePlace {
  id: string;
  hash: string;
}

const folderOf = (dataDir: string, { id, hash }: PackagePlace): string => join(dataDir, 'plugins', id, hash);

/**
 * The folder with an unpacked package, below DATA_DIR; made from the content store when it is not there. It is made
 * whole and then given its name, so that it is never seen in part.
 */
export async function openPackage(
  { store, dataDir }: { store: ContentStore; dataDir: string },
  place: PackagePlace,
): Promise<string> {
  const folder = folderOf(dataDir, place);
  if (await stat(folder).catch(() => undefined)) return folder;
  const making = join(dataDir, 'plugins', place.id, `making-${randomUUID()}`);
  await mkdir(making, { recursive: true, mode: 0o700 });
  try {
    await store.withLocalFile(packageKey(place.hash), (file) =>
      unpackArchive(file, making, AbortSignal.timeout(packageBounds.ms)),
    );
    await rename(making, folder).catch(async (error: unknown) => {
      // Somebody else was faster.
      if (!(await stat(folder).catch(() => undefined))) throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return folder;
}

const work = '.work';
/** Where packages are fetched to, below DATA_DIR. */
export const workFolderOf = (dataDir: string): string => join(dataDir, 'plugins', work);

/** An hour: nobody is about to use it, and who made it is done or dead. */
const isOld = async (path: string): Promise<boolean> => {
  const facts = await stat(path).catch(() => undefined);
  return facts !== undefined && facts.mtimeMs < Date.now() - 3_600_000;
};

async function sweepWork(top: string): Promise<void> {
  for (const name of await readdir(join(top, work)).catch(() => []))
    if (await isOld(join(top, work, name))) await rm(join(top, work, name), { recursive: true, force: true });
}

/** Removes the folders of packages that this process serves no more. Those of others are made again when needed. */
export async function sweepPackageFolders(dataDir: string, kept: readonly PackagePlace[]): Promise<void> {
  const keep = new Set(kept.map((place) => folderOf(dataDir, place)));
  const top = join(dataDir, 'plugins');
  await sweepWork(top);
  for (const id of await readdir(top).catch(() => [])) {
    if (id === work) continue;
    const names = await readdir(join(top, id)).catch(() => []);
    for (const name of names)
      if (!keep.has(join(top, id, name)) && (await isOld(join(top, id, name))))
        await rm(join(top, id, name), { recursive: true, force: true });
    // Only when it is empty.
    await rmdir(join(top, id)).catch(() => undefined);
  }
}

/** Removes packages from the content store that no version refers to. Who installs waits for it meanwhile. */
export async function sweepPackages(db: SqlClient, store: ContentStore, hashes: readonly string[]): Promise<void> {
  if (!hashes.length) return;
  await db.transaction(async (tx) => {
    await tx.send(sql`select revision from plugin_revision for no key update`);
    const used = await tx.all<{ hash: string }>(
      sql`select distinct package_hash as hash from plugin_versions where package_hash = any(${hashes}::text[])`,
    );
    const isUsed = new Set(used.map(({ hash }) => hash));
    for (const hash of hashes) if (!isUsed.has(hash)) await store.remove(packageKey(hash));
  });
}
