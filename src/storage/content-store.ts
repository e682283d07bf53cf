import type { Readable } from 'node:stream';

/**
 * Where the bytes of files live. A key (`documents/3f2a…`, `previews/3f2a….png`) is `<kind>/<name>`: a kind of
 * lower-case letters and a name of letters, digits, `.`, `_` and `-` that doesn't begin with a dot. Anything else
 * throws a `TypeError`, before the store is touched.
 *
 * A key is written once: its content never changes, so writing an existing key is success and keeps what is there. That
 * makes every write repeatable after a crash, and it is why names are hashes or ids.
 */
export interface ContentStore {
  /**
   * Takes over a spooled file: after it the source is gone and the content is durable (it survives a power cut) or,
   * when the promise rejects, the key is as it was. Succeeds as well when the key exists already, with or without the
   * source.
   */
  put(sourcePath: string, key: string): Promise<void>;
  /** Like `put`, for content that is small and in memory. */
  putBytes(bytes: Uint8Array, key: string): Promise<void>;
  exists(key: string): Promise<boolean>;
  /** In bytes; rejects when the key is absent. */
  size(key: string): Promise<number>;
  /** `range` counts bytes from 0, both ends included, as HTTP does. An absent key is an `error` event of the stream. */
  read(key: string, range?: ByteRange): Readable;
  /** The whole content; rejects when the key is absent. */
  bytes(key: string): Promise<Buffer>;
  /** Removing an absent key is success. */
  remove(key: string): Promise<void>;
  /** Removes every key that begins with `prefix` (a kind, a slash and the beginning of a name) but `except`. */
  removeAll(prefix: string, options?: { except?: string }): Promise<void>;
  /** Where programs that need a path can read the content; undefined for a store that isn't on this machine's disk. */
  localPath(key: string): string | undefined;
}

export interface ByteRange {
  start: number;
  /** Inclusive. */
  end: number;
}
