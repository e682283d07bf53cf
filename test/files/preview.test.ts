import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { SKRSContext2D } from '@napi-rs/canvas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderPreview } from '../../src/files/preview.js';
import type { PreviewOptions } from '../../src/files/preview.js';
import { stopTextExtraction } from '../../src/files/text-extraction.js';
import { makeDocx, makePdf, makePng } from '../support/files.js';

const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preview-'));
});
afterAll(async () => {
  await stopTextExtraction();
  await rm(folder, { recursive: true });
});

async function preview(
  content: string | Uint8Array,
  contentType: string,
  options?: PreviewOptions,
): Promise<Buffer | undefined> {
  const path = join(folder, 'file');
  await writeFile(path, content);
  return renderPreview(path, contentType, options);
}

/** Size, and how many pixels are dark: 0 for a blank page. */
async function look(png: Buffer | undefined): Promise<{ width: number; height: number; darkPixels: number }> {
  const { width, height, context } = await draw(png!);
  const { data } = context.getImageData(0, 0, width, height);
  let darkPixels = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at]! < 100 && data[at + 3]! > 200) darkPixels += 1;
  return { width, height, darkPixels };
}

async function draw(image: Buffer): Promise<{ width: number; height: number; context: SKRSContext2D }> {
  const { width, height, ...rest } = await loadImage(image).then((loaded) => ({
    width: loaded.width,
    height: loaded.height,
    loaded,
  }));
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(rest.loaded, 0, 0);
  return { width, height, context };
}

test('draws the first page of a PDF, and the first lines of text and Word documents', async () => {
  const a4 = await look(await preview(await makePdf(['Facture', 'Total']), 'application/pdf'));
  expect(a4).toMatchObject({ width: 480, height: 679 });
  expect(a4.darkPixels).toBeGreaterThan(10);
  expect((await look(await preview(await makePdf([]), 'application/pdf', { widthPx: 120 }))).darkPixels).toBe(0);

  for (const png of [
    await preview('Bonjour\n'.repeat(500), 'text/plain'),
    await preview(makeDocx(['Bonjour '.repeat(500)]), docx),
  ]) {
    const page = await look(png);
    expect(page).toMatchObject({ width: 480, height: 679 });
    expect(page.darkPixels).toBeGreaterThan(500);
  }
});

test('scales pictures down, never up', async () => {
  expect(await look(await preview(makePng({ widthPx: 1000, heightPx: 500, grey: 20 }), 'image/png'))).toEqual({
    width: 480,
    height: 240,
    darkPixels: 480 * 240,
  });
  expect(await look(await preview(makePng({ widthPx: 10, heightPx: 5 }), 'image/png'))).toMatchObject({
    width: 10,
    height: 5,
  });

  const canvas = createCanvas(960, 100);
  canvas.getContext('2d').fillRect(0, 0, 960, 100);
  for (const [contentType, content] of [
    ['image/jpeg', await canvas.encode('jpeg')],
    ['image/webp', await canvas.encode('webp')],
    ['image/gif', await canvas.encode('gif')],
  ] as const) {
    expect(await look(await preview(content, contentType)), contentType).toEqual({
      width: 480,
      height: 50,
      darkPixels: 480 * 50,
    });
  }
});

test('stays small for pages and pictures of extreme proportions', async () => {
  const strip = await look(await preview(await makePdf([], { size: [3, 14_000] }), 'application/pdf'));
  expect(strip.height).toBeLessThanOrEqual(1920);
  const column = await look(await preview(makePng({ widthPx: 2, heightPx: 9000 }), 'image/png'));
  expect(column.height).toBeLessThanOrEqual(1920);
});

test('gives nothing for what can’t be drawn', async () => {
  expect(await preview('', 'text/plain')).toBeUndefined();
  expect(await preview('x', 'image/tiff')).toBeUndefined();
  expect(await preview('not a picture', 'image/png')).toBeUndefined();
  // These crash the decoder by a segmentation fault.
  expect(await preview(makePng().subarray(0, 20), 'image/png')).toBeUndefined();
  expect(await preview(makePng().subarray(0, 40), 'image/png')).toBeUndefined();
  expect(await preview(await makePdf(['x'], { userPassword: 'x' }), 'application/pdf')).toBeUndefined();
  expect(await preview('%PDF-1.7 broken', 'application/pdf')).toBeUndefined();
  expect(await renderPreview(join(folder, 'absent'), 'image/png')).toBeUndefined();
  // A header that announces 3.6 gigabytes of pixels.
  expect(await preview(makePng({ announced: { widthPx: 30_000, heightPx: 30_000 } }), 'image/png')).toBeUndefined();
});
