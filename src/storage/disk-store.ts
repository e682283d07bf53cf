import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { constants, copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ContentStore } from './content-store.js';

/**
 * Keeps each key in a file of its own, `<folder>/<kind>/<ab>/<cd>/<name>` where `abcd` are the first four characters of
 * the name, so that no folder grows beyond what a file system lists quickly. Files are 0600 and folders 0700.
 */
export function diskStore(folder: string): ContentStore {
  const root = resolve(folder);
  const pathOf = (key: string): string => join(root, shardedPath(key));

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
    localPath: pathOf,
  };
}

/** Files of the keys that begin with `prefix`; only the shards that may hold them are looked at. */
async function pathsBelow(root: string, prefix: string): Promise<string[]> {
  const [, kind, start] = /^([a-z]+)\/([A-Za-z0-9_-][A-Za-z0-9._-]{0,199})$/.exec(prefix) ?? [];
  if (!kind || !start) throw new TypeError(`Not a prefix of storage keys: ${JSON.stringify(prefix)}`);
  const shard = start.slice(0, 4).replaceAll('.', '_');
  let folders = [join(root, kind)];
  for (const part of [shard.slice(0, 2), shard.slice(2)]) {
    folders = (await Promise.all(folders.map((folder) => entriesOf(folder, part)))).flat();
  }
  return (await Promise.all(folders.map((folder) => entriesOf(folder, start)))).flat();
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

function shardedPath(key: string): string {
  const [, kind, name] = /^([a-z]+)\/([A-Za-z0-9_-][A-Za-z0-9._-]{0,199})$/.exec(key) ?? [];
  if (!kind || !name) throw new TypeError(`Not a storage key: ${JSON.stringify(key)}`);
  // Dots would make a shard hidden or `..`; short names are filled up so that every file is at the same depth.
  const shard = name.slice(0, 4).replaceAll('.', '_').padEnd(4, '_');
  return join(kind, shard.slice(0, 2), shard.slice(2), name);
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
