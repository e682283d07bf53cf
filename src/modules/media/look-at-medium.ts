import type { RowChanges } from '../../db/sql.js';
import { drawPhoto, type MediaFacts, readMediaFile } from '../../files/media-file.js';
import type { Services } from '../../kernel/context.js';
import type { MediaType } from '../../lib/media-types.js';
import { type Medium, MediumKind } from './medium.entity.js';

/** What a file says of itself, and its picture. */
export interface MediumLook extends MediaFacts {
  /** JPEG; undefined for what has no picture, and for photos that are too large to be drawn. */
  thumbnail: Uint8Array | undefined;
}

/** As gallery pages show it. */
const thumbnailPx = 480;

/**
 * Reads a file and draws its thumbnail, when it is the turn of `owner`. Rejects with `FileJobFailed` for what cannot be
 * read.
 */
export async function lookAtMedium(
  { config }: Pick<Services, 'config'>,
  path: string,
  mimeType: MediaType,
  owner: number | undefined,
): Promise<MediumLook> {
  const facts = await readMediaFile(path, mimeType, { timeZone: config.timeZone, owner });
  const thumbnail = facts.mimeType.startsWith('image/')
    ? await drawPhoto(path, { maxPx: thumbnailPx, owner })
    : undefined;
  return { ...facts, thumbnail };
}

/** The columns that only the file itself tells. */
export const columnsOfLook = ({ mimeType, size, durationSeconds, tags }: MediumLook) =>
  ({
    mimeType,
    width: size?.widthPx ?? null,
    height: size?.heightPx ?? null,
    durationSeconds: durationSeconds?.toFixed(3) ?? null,
    exif: Object.keys(tags).length > 0 ? tags : null,
  }) satisfies RowChanges<Medium>;

/** The columns that people may state as well; what they stated is right. */
export const columnsOfCapture = ({ takenAt, place, device }: MediumLook) =>
  ({
    takenAt: takenAt ?? null,
    latitude: place?.latitude.toFixed(6) ?? null,
    longitude: place?.longitude.toFixed(6) ?? null,
    gpsAccuracy: place?.accuracyMetres?.toFixed(2) ?? null,
    altitude: place?.altitude?.toFixed(2) ?? null,
    device: device ?? null,
  }) satisfies RowChanges<Medium>;

/** What a file is when nobody says so. */
export function kindOfType(mimeType: string): MediumKind {
  if (mimeType.startsWith('image/')) return MediumKind.PHOTO;
  if (mimeType.startsWith('video/')) return MediumKind.VIDEO;
  return mimeType.startsWith('audio/') ? MediumKind.AUDIO : MediumKind.DOCUMENT;
}
