import { jobProcess } from './job-process.js';

/**
 * What is done with foreign pictures, films and recordings, in a process of their own: a queue of photos does not keep
 * documents waiting, nor they them.
 */
export type MediaJob =
  | { kind: 'photo'; path: string }
  | { kind: 'recording'; path: string }
  | { kind: 'picture'; path: string; maxPx: number };

export interface MediaJobResults {
  photo: { widthPx: number; heightPx: number; exif: ExifTags };
  recording: RecordingFacts;
  /** JPEG. */
  picture: Uint8Array;
}

/** Tags of a photo's Exif block by name, as they are written there: only those that somebody asked for. */
export type ExifTags = Readonly<Record<string, string | number | readonly number[]>>;

export interface RecordingFacts {
  /** Of the picture upright; undefined for sound alone. */
  size: { widthPx: number; heightPx: number } | undefined;
  hasSound: boolean;
  durationSeconds: number | undefined;
  /** What the camera wrote, as it is written there. */
  tags: Readonly<Record<string, string>>;
}

/** State of the module, as that of `document-jobs.ts`. */
const mediaProcess = jobProcess<MediaJob, MediaJobResults>(new URL('media-worker', import.meta.url));

export const runMediaJob = mediaProcess.run;

export const stopMediaWorker = mediaProcess.stop;
