import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { constants, copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { sayingNoSpace } from '../lib/disk-full.js';
import type { ContentStore } from './content-store.js';
import { keyAt, placeOf, placesBelow } from './storage-key.js';

/**
 * Keeps each key in a file of its own, where `placeOf` says. Files are 0600 and folders 0700. What writes rejects with
 * UNAVAILABLE (`files.no_space`) when the disk is full.
 */
export function diskStore(folder: string): ContentStore {
  const { put, putBytes, ...others } = uncheckedStore(folder);
  return {
    ...others,
    put: (source, key) => sayingNoSpace(put(source, key)),
    putBytes: (bytes, key) => sayingNoSpace(putBytes(bytes, key)),
  };
}

function uncheckedStore(folder: string): ContentStore {
  const root = resolve(folder);
  const pathOf = (key: string): string => join(root, placeOf(key));

  /** Makes `path` appear complete and durable: `write` fills a file beside it, which then takes the name. */
  async function install(path: string, write: (partialPath: string) => Promise<void>): Promise<void> {
    await makeFolder(dirname(path));
    // A leading dot can't be in a key, so what a crash leaves behind is never served.
    const partialPath = join(dirname(path), `.${randomUUID()}.part`);
    try {
      await write(partialPath);
      await flushFile(partialPath);
      await rename(partialPath, path);
    } catch (error) {
      await rm(partialPath, { force: true });
      throw error;
    }
    await flushFolder(dirname(path));
  }

  return {
    async put(sourcePath, key) {
      const path = pathOf(key);
      if (!(await fileExists(path))) {
        await makeFolder(dirname(path));
        await flushFile(sourcePath);
        try {
          await rename(sourcePath, path);
          await flushFolder(dirname(path));
          return;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
        }
        await install(path, (partialPath) => copyFile(sourcePath, partialPath, constants.COPYFILE_EXCL));
      }
      await rm(sourcePath, { force: true });
    },

    // Taking over is a rename.
    putAhead: async (_sourcePath, key) => void pathOf(key),

    async putBytes(bytes, key) {
      const path = pathOf(key);
      if (await fileExists(path)) return;
      await install(path, async (partialPath) => {
        const file = await open(partialPath, 'wx', 0o600);
        try {
          await file.writeFile(bytes);
        } finally {
          await file.close();
        }
      });
    },

    exists: async (key) => fileExists(pathOf(key)),
    size: async (key) => (await stat(pathOf(key))).size,
    read: (key, range) => createReadStream(pathOf(key), range ?? {}),
    bytes: async (key) => readFile(pathOf(key)),
    remove: async (key) => rm(pathOf(key), { force: true }),
    removeAll: async (prefix, { except } = {}) => {
      const kept = except === undefined ? undefined : pathOf(except);
      const paths = await pathsBelow(root, prefix);
      await Promise.all(paths.filter((path) => path !== kept).map((path) => rm(path, { force: true })));
    },
    keys: () => keysBelow(root),
    withLocalFile: async (key, use) => {
      const path = pathOf(key);
      await stat(path);
      return use(path);
    },
  };
}

/** Files of the keys that begin with `prefix`; only the shards that may hold them are looked at. */
async function pathsBelow(root: string, prefix: string): Promise<string[]> {
  const { kind, shard, start } = placesBelow(prefix);
  let folders = [join(root, kind)];
  for (const part of shard) folders = (await Promise.all(folders.map((folder) => entriesOf(folder, part)))).flat();
  return (await Promise.all(folders.map((folder) => entriesOf(folder, start)))).flat();
}

async function* keysBelow(root: string): AsyncGenerator<string> {
  const below = async (folder: string): Promise<string[]> => readdir(folder).catch(ignoreNoFolder);
  for (const kind of await below(root))
    for (const first of await below(join(root, kind)))
      for (const second of await below(join(root, kind, first)))
        for (const name of await below(join(root, kind, first, second))) {
          const key = keyAt(`${kind}/${first}/${second}/${name}`);
          if (key !== undefined) yield key;
        }
}

function ignoreNoFolder(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
  throw error;
}

async function entriesOf(folder: string, start: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => name.startsWith(start)).map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function fileExists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function flushFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.chmod(0o600);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is durable only once its folder is. */
async function flushFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the folder and the missing ones above it, each durable in the one that holds it. */
async function makeFolder(path: string): Promise<void> {
  const firstMade = await mkdir(path, { recursive: true, mode: 0o700 });
  if (firstMade === undefined) return;
  for (let made = path; made.length >= firstMade.length; made = dirname(made)) await flushFolder(dirname(made));
}
