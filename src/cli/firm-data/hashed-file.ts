import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

export interface HashedFile {
  write: (chunk: string | Uint8Array) => Promise<void>;
  /** Resolves when all of it is in the file. */
  close: () => Promise<{ sizeBytes: number; sha256: string }>;
}

/** A new file that knows its length and SHA-256 when it is done. */
export function hashedFile(path: string): HashedFile {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  const done = finished(file);
  // Told by whoever writes next, or at the end.
  done.catch(() => undefined);
  const hash = createHash('sha256');
  return {
    write: async (chunk) => {
      hash.update(chunk);
      if (!file.write(chunk)) await Promise.race([once(file, 'drain'), done]);
    },
    close: async () => {
      file.end();
      await done;
      return { sizeBytes: file.bytesWritten, sha256: hash.digest('hex') };
    },
  };
}
