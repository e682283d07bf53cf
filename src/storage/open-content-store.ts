import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { ContentStore } from './content-store.js';
import { diskStore } from './disk-store.js';

export interface OpenContentStore {
  store: ContentStore;
  /** Whether it can be reached now. */
  isUp: () => Promise<boolean>;
  close: () => void;
}

/** The store that the settings name: a bucket, or a folder. Throws ConfigError when a bucket cannot be used. */
export async function openContentStore(
  { s3, dataDir }: Pick<Config, 's3' | 'dataDir'>,
  options: { spoolFolder: string; log: Logger },
): Promise<OpenContentStore> {
  if (s3) {
    // The client of S3 takes longer to load than the rest of this room, and few need it.
    const { openBucket } = await import('./open-bucket.js');
    return openBucket(s3, options);
  }
  const folder = join(dataDir, 'files');
  return {
    store: diskStore(folder),
    isUp: () =>
      access(dataDir, constants.R_OK | constants.W_OK).then(
        () => true,
        () => false,
      ),
    close: () => undefined,
  };
}
