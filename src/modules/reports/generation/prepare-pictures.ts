import { join } from 'node:path';
import { Readable } from 'node:stream';
import { imageSize } from '../../../files/image-size.js';
import { type DrawOptions, drawPhoto } from '../../../files/media-file.js';
import type { Services } from '../../../kernel/context.js';
import { type SpooledFile, spool, uploadLimits } from '../../../storage/spool.js';
import type { Pictures } from '../content/report-content.js';
import type { PictureFile } from '../rendering/render-jobs.js';
import type { ReportPictures } from './read-report-media.js';

export interface PreparedPictures {
  pictures: Pictures<PictureFile>;
  discard: () => Promise<void>;
}

/** Of the longer side: sharp on paper at the size at which it stands, and smaller the more there are. */
const photoPx = (count: number): number => (count <= 24 ? 1400 : count <= 100 ? 1000 : 800);
const signaturePx = 900;
const logoPx = 900;

interface Wanted extends ReportPictures {
  logo: string | null;
  /** Whose turn it is to have them drawn. */
  owner: number | undefined;
}

/**
 * The pictures of a report as files on this machine, upright, and no larger than they are drawn; one after the other,
 * so that memory does not grow with them. What cannot be read, or is not there any more, is left out. `onPhoto` is
 * called after each photo and may end the work by throwing.
 */
export async function preparePictures(
  services: Pick<Services, 'store' | 'config'>,
  { photos, signature, logo, owner }: Wanted,
  onPhoto: (done: number) => Promise<void>,
): Promise<PreparedPictures> {
  const files: SpooledFile[] = [];
  const discard = async (): Promise<void> => {
    for (const file of files) await file.discard();
  };
  const prepare = async (key: string | null, maxPx: number): Promise<PictureFile | undefined> => {
    const file = key === null ? undefined : await drawn(services, key, { maxPx, owner });
    if (!file) return undefined;
    files.push(file);
    const size = await imageSize(file.path);
    return size && { path: file.path, ...size };
  };
  try {
    const prepared: (PictureFile | undefined)[] = [];
    for (const key of photos) {
      prepared.push(await prepare(key, photoPx(photos.length)));
      await onPhoto(prepared.length);
    }
    const pictures = {
      photos: prepared,
      signature: await prepare(signature, signaturePx),
      logo: await prepare(logo, logoPx),
    };
    return { pictures, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

async function drawn(
  { store, config }: Pick<Services, 'store' | 'config'>,
  key: string,
  options: DrawOptions,
): Promise<SpooledFile | undefined> {
  if (!(await store.exists(key))) return undefined;
  const picture = await store.withLocalFile(key, (path) => drawPhoto(path, options));
  return (
    picture &&
    spool(Readable.from([Buffer.from(picture)]), {
      folder: join(config.dataDir, 'spool'),
      limitBytes: uploadLimits.fileBytes,
    })
  );
}
