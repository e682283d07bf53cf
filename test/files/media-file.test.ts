import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { captureFactsOfExif, captureFactsOfRecording } from '../../src/files/capture-facts.js';
import { drawPhoto, type MediaFacts, readMediaFile } from '../../src/files/media-file.js';
import { stopMediaWorker } from '../../src/files/media-jobs.js';
import { detectMediaType } from '../../src/files/media-type.js';
import type { MediaType } from '../../src/lib/media-types.js';
import { makeDocx, makePdf, makePng } from '../support/files.js';
import {
  type ExifBlock,
  exifTag as tag,
  makeExif,
  makeFilm,
  makePhoto,
  makeRecording,
  makeWav,
  twoHalves,
} from '../support/media-files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'media-'));
});
afterAll(async () => {
  await stopMediaWorker();
  await rm(folder, { recursive: true });
});

/** Always under a name that lies. */
async function saved(content: string | Uint8Array): Promise<string> {
  const path = join(folder, 'x.jpg');
  await writeFile(path, content);
  return path;
}
const detect = async (content: string | Uint8Array): Promise<string | undefined> =>
  detectMediaType(await saved(content));
const read = async (content: Uint8Array, type: MediaType, timeZone = 'Europe/Paris'): Promise<MediaFacts> =>
  readMediaFile(await saved(content), type, { timeZone });
const factsOf = async (exif: ExifBlock): Promise<MediaFacts> => read(await makePhoto({ exif }), 'image/jpeg');

describe('detectMediaType', () => {
  test('takes photos, films, recordings and papers by their content', async () => {
    const photo = twoHalves(8, 8);
    expect(await detect(await makePhoto())).toBe('image/jpeg');
    expect(await detect(await photo.png().toBuffer())).toBe('image/png');
    expect(await detect(await photo.webp().toBuffer())).toBe('image/webp');
    expect(await detect(await photo.gif().toBuffer())).toBe('image/gif');
    expect(await detect(await makeFilm())).toBe('video/mp4');
    expect(await detect(await makeFilm({ format: 'webm' }))).toBe('video/webm');
    expect(await detect(Buffer.from('000000146674797071742020000002007174202000000008', 'hex'))).toBe(
      'video/quicktime',
    );
    expect(await detect(Buffer.from('00000014667479704d344120000002004d34412000000008', 'hex'))).toBe('audio/mp4');
    expect(await detect(makeWav(1))).toBe('audio/wav');
    expect(await detect(Buffer.from('fffb9064' + '00'.repeat(413), 'hex'))).toBe('audio/mpeg');
    expect(await detect(await makePdf(['Rapport']))).toBe('application/pdf');
    expect(await detect(makeDocx(['Rapport']))).toMatch(/wordprocessingml/);
  });

  test.each([
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    ['HTML that begins as a film', '<!--moov--><script>alert(1)</script>'],
    ['HTML that begins as an MP4', 'abcdftypisom<script>alert(1)</script>'],
    ['HTML that begins as a GIF', 'GIF89a=1;/*<script>alert(1)</script>'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['SVG with its declaration', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['PHP', '<?php system($_GET["c"]);'],
    ['JSP', '<%@ page language="java" %>'],
    ['an executable', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200), Buffer.from('PE\0\0')])],
    ['an archive', zipSync({ 'a.jpg': strToU8('x') })],
    ['a made-up photo', 'fake image content'],
    ['nothing', ''],
    ['zeros', Buffer.alloc(4096)],
    ['a TIFF', Buffer.from('49492a000800000000000000', 'hex')],
    ['a HEIC', Buffer.from('000000186674797068656963000000006d69663168656963', 'hex')],
  ])('refuses %s', async (_name, content) => {
    expect(await detect(content)).toBeUndefined();
  });
});

describe('what a camera says', () => {
  const moment = (written: string, offset?: string, zone = 'Europe/Paris'): string | undefined =>
    captureFactsOfExif(
      { DateTimeOriginal: written, ...(offset !== undefined && { OffsetTimeOriginal: offset }) },
      zone,
    ).takenAt?.toISOString();

  test('a time is in its own offset, else on the clock of the firm', () => {
    expect(moment('2026:07:14 10:00:00')).toBe('2026-07-14T08:00:00.000Z');
    expect(moment('2026:01:14 10:00:00')).toBe('2026-01-14T09:00:00.000Z');
    expect(moment('2026:07:14 10:00:00', '-04:00')).toBe('2026-07-14T14:00:00.000Z');
    expect(moment('2026:07:14 10:00:00', '+05:30')).toBe('2026-07-14T04:30:00.000Z');
    expect(moment('2026:07:14 10:00:00', 'Z')).toBe('2026-07-14T10:00:00.000Z');
    expect(moment('2026:07:14 10:00:00', '   :  ')).toBe('2026-07-14T08:00:00.000Z');
    expect(moment('2026:07:14 10:00:00', '+99:00')).toBe('2026-07-14T08:00:00.000Z');
    expect(moment('2026:07:14 10:00:00', undefined, 'America/New_York')).toBe('2026-07-14T14:00:00.000Z');
    // An hour that the clocks skip, and one that they show twice.
    expect(moment('2026:03:29 02:30:00')).toBe('2026-03-29T01:30:00.000Z');
    expect(moment('2026:10:25 02:30:00')).toBe('2026-10-25T00:30:00.000Z');
  });

  test.each(['0000:00:00 00:00:00', '2026:02:30 10:00:00', '2026:07:14 25:00:00', '', '    :  :     :  :  ', 'hier'])(
    'no time: %s',
    (written) => {
      expect(moment(written)).toBeUndefined();
    },
  );

  test('the place is negative south and west, and unknown without a fix', () => {
    const place = (latitude: unknown, longitude: unknown, latitudeRef = 'N', longitudeRef = 'E'): unknown => {
      const { place } = captureFactsOfExif(
        {
          GPSLatitude: latitude,
          GPSLongitude: longitude,
          GPSLatitudeRef: latitudeRef,
          GPSLongitudeRef: longitudeRef,
        } as never,
        'Europe/Paris',
      );
      return place && [place.latitude, place.longitude];
    };
    expect(place([48, 51, 30], [2, 17, 40.2])).toEqual([expect.closeTo(48.858333, 6), expect.closeTo(2.2945, 6)]);
    expect(place([33, 52, 4], [151, 12, 36], 'S')).toEqual([expect.closeTo(-33.867778, 6), expect.closeTo(151.21, 6)]);
    expect(place([40, 42, 46], [74, 0, 21], 'N', 'W')).toEqual([
      expect.closeTo(40.712778, 6),
      expect.closeTo(-74.005833, 6),
    ]);
    expect(place([48.8584], [2.2945])).toEqual([48.8584, 2.2945]);
    expect(place([48, 51, 30], [0, 0, 0])).toEqual([expect.closeTo(48.858333, 6), 0]);
    expect(place([NaN, NaN, NaN], [NaN, NaN, NaN])).toBeUndefined();
    expect(place([48, 51, NaN], [2, 17, 40])).toBeUndefined();
    expect(place([0, 0, 0], [0, 0, 0])).toBeUndefined();
    expect(place([95, 0, 0], [2, 0, 0])).toBeUndefined();
    expect(place([48, 51, 30], [2, 17, 40], '')).toBeUndefined();
    expect(place([Infinity, 0, 0], [2, 0, 0])).toBeUndefined();
    expect(place(undefined, [2, 0, 0])).toBeUndefined();
    expect(place('48', '2')).toBeUndefined();
  });

  test('the device is named once', () => {
    const device = (Make: string, Model: string): string | undefined =>
      captureFactsOfExif({ Make, Model }, 'Europe/Paris').device;
    expect(device('Apple', 'iPhone 15')).toBe('Apple iPhone 15');
    expect(device('Canon', 'Canon EOS R5')).toBe('Canon EOS R5');
    expect(device('', '')).toBeUndefined();
  });

  test('films say it in their own way', () => {
    expect(
      captureFactsOfRecording({
        'com.apple.quicktime.creationdate': '2026-07-14T10:00:00+0200',
        'com.apple.quicktime.location.ISO6709': '-33.8678+151.2100+058.000/',
        'com.apple.quicktime.make': 'Apple',
        'com.apple.quicktime.model': 'iPhone 15',
      }),
    ).toEqual({
      takenAt: new Date('2026-07-14T08:00:00Z'),
      place: { latitude: -33.8678, longitude: 151.21, altitude: 58, accuracyMetres: undefined },
      device: 'Apple iPhone 15',
    });
    expect(captureFactsOfRecording({ '©xyz': '+48.8584+002.2945/' }).place).toMatchObject({ latitude: 48.8584 });
    for (const wrong of ['', '+00.0000+000.0000/', '+4851.5+00217.6/', 'Paris', '+99.0+002.0/'])
      expect(captureFactsOfRecording({ '©xyz': wrong }).place, wrong).toBeUndefined();
  });

  test('nothing that is written there throws', () => {
    const value = fc.oneof(fc.string(), fc.double(), fc.array(fc.double(), { maxLength: 4 }));
    const names =
      'DateTimeOriginal OffsetTimeOriginal CreateDate Make Model GPSLatitude GPSLatitudeRef GPSLongitude ' +
      'GPSLongitudeRef GPSAltitude GPSAltitudeRef GPSHPositioningError';
    const name = fc.constantFrom(...names.split(' '));
    fc.assert(
      fc.property(fc.dictionary(name, value), (tags) => {
        const { takenAt, place } = captureFactsOfExif(tags, 'Europe/Paris');
        expect(takenAt?.getTime()).not.toBeNaN();
        for (const number of Object.values(place ?? {}))
          expect(number === undefined || Number.isFinite(number)).toBe(true);
      }),
    );
  });
});

describe('readMediaFile', () => {
  const whole: ExifBlock = {
    ifd0: { [tag.make]: 'Apple', [tag.model]: 'iPhone 15', [tag.orientation]: 6 },
    exif: { [tag.dateTimeOriginal]: '2026:07:14 10:00:00', [tag.offsetTimeOriginal]: '+02:00' },
    gps: {
      [tag.gpsLatitudeRef]: 'S',
      [tag.gpsLatitude]: [
        [33, 1],
        [52, 1],
        [400, 100],
      ],
      [tag.gpsLongitudeRef]: 'W',
      [tag.gpsLongitude]: [
        [70, 1],
        [30, 1],
        [0, 1],
      ],
      [tag.gpsAltitudeRef]: Uint8Array.of(1),
      [tag.gpsAltitude]: [[125, 10]],
    },
  };

  test('reads time, place, device and the size of a photo upright', async () => {
    const facts = await factsOf(whole);
    expect(facts).toMatchObject({
      mimeType: 'image/jpeg',
      size: { widthPx: 32, heightPx: 64 },
      takenAt: new Date('2026-07-14T08:00:00Z'),
      device: 'Apple iPhone 15',
      durationSeconds: undefined,
      place: { latitude: expect.closeTo(-33.867778, 6), longitude: -70.5, altitude: -12.5 },
      tags: { Make: 'Apple', Orientation: 6, DateTimeOriginal: '2026:07:14 10:00:00' },
    });
  });

  test('a place of 0/0 is none, and nothing is asked of a photo', async () => {
    const noFix = [
      [0, 0],
      [0, 0],
      [0, 0],
    ] as const;
    const facts = await factsOf({
      gps: {
        [tag.gpsLatitudeRef]: 'N',
        [tag.gpsLatitude]: noFix,
        [tag.gpsLongitudeRef]: 'E',
        [tag.gpsLongitude]: noFix,
      },
    });
    expect(facts.place).toBeUndefined();
    expect(await read(await makePhoto(), 'image/jpeg')).toMatchObject({
      size: { widthPx: 64, heightPx: 32 },
      takenAt: undefined,
      place: undefined,
      device: undefined,
      tags: {},
    });
  });

  test('other formats carry the same block', async () => {
    const photo = sharp(await makePhoto({ exif: whole })).keepExif();
    for (const [type, content] of [
      ['image/webp', await photo.webp().toBuffer()],
      ['image/png', await photo.png().toBuffer()],
    ] as const)
      expect(await read(content, type), type).toMatchObject({ takenAt: new Date('2026-07-14T08:00:00Z') });
  });

  test('a malformed block never fails a photo', { timeout: 60_000 }, async () => {
    const block = makeExif(whole);
    const circular = Buffer.from(block);
    // The Exif directory is the first one again.
    circular.writeUInt32LE(8, circular.indexOf(Buffer.from('6987', 'hex')) + 8);
    const broken = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.nat(block.length).map((length) => block.subarray(0, length)),
      fc.array(fc.tuple(fc.nat(block.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }).map((changes) => {
        const changed = Buffer.from(block);
        for (const [at, byte] of changes) changed[at] = byte;
        return changed;
      }),
    );
    await fc.assert(
      fc.asyncProperty(broken, async (exif) => {
        const { size, takenAt } = await read(await makePhoto({ exif }), 'image/jpeg');
        expect([size?.widthPx, size?.heightPx].toSorted()).toEqual([32, 64]);
        expect(takenAt?.getTime()).not.toBeNaN();
      }),
      { numRuns: 150, examples: [[circular], [Buffer.alloc(0)], [Buffer.from('MM')]] },
    );
  });

  test('films and recordings have a length, and films a size upright', async () => {
    expect(await read(await makeFilm(), 'video/mp4')).toMatchObject({
      mimeType: 'video/mp4',
      size: { widthPx: 320, heightPx: 240 },
      durationSeconds: 2,
    });
    expect(await read(await makeFilm({ rotation: 90 }), 'video/mp4')).toMatchObject({
      size: { widthPx: 240, heightPx: 320 },
    });
    expect(await read(await makeFilm({ format: 'webm', seconds: 5 }), 'video/webm')).toMatchObject({
      durationSeconds: 5,
    });
    expect(await read(makeWav(3), 'audio/wav')).toMatchObject({ size: undefined, durationSeconds: 3 });
  });

  test('a film without a picture is a recording', async () => {
    expect(await read(await makeRecording('webm'), 'video/webm')).toMatchObject({
      mimeType: 'audio/webm',
      durationSeconds: expect.closeTo(3, 1),
    });
    expect(await read(await makeRecording('mp4'), 'video/mp4')).toMatchObject({ mimeType: 'audio/mp4' });
  });

  test('rejects what only begins as it should, and goes on with the next', async () => {
    const film = await makeFilm();
    for (const [type, content] of [
      ['image/jpeg', Buffer.from('ffd8ffe000104a464946', 'hex')],
      ['image/png', makePng().subarray(0, 20)],
      ['video/mp4', film.subarray(0, 40)],
      ['video/webm', Buffer.from('1a45dfa3', 'hex')],
      ['audio/wav', Buffer.from('RIFF\0\0\0\0WAVE')],
    ] as const)
      await expect(read(content, type), type).rejects.toThrow(expect.objectContaining({ name: 'FileJobFailed' }));
    // Nobody writes into it.
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(readMediaFile(pipe, 'video/mp4', { timeZone: 'UTC', timeoutMs: 50 })).rejects.toThrow(
      'No answer within 50 ms',
    );
    expect(await read(film, 'video/mp4')).toMatchObject({ durationSeconds: 2 });
  });

  test('films that were tampered with cost their own job', { timeout: 60_000 }, async () => {
    const film = await makeFilm();
    const changes = fc.array(fc.tuple(fc.nat(film.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(changes, async (changes) => {
        const changed = Buffer.from(film);
        for (const [at, byte] of changes) changed[at] = byte;
        const facts = await readMediaFile(await saved(changed), 'video/mp4', {
          timeZone: 'UTC',
          timeoutMs: 1000,
        }).catch((error: Error) => error.name);
        if (typeof facts === 'string') expect(facts).toBe('FileJobFailed');
        else expect(facts.durationSeconds ?? 0).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 100 },
    );
  });
});

describe('drawPhoto', () => {
  const draw = async (content: Uint8Array, maxPx = 16): Promise<Uint8Array | undefined> =>
    drawPhoto(await saved(content), { maxPx });
  const isRed = async (jpeg: Uint8Array | undefined, left: number, top: number): Promise<boolean> => {
    const region = sharp(jpeg).extract({ left, top, width: 2, height: 2 });
    const [red = 0, , blue = 0] = await region.raw().toBuffer();
    return red > blue;
  };

  test('upright, small, and without what the camera wrote', async () => {
    // Where the red half is to be for each orientation.
    const sides = { 1: 'left', 3: 'right', 6: 'top', 8: 'bottom' } as const;
    for (const [orientation, side] of Object.entries(sides)) {
      const jpeg = await draw(await makePhoto({ exif: { ifd0: { [tag.orientation]: Number(orientation) } } }));
      const { width, height, exif, icc, format } = await sharp(jpeg).metadata();
      expect({ format, exif, icc }).toEqual({ format: 'jpeg', exif: undefined, icc: undefined });
      expect([width, height], side).toEqual(side === 'top' || side === 'bottom' ? [8, 16] : [16, 8]);
      expect(await isRed(jpeg, 0, 0), side).toBe(side === 'left' || side === 'top');
      expect(await isRed(jpeg, (width ?? 0) - 2, (height ?? 0) - 2), side).toBe(side === 'right' || side === 'bottom');
    }
  });

  test('of every format; small ones are not blown up, and what is clear becomes white', async () => {
    const photo = twoHalves(64, 32);
    for (const content of [await photo.webp().toBuffer(), await photo.gif().toBuffer(), await photo.png().toBuffer()])
      expect(await isRed(await draw(content), 0, 0)).toBe(true);
    expect(await sharp(await draw(await makePhoto(), 500)).metadata()).toMatchObject({ width: 64, height: 32 });
    const clear = await sharp({ create: { width: 4, height: 4, channels: 4, background: '#0000' } })
      .png()
      .toBuffer();
    expect(
      (
        await sharp(await draw(clear))
          .raw()
          .toBuffer()
      )[0],
    ).toBeGreaterThan(250);
  });

  test('what was cut on its way is shown as far as it goes', async () => {
    const photo = await twoHalves(640, 640).jpeg({ quality: 100 }).toBuffer();
    expect(await isRed(await draw(photo.subarray(0, photo.length - 1000)), 0, 0)).toBe(true);
  });

  test('nothing of what cannot be drawn', async () => {
    for (const content of [
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      await makePdf(['x']),
      Buffer.from('not a picture'),
      makePng().subarray(0, 40),
      // A header that announces 900 million pixels.
      makePng({ announced: { widthPx: 30_000, heightPx: 30_000 } }),
    ])
      expect(await draw(content)).toBeUndefined();
  });
});
