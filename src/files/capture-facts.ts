import { Temporal } from 'temporal-polyfill';
import type { ExifTags, RecordingFacts } from './media-jobs.js';

/** What a camera says of a picture or film that it took. */
export interface CaptureFacts {
  takenAt: Date | undefined;
  place: CapturePlace | undefined;
  /** Maker and model. */
  device: string | undefined;
}

export interface CapturePlace {
  /** Degrees, WGS 84; south and west are negative. */
  latitude: number;
  longitude: number;
  /** Metres above the sea. */
  altitude: number | undefined;
  accuracyMetres: number | undefined;
}

/** No photo is older; clocks that were never set show the year 0. */
const firstYear = 1900;
/** Of numbers that are no more than plausible: what is beyond is left out. */
const mostMetres = 99_999_999;

/**
 * By Exif 2.32, section 4.6. A time has no zone unless its offset is written beside it; cameras that write none are set
 * to the clock of `timeZone`.
 */
export function captureFactsOfExif(tags: ExifTags, timeZone: string): CaptureFacts {
  return {
    takenAt:
      exifMoment(tags['DateTimeOriginal'], tags['OffsetTimeOriginal'], timeZone) ??
      exifMoment(tags['CreateDate'], tags['OffsetTimeDigitized'], timeZone),
    place: exifPlace(tags),
    device: deviceOf(tags['Make'], tags['Model']),
  };
}

/** By the keys of Apple's telephones, and by the place as Android's write it too (ISO 6709, annex H). */
export function captureFactsOfRecording(tags: RecordingFacts['tags']): CaptureFacts {
  const apple = (name: string): string | undefined => tags[`com.apple.quicktime.${name}`];
  const [, day, time, hours, minutes] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)([+-]\d\d):?(\d\d)$/.exec(apple('creationdate') ?? '') ?? [];
  return {
    takenAt: day && time ? momentAt(`${day}T${time}`, `${hours}:${minutes}`) : undefined,
    place: writtenPlace(apple('location.ISO6709') ?? tags['©xyz'] ?? '', apple('location.accuracy.horizontal')),
    device: deviceOf(apple('make'), apple('model')),
  };
}

function exifMoment(written: unknown, offset: unknown, timeZone: string): Date | undefined {
  const [, year, month, day, time] = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d:\d\d:\d\d)/.exec(String(written)) ?? [];
  if (!year || Number(year) < firstYear) return undefined;
  const [, zone] = /^([+-](?:0\d|1[0-4]):[0-5]\d|Z)$/.exec(String(offset).trim()) ?? [];
  return momentAt(`${year}-${month}-${day}T${time}`, zone === 'Z' ? 'UTC' : (zone ?? timeZone));
}

/** Undefined for a day or a time that there is not. An hour that the clocks skip counts as the one after. */
function momentAt(local: string, zone: string): Date | undefined {
  try {
    const written = Temporal.PlainDateTime.from(local, { overflow: 'reject' });
    return new Date(written.toZonedDateTime(zone).epochMilliseconds);
  } catch {
    return undefined;
  }
}

function exifPlace(tags: ExifTags): CapturePlace | undefined {
  const latitude = degreesOf(tags['GPSLatitude'], tags['GPSLatitudeRef'], 'NS', 90);
  const longitude = degreesOf(tags['GPSLongitude'], tags['GPSLongitudeRef'], 'EW', 180);
  const height = metresOf(tags['GPSAltitude']);
  // 1: below the sea.
  const altitude = tags['GPSAltitudeRef'] === 1 && height !== undefined ? -height : height;
  return placeOf({ latitude, longitude, altitude, accuracyMetres: metresOf(tags['GPSHPositioningError']) });
}

/** Undefined without a sign, and when a part is 0/0: the camera had no fix. */
function degreesOf(parts: unknown, reference: unknown, signs: string, most: number): number | undefined {
  const sign = typeof reference === 'string' ? signs.indexOf(reference.trim().toUpperCase().charAt(0) || '?') : -1;
  if (sign < 0 || !Array.isArray(parts)) return undefined;
  const [degrees = NaN, minutes = 0, seconds = 0] = parts as number[];
  const value = degrees + minutes / 60 + seconds / 3600;
  return degrees >= 0 && minutes >= 0 && seconds >= 0 && value <= most ? (sign === 1 ? -value : value) : undefined;
}

function writtenPlace(written: string, accuracy: string | undefined): CapturePlace | undefined {
  const [, latitude, longitude, altitude] =
    /^([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?(?:\/|CRS|$)/.exec(written) ?? [];
  return placeOf({
    latitude: latitude === undefined ? undefined : Number(latitude),
    longitude: longitude === undefined ? undefined : Number(longitude),
    altitude: altitude === undefined ? undefined : metresOf(Number(altitude)),
    accuracyMetres: accuracy === undefined ? undefined : metresOf(Number(accuracy)),
  });
}

/** Undefined also for 0° N 0° E, in the sea off Ghana: what cameras write that do not know where they are. */
function placeOf({
  latitude,
  longitude,
  altitude,
  accuracyMetres,
}: Omit<CapturePlace, 'latitude' | 'longitude'> & Record<'latitude' | 'longitude', number | undefined>):
  | CapturePlace
  | undefined {
  if (latitude === undefined || longitude === undefined || (latitude === 0 && longitude === 0)) return undefined;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined;
  return { latitude, longitude, altitude, accuracyMetres: accuracyMetres === 0 ? undefined : accuracyMetres };
}

const metresOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Math.abs(value) <= mostMetres ? value : undefined;

/** `Canon EOS R5` of `Canon` and `Canon EOS R5`. */
function deviceOf(make: unknown, model: unknown): string | undefined {
  const [maker, name] = [make, model].map((text) => (typeof text === 'string' ? text.trim() : ''));
  if (!maker || !name) return maker || name || undefined;
  return name.toLowerCase().startsWith(maker.toLowerCase()) ? name : `${maker} ${name}`;
}
