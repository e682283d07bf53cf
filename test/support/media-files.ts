import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
} from 'mediabunny';
import { Output, WebMOutputFormat } from 'mediabunny';
import sharp, { type Sharp } from 'sharp';

/** A value of an Exif tag: text, bytes, a short, or rationals as pairs. */
export type ExifValue = string | Uint8Array | number | readonly (readonly [number, number])[];

export interface ExifBlock {
  ifd0?: Readonly<Record<number, ExifValue>>;
  exif?: Readonly<Record<number, ExifValue>>;
  gps?: Readonly<Record<number, ExifValue>>;
}

/** Numbers of the tags that tests write. */
export const exifTag = {
  make: 0x010f,
  model: 0x0110,
  orientation: 0x0112,
  dateTimeOriginal: 0x9003,
  offsetTimeOriginal: 0x9011,
  createDate: 0x9004,
  gpsLatitudeRef: 1,
  gpsLatitude: 2,
  gpsLongitudeRef: 3,
  gpsLongitude: 4,
  gpsAltitudeRef: 5,
  gpsAltitude: 6,
} as const;

const pointerToExif = 0x8769;
const pointerToGps = 0x8825;

/** A TIFF block as cameras write it, little-endian: also one that no camera should write. */
export function makeExif({ ifd0 = {}, exif = {}, gps = {} }: ExifBlock): Buffer {
  const header = Buffer.from('49492a0008000000', 'hex');
  const sizeOf = (tags: object, more = 0): number => 6 + 12 * (Object.keys(tags).length + more);
  const exifAt = 8 + sizeOf(ifd0, 2);
  const gpsAt = exifAt + sizeOf(exif);
  const values: Buffer[] = [];
  let valuesAt = gpsAt + sizeOf(gps);
  const directory = (tags: Readonly<Record<number, ExifValue | { pointer: number }>>): Buffer => {
    const entries = Object.entries(tags).map(([tag, value]) => {
      const { type, count, bytes } = encoded(value);
      const entry = Buffer.alloc(12);
      entry.writeUInt16LE(Number(tag), 0);
      entry.writeUInt16LE(type, 2);
      entry.writeUInt32LE(count, 4);
      if (bytes.length <= 4) bytes.copy(entry, 8);
      else {
        entry.writeUInt32LE(valuesAt, 8);
        values.push(bytes);
        valuesAt += bytes.length;
      }
      return entry;
    });
    const count = Buffer.alloc(2);
    count.writeUInt16LE(entries.length);
    return Buffer.concat([count, ...entries, Buffer.alloc(4)]);
  };
  const directories = [
    directory({ ...ifd0, [pointerToExif]: { pointer: exifAt }, [pointerToGps]: { pointer: gpsAt } }),
    directory(exif),
    directory(gps),
  ];
  return Buffer.concat([header, ...directories, ...values]);
}

function encoded(value: ExifValue | { pointer: number }): { type: number; count: number; bytes: Buffer } {
  if (typeof value === 'string')
    return { type: 2, count: value.length + 1, bytes: Buffer.from(`${value}\0`, 'latin1') };
  if (value instanceof Uint8Array) return { type: 1, count: value.length, bytes: Buffer.from(value) };
  if (typeof value === 'number') return { type: 3, count: 1, bytes: Buffer.from([value & 0xff, value >> 8, 0, 0]) };
  if ('pointer' in value) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value.pointer);
    return { type: 4, count: 1, bytes };
  }
  const bytes = Buffer.alloc(8 * value.length);
  value.flat().forEach((number, index) => bytes.writeUInt32LE(number, 4 * index));
  return { type: 5, count: value.length, bytes };
}

/** A JPEG with this Exif block: its left half is red, its right half blue. */
export async function makePhoto({
  widthPx = 64,
  heightPx = 32,
  exif,
}: { widthPx?: number; heightPx?: number; exif?: ExifBlock | Buffer } = {}): Promise<Buffer> {
  const jpeg = await twoHalves(widthPx, heightPx).jpeg({ quality: 90 }).toBuffer();
  if (!exif) return jpeg;
  const block = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), Buffer.isBuffer(exif) ? exif : makeExif(exif)]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(block.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, block, jpeg.subarray(2)]);
}

/** Picture of two halves, red and blue, to be written in any format. */
export const twoHalves = (widthPx: number, heightPx: number): Sharp =>
  sharp({ create: { width: widthPx, height: heightPx, channels: 3, background: 'blue' } }).composite([
    {
      input: { create: { width: Math.ceil(widthPx / 2), height: heightPx, channels: 3, background: 'red' } },
      left: 0,
      top: 0,
    },
  ]);

/** A film whose frames no decoder would take; its head is real. */
export async function makeFilm({
  format = 'mp4',
  seconds = 2,
  rotation = 0,
}: { format?: 'mp4' | 'webm'; seconds?: number; rotation?: 0 | 90 } = {}): Promise<Buffer> {
  const output = new Output({
    format: format === 'mp4' ? new Mp4OutputFormat() : new WebMOutputFormat(),
    target: new BufferTarget(),
  });
  const source = new EncodedVideoPacketSource('vp9');
  output.addVideoTrack(source, { rotation });
  await output.start();
  for (let second = 0; second < seconds; second += 1) {
    await source.add(new EncodedPacket(new Uint8Array(100), 'key', second, 1), {
      decoderConfig: { codec: 'vp09.00.10.08', codedWidth: 320, codedHeight: 240 },
    });
  }
  await output.finalize();
  return Buffer.from((output.target as BufferTarget).buffer as ArrayBuffer);
}

/** Sound alone, as browsers record it. */
export async function makeRecording(format: 'mp4' | 'webm', seconds = 3): Promise<Buffer> {
  const output = new Output({
    format: format === 'mp4' ? new Mp4OutputFormat() : new WebMOutputFormat(),
    target: new BufferTarget(),
  });
  const source = new EncodedAudioPacketSource('opus');
  output.addAudioTrack(source);
  await output.start();
  for (let second = 0; second < seconds; second += 1) {
    await source.add(new EncodedPacket(new Uint8Array(50), 'key', second, 1), {
      decoderConfig: { codec: 'opus', sampleRate: 48_000, numberOfChannels: 1 },
    });
  }
  await output.finalize();
  return Buffer.from((output.target as BufferTarget).buffer as ArrayBuffer);
}

/** Silence, uncompressed. */
export function makeWav(seconds: number): Buffer {
  const rate = 8000;
  const data = Buffer.alloc(rate * seconds, 0x80);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
