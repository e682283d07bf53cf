import { type MediaType, mediaTypes } from '../lib/media-types.js';
import { detectContentType, isPlainText } from './content-type.js';

/** Other names of the same types. */
const aliases: Readonly<Record<string, MediaType>> = { 'audio/x-m4a': 'audio/mp4', 'video/x-m4v': 'video/mp4' };

/**
 * The type of a photo, film, recording or paper by its content alone; undefined for a file of any other type. MP4 and
 * WebM count as films, also when all that is in them is sound: `readMediaFile` tells those apart.
 */
export async function detectMediaType(path: string): Promise<MediaType | undefined> {
  const detected = await detectContentType(path);
  const type = aliases[detected ?? ''] ?? mediaTypes.find((each) => each === detected);
  // Some signatures are letters that a page or a script could begin with: `<!--moov`. A small PDF may be all text.
  return type && type !== 'application/pdf' && (await isPlainText(path)) ? undefined : type;
}
