/**
 * The process in which foreign pictures, films and recordings are opened; see `job-process.ts` for its other end, and
 * `document-worker.ts` for what holds for such a file.
 */
import exifr from 'exifr';
import { FilePathSource, Input, MP3, MP4, QTFF, WAVE, WEBM } from 'mediabunny';
import sharp, { type Sharp } from 'sharp';
import type { JobAnswer } from './job-process.js';
import type { ExifTags, MediaJob, MediaJobResults, RecordingFacts } from './media-jobs.js';

type Handlers = {
  [Kind in keyof MediaJobResults]: (job: MediaJob & { kind: Kind }) => Promise<MediaJobResults[Kind]>;
};

/** The sensors of telephones have 108 million. A picture of so many takes up to 800 MB, for a second or two. */
const maxPixels = 120_000_000;
const maxTextLength = 200;
const jpegQuality = 80;

/** Who took it, and the numbers of their devices, are left out. */
const exifTags = new Set(
  (
    'Make Model LensModel Software Orientation DateTimeOriginal OffsetTimeOriginal CreateDate OffsetTimeDigitized ' +
    'ExposureTime FNumber ISO FocalLength FocalLengthIn35mmFormat Flash DigitalZoomRatio GPSLatitudeRef GPSLatitude ' +
    'GPSLongitudeRef GPSLongitude GPSAltitudeRef GPSAltitude GPSHPositioningError GPSImgDirection GPSTimeStamp ' +
    'GPSDateStamp'
  ).split(' '),
);

/** As Apple's telephones write them, and Android's. */
const recordingTags = new Set(
  ['creationdate', 'location.ISO6709', 'location.accuracy.horizontal', 'make', 'model'].map(
    (name) => `com.apple.quicktime.${name}`,
  ),
);
const androidPlace = '©xyz';

const exifOptions = {
  // Dates without a zone would be taken for this machine's.
  reviveValues: false,
  translateValues: false,
  mergeOutput: false,
  tiff: true,
  exif: true,
  gps: true,
  ifd1: false,
  interop: false,
  makerNote: false,
  userComment: false,
  xmp: false,
  icc: false,
  iptc: false,
};

// One picture at a time, and no reader but those of the four types: the file may be what its type does not say.
sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif'],
});

/** What of a picture can be decoded is shown: a photo that was cut on its way has its upper part. */
const openPicture = (path: string): Sharp =>
  sharp(path, { autoOrient: true, limitInputPixels: maxPixels, failOn: 'none', pages: 1 });

const handlers: Handlers = {
  photo: async ({ path }) => {
    const { autoOrient, exif } = await sharp(path, { limitInputPixels: false, pages: 1 }).metadata();
    return { widthPx: autoOrient.width, heightPx: autoOrient.height, exif: exif ? await readExif(exif) : {} };
  },

  recording: async ({ path }) => {
    const input = new Input({ source: new FilePathSource(path), formats: [MP4, QTFF, WEBM, MP3, WAVE] });
    try {
      return await readRecording(input);
    } finally {
      input.dispose();
    }
  },

  picture: async ({ path, maxPx }) =>
    openPicture(path)
      .resize(maxPx, maxPx, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: 'white' })
      .jpeg({ quality: jpegQuality })
      .toBuffer(),
};

/** Without the tags when the block is malformed: that is no fault of the picture. */
async function readExif(block: Buffer): Promise<ExifTags> {
  const prefix = Buffer.from('Exif\0\0', 'latin1');
  const tiff = block.subarray(0, prefix.length).equals(prefix) ? block.subarray(prefix.length) : block;
  try {
    const parts = (await exifr.parse(tiff, exifOptions)) as Record<string, Record<string, unknown>> | undefined;
    const tags = ['ifd0', 'exif', 'gps'].flatMap((part) => Object.entries(parts?.[part] ?? {}));
    return Object.fromEntries(
      tags.flatMap(([name, value]) => {
        const plain = exifTags.has(name) ? plainValue(value) : undefined;
        return plain === undefined ? [] : [[name, plain]];
      }),
    );
  } catch {
    return {};
  }
}

function plainValue(value: unknown): ExifTags[string] | undefined {
  if (typeof value === 'string') return plainText(value);
  if (typeof value === 'number') return value;
  if (value instanceof Uint8Array && value.length === 1) return value[0];
  return Array.isArray(value) && value.length <= 4 && value.every((each) => typeof each === 'number')
    ? value
    : undefined;
}

const plainText = (text: string): string =>
  text
    .slice(0, maxTextLength)
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .toWellFormed();

async function readRecording(input: Input): Promise<RecordingFacts> {
  const video = await input.getPrimaryVideoTrack();
  const sound = await input.getPrimaryAudioTrack();
  if (!video && !sound) throw new Error('There is neither picture nor sound in it');
  // Recorders that stream their file do not know its length when they write its head.
  const duration = (await input.getDurationFromMetadata()) ?? (await input.computeDuration());
  return {
    size: video ? { widthPx: await video.getDisplayWidth(), heightPx: await video.getDisplayHeight() } : undefined,
    hasSound: sound !== null,
    durationSeconds: Number.isFinite(duration) && duration >= 0 ? duration : undefined,
    tags: await readRecordingTags(input),
  };
}

async function readRecordingTags(input: Input): Promise<RecordingFacts['tags']> {
  const { raw = {} } = await input.getMetadataTags();
  const tags = Object.entries(raw).flatMap(([name, value]) => {
    // 3GPP TS 26.244: two bytes of length, two of language, then the text.
    if (name === androidPlace && value instanceof Uint8Array)
      return [[name, plainText(Buffer.from(value).toString('latin1', 4))]];
    return recordingTags.has(name) && typeof value === 'string' ? [[name, plainText(value)]] : [];
  });
  return Object.fromEntries(tags) as Record<string, string>;
}

process.on('unhandledRejection', () => {});

process.on('disconnect', () => process.exit());

process.on('message', (job: MediaJob) => {
  const handle = handlers[job.kind] as (job: MediaJob) => Promise<MediaJobResults[keyof MediaJobResults]>;
  handle(job).then(
    (result) => answer({ result }),
    () => answer({ failed: true }),
  );
});

function answer(message: JobAnswer<MediaJobResults>): void {
  process.send!(message);
}
