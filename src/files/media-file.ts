import type { MediaType } from '../lib/media-types.js';
import { type CaptureFacts, captureFactsOfExif, captureFactsOfRecording } from './capture-facts.js';
import { runMediaJob } from './media-jobs.js';

export interface MediaFacts extends CaptureFacts {
  /** `audio/…` for an MP4 or WebM in which all is sound. */
  mimeType: MediaType;
  /** Of the picture upright. */
  size: { widthPx: number; heightPx: number } | undefined;
  durationSeconds: number | undefined;
  /** What the camera wrote, as far as it is kept. */
  tags: Readonly<Record<string, unknown>>;
}

export interface ReadOptions {
  /** The clock of cameras that write no zone. */
  timeZone: string;
  /** From the moment its turn comes: what takes longer was made to. */
  timeoutMs?: number;
  /** Whose turn it is, such as a person's id. */
  owner?: number | undefined;
}

export interface DrawOptions {
  /** Width and height of the picture at most; smaller ones keep their size. */
  maxPx: number;
  timeoutMs?: number;
  /** As of `ReadOptions`. */
  owner?: number | undefined;
}

/**
 * What a file from the field says of itself. Rejects with `FileJobFailed` for a photo, film or recording that is none,
 * whatever it begins with; nothing is read of papers.
 */
export async function readMediaFile(
  path: string,
  mimeType: MediaType,
  { timeZone, timeoutMs = 6_000, owner }: ReadOptions,
): Promise<MediaFacts> {
  if (mimeType.startsWith('image/')) {
    const { widthPx, heightPx, exif } = await runMediaJob({ kind: 'photo', path }, { timeoutMs, owner });
    const size = { widthPx, heightPx };
    return { mimeType, size, durationSeconds: undefined, tags: exif, ...captureFactsOfExif(exif, timeZone) };
  }
  if (/^(?:audio|video)\//.test(mimeType)) {
    const { size, durationSeconds, tags } = await runMediaJob({ kind: 'recording', path }, { timeoutMs, owner });
    const actual = size ? mimeType : (soundOnly[mimeType] ?? mimeType);
    return { mimeType: actual, size, durationSeconds, tags, ...captureFactsOfRecording(tags) };
  }
  const nothing = { size: undefined, durationSeconds: undefined, takenAt: undefined, place: undefined };
  return { mimeType, ...nothing, device: undefined, tags: {} };
}

const soundOnly: Readonly<Partial<Record<MediaType, MediaType>>> = {
  'video/mp4': 'audio/mp4',
  'video/quicktime': 'audio/mp4',
  'video/webm': 'audio/webm',
};

/**
 * A JPEG of a photo, upright, on white, without anything but its pixels: no place, no device. Undefined for what cannot
 * be drawn (broken, too large, too slow); never rejects.
 */
export async function drawPhoto(
  path: string,
  { maxPx, timeoutMs = 15_000, owner }: DrawOptions,
): Promise<Uint8Array | undefined> {
  return runMediaJob({ kind: 'picture', path, maxPx }, { timeoutMs, owner }).catch(() => undefined);
}
