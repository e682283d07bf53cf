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
  /**
   * Does what may take long of a `put` that follows, so that a transaction that puts holds its locks briefly. The
   * source stays. Somebody may remove the key in between; the `put` then does it all. When none follows, the key is to
   * be removed like every one that nobody refers to.
   */
  putAhead(sourcePath: string, key: string): Promise<void>;
  /** Like `put`, for content that is small and in memory. */
  putBytes(bytes: Uint8Array, key: string): Promise<void>;
  exists(key: string): Promise<boolean>;
  /** In bytes; rejects with the code `ENOENT` when the key is absent, as do all that follow. */
  size(key: string): Promise<number>;
  /**
   * `range` counts bytes from 0, both ends included, as HTTP does. What goes wrong, an absent key too, is an `error`
   * event of the stream: it never just ends early.
   */
  read(key: string, range?: ByteRange): Readable;
  /** The whole content. */
  bytes(key: string): Promise<Buffer>;
  /** Removing an absent key is success. */
  remove(key: string): Promise<void>;
  /** Removes every key that begins with `prefix` (a kind, a slash and the beginning of a name) but `except`. */
  removeAll(prefix: string, options?: { except?: string }): Promise<void>;
  /** Every key that there is, in no order; what comes and goes meanwhile may be among them or not. */
  keys(): AsyncIterable<string>;
  /**
   * Calls `use` with a path at which programs can read the content (and not change it) until its promise settles:
   * wherever the store keeps the content, and gone afterwards if it had to be fetched. Rejects as `use` does.
   */
  withLocalFile<T>(key: string, use: (path: string) => Promise<T>): Promise<T>;
}

export interface ByteRange {
  start: number;
  /** Inclusive. */
  end: number;
}
