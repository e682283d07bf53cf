import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extractText, stopTextExtraction } from '../../src/files/text-extraction.js';
import type { TextExtractionOptions } from '../../src/files/text-extraction.js';
import { makeDocx, makePdf } from '../support/files.js';

const pdf = 'application/pdf';
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const failed = { text: '', pageCount: null, status: 'failed' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'text-extraction-'));
});
afterAll(async () => {
  await stopTextExtraction();
  await rm(folder, { recursive: true });
});

let fileCount = 0;
async function extract(content: string | Uint8Array, contentType: string, options?: TextExtractionOptions) {
  const path = join(folder, String((fileCount += 1)));
  await writeFile(path, content);
  return extractText(path, contentType, options);
}

describe('reads', () => {
  test('a PDF of several pages, accents and euro included', async () => {
    const lines = Array.from({ length: 100 }, (_, index) => `Ligne ${index} : été, cœur, 12 €`);
    const extracted = await extract(await makePdf(lines), pdf);
    expect(extracted).toMatchObject({ status: 'extracted', pageCount: 2 });
    expect(extracted.text.split(/\n+/)).toEqual(lines);
  });

  test('a Word document, paragraph by paragraph', async () => {
    expect(await extract(makeDocx(['Devis n° 7', 'Pose d’une vanne <DN 50> & essai']), docx)).toEqual({
      text: 'Devis n° 7\n\nPose d’une vanne <DN 50> & essai\n\n',
      pageCount: null,
      status: 'extracted',
    });
  });

  test('plain text, in NFC, without BOM and NUL', async () => {
    expect(await extract('\ufeffe\u0301te\u0301\0 !', 'text/plain')).toEqual({
      text: 'été !',
      pageCount: null,
      status: 'extracted',
    });
    expect((await extract(Buffer.from('été', 'latin1'), 'text/plain')).text).toBe('\ufffdt\ufffd');
  });

  test('no more than asked, whole characters only', async () => {
    expect((await extract('ab😀cd', 'text/plain', { maxCharacters: 3 })).text).toBe('ab');
    expect((await extract('é'.repeat(50), 'text/plain', { maxCharacters: 10 })).text).toBe('é'.repeat(10));
    const lines = Array.from({ length: 200 }, () => 'encore une ligne');
    expect((await extract(await makePdf(lines), pdf, { maxCharacters: 100 })).text).toHaveLength(100);
    expect((await extract(makeDocx(lines), docx, { maxCharacters: 100 })).text).toHaveLength(100);
  });

  test('what has no text, or no reader, says so', async () => {
    expect(await extract(await makePdf([]), pdf)).toEqual({ text: '', pageCount: 1, status: 'empty' });
    expect(await extract(' \n', 'text/plain')).toEqual({ text: '', pageCount: null, status: 'empty' });
    expect(await extract('', 'text/plain')).toEqual({ text: '', pageCount: null, status: 'empty' });
    expect(await extract('x', 'image/png')).toEqual({ text: '', pageCount: null, status: 'unsupported' });
  });
});

describe('fails without throwing on', () => {
  test('an encrypted PDF; one that only restricts printing is read', async () => {
    expect(await extract(await makePdf(['secret'], { userPassword: 'x', ownerPassword: 'y' }), pdf)).toEqual(failed);
    expect(
      await extract(await makePdf(['public'], { ownerPassword: 'y', permissions: { printing: 'lowResolution' } }), pdf),
    ).toMatchObject({ status: 'extracted' });
  });

  test('an absent file, a broken PDF, a docx that isn’t one', async () => {
    expect(await extractText(join(folder, 'absent'), pdf)).toEqual(failed);
    expect(await extract('%PDF-1.7\n', pdf)).toEqual(failed);
    expect(await extract('not a zip', docx)).toEqual(failed);
    expect(await extract(zipSync({ 'word/document.xml': new Uint8Array(10) }), docx)).toEqual(failed);
  });

  test('a docx that unpacks to more than 200 MB', async () => {
    const zeros = new Uint8Array(70 * 1024 * 1024);
    const bomb = zipSync({ 'word/document.xml': zeros, 'word/a.xml': zeros, 'word/b.xml': zeros }, { level: 1 });
    expect(await extract(bomb, docx)).toEqual(failed);
  });

  test('random bytes, bare or inside a real document', async () => {
    const whole = { [pdf]: await makePdf(['un', 'deux']), [docx]: makeDocx(['un', 'deux']) };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(pdf, docx),
        fc.boolean(),
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        async (type, isBare, at, bytes) => {
          const content = isBare ? bytes : Buffer.from(whole[type]!);
          if (!isBare) content.set(bytes.subarray(0, content.length), at % Math.max(1, content.length - bytes.length));
          expect(['extracted', 'empty', 'failed']).toContain(
            (await extract(content, type, { timeoutMs: 5000 })).status,
          );
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('the process', () => {
  test('is replaced after a document that takes too long; those that wait are served', async () => {
    const slow = await makePdf(Array.from({ length: 20_000 }, (_, index) => `Ligne ${index}`));
    const [first, second] = await Promise.all([
      extract(slow, pdf, { timeoutMs: 30 }),
      extract('ensuite', 'text/plain'),
    ]);
    expect(first).toEqual(failed);
    expect(second).toMatchObject({ text: 'ensuite' });
  });

  test('stopping fails what runs and waits, and a later call starts again', async () => {
    const pending = [extract(await makePdf(['a']), pdf), extract('b', 'text/plain')];
    await new Promise((resolve) => setTimeout(resolve, 20));
    await stopTextExtraction();
    for (const { status } of await Promise.all(pending)) expect(['failed', 'extracted']).toContain(status);
    expect(await extract('encore', 'text/plain')).toMatchObject({ text: 'encore' });
  });
});
