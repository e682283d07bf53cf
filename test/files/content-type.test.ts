import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptedDocumentTypes, detectContentType, extensionOf } from '../../src/files/content-type.js';
import { makeDocx, makePdf, makePng } from '../support/files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'content-type-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Always under a name that lies. */
async function detect(content: string | Uint8Array): Promise<string | undefined> {
  const path = join(folder, 'x.pdf');
  await writeFile(path, content);
  return detectContentType(path);
}

describe('detectContentType', () => {
  test('tells the accepted types by their content', async () => {
    const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
    expect(await detect(await makePdf(['Bonjour']))).toBe('application/pdf');
    expect(await detect(makeDocx(['Bonjour']))).toBe(docx);
    expect(await detect(makePng())).toBe('image/png');
    expect(await detect(String.raw`{\rtf1\ansi Bonjour}`)).toBe('application/rtf');
    expect(
      await detect(zipSync({ mimetype: [strToU8('application/vnd.oasis.opendocument.text'), { level: 0 }] })),
    ).toBe('application/vnd.oasis.opendocument.text');
    expect(await detect(makeCompoundFile('WordDocument'))).toBe('application/msword');
    for (const type of acceptedDocumentTypes) expect(extensionOf(type)).toMatch(/^[a-z]{3,4}$/);
  });

  test.each([
    'Été : 12 €\r\n\tfin\f',
    'a;b;c\n1;2;3\n',
    '<!doctype html><p>x',
    '\ufeffavec BOM',
    'BMW, facture',
    'GIFI, facture',
    `${'é'.repeat(200_001)}`,
    `a${'€'.repeat(100_000)}`,
  ])('plain text: %.20s', async (text) => {
    expect(await detect(text)).toBe('text/plain');
  });

  test('a PDF may have something before its header, and a text may speak of one', async () => {
    const pdf = await makePdf(['Bonjour']);
    for (const before of ['\r\n', '\ufeff', 'HTTP/1.1 200 OK\r\n\r\n', '\0'.repeat(1000)])
      expect(await detect(Buffer.concat([Buffer.from(before), pdf]))).toBe('application/pdf');
    expect(await detect(Buffer.concat([Buffer.alloc(5000), pdf]))).toBeUndefined();
    expect(await detect('Un PDF commence par %PDF-1.7.')).toBe('text/plain');
  });

  test('unknown: empty, binary, other encodings, cut characters', async () => {
    for (const content of [
      '',
      'a\0b',
      'a\x1b[31m',
      Buffer.from('été', 'latin1'),
      Buffer.from('é'.repeat(70_000)).subarray(0, -1),
      Buffer.alloc(4096),
    ]) {
      expect(await detect(content)).toBeUndefined();
    }
  });

  test('other things under an accepted name aren’t accepted', async () => {
    const executable = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200), Buffer.from('PE\0\0')]);
    const zip = zipSync({ 'document.xml': strToU8('<x/>') });
    const notReallyDocx = zipSync({ 'word/document.xml': strToU8('<x/>') });
    const xlsx = zipSync({
      '[Content_Types].xml': strToU8(
        '<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
      ),
    });
    const foreign = [
      executable,
      Buffer.from('MZ all text'),
      zip,
      notReallyDocx,
      xlsx,
      makeCompoundFile('Workbook'),
      makeCompoundFile('WordDocument').subarray(0, 700),
    ];
    for (const content of foreign) expect(acceptedDocumentTypes).not.toContain(await detect(content));
    expect(extensionOf('application/x-msdownload')).toBeUndefined();
    expect(extensionOf('constructor')).toBeUndefined();
  });

  test('an absent file is an error, not an unknown type', async () => {
    await expect(detectContentType(join(folder, 'absent'))).rejects.toThrow('ENOENT');
  });
});

/** The smallest [MS-CFB] file: header, one FAT sector, one directory sector with the root and one stream below it. */
function makeCompoundFile(streamName: string): Buffer {
  const file = Buffer.alloc(3 * 512);
  file.write('d0cf11e0a1b11ae1', 0, 'hex');
  file.writeUInt16LE(3, 26);
  file.writeUInt16LE(0xfffe, 28);
  file.writeUInt16LE(9, 30);
  file.writeUInt32LE(1, 44);
  file.writeUInt32LE(1, 48); // the directory begins in sector 1
  file.fill(0xff, 76, 512);
  file.writeUInt32LE(0, 76); // the FAT is sector 0
  file.fill(0xff, 512, 1024);
  file.writeUInt32LE(0xfffffffd, 512);
  file.writeUInt32LE(0xfffffffe, 516);
  const writeEntry = (id: number, name: string, type: number, child: number): void => {
    const at = 1024 + id * 128;
    file.write(name, at, 'utf16le');
    file.writeUInt16LE(2 * name.length + 2, at + 64);
    file[at + 66] = type;
    file.fill(0xff, at + 68, at + 76);
    file.writeUInt32LE(child, at + 76);
  };
  writeEntry(0, 'Root Entry', 5, 1);
  writeEntry(1, streamName, 2, 0xffffffff);
  return file;
}
