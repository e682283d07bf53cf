import type { Logger } from 'pino';
import { isDiskFull, noSpace } from '../lib/disk-full.js';
import { DomainError } from '../lib/errors.js';
import type { ContentStore } from './content-store.js';

const retryAfterSeconds = 10;

/**
 * The same store, which says UNAVAILABLE to whoever asks while it does not answer, and why to whoever operates the
 * server. Streams that were begun are not part of it: they break.
 */
export function tellingOutages(store: ContentStore, log: Logger): ContentStore {
  const told = (error: unknown): unknown => {
    // A key that is wrong or absent is nobody's outage.
    if (error instanceof TypeError || error instanceof DomainError) return error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return error;
    log.warn({ err: error }, 'the files cannot be reached');
    if (isDiskFull(error)) return noSpace();
    return new DomainError('UNAVAILABLE', 'The files cannot be reached now', {
      reason: 'files.unreachable',
      details: { retryAfterSeconds },
    });
  };
  const outcome = <T>(done: Promise<T>): Promise<T> =>
    done.catch((error: unknown) => {
      throw told(error);
    });
  return {
    put: (source, key) => outcome(store.put(source, key)),
    putAhead: (source, key) => outcome(store.putAhead(source, key)),
    putBytes: (bytes, key) => outcome(store.putBytes(bytes, key)),
    exists: (key) => outcome(store.exists(key)),
    size: (key) => outcome(store.size(key)),
    read: (key, range) => store.read(key, range),
    bytes: (key) => outcome(store.bytes(key)),
    remove: (key) => outcome(store.remove(key)),
    removeAll: (prefix, options) => outcome(store.removeAll(prefix, options)),
    keys: () => store.keys(),
    withLocalFile: async (key, use) => {
      let isHere = false;
      try {
        return await store.withLocalFile(key, (path) => {
          isHere = true;
          return use(path);
        });
      } catch (error) {
        throw isHere ? error : told(error);
      }
    },
  };
}
