import { statfs } from 'node:fs/promises';

/** What the file system of a folder has left for who is not root. */
export async function freeBytesAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
