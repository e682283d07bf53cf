import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveInside, safeFileName } from '../../src/lib/safe-path.js';

describe('resolveInside', () => {
  let outside: string;
  let root: string;

  beforeAll(async () => {
    outside = await realpath(await mkdtemp(join(tmpdir(), 'safe-path-')));
    root = join(outside, 'root');
    await mkdir(join(root, 'sub'), { recursive: true });
    await mkdir(join(outside, 'root-neighbour'));
    await writeFile(join(root, 'scan.pdf'), 'inside');
    await writeFile(join(root, 'sub', '..été.pdf'), 'inside');
    await writeFile(join(outside, 'secret'), 'outside');
    await writeFile(join(outside, 'root-neighbour', 'secret'), 'outside');
    await symlink(join(outside, 'secret'), join(root, 'leak'));
    await symlink(outside, join(root, 'up'));
    await symlink('scan.pdf', join(root, 'alias'));
    await symlink('loop', join(root, 'loop'));
    await symlink(root, join(outside, 'to-root'));
  });
  afterAll(() => rm(outside, { recursive: true }));

  test('gives the real path of files inside, however they are written', async () => {
    const scan = join(root, 'scan.pdf');
    for (const path of ['scan.pdf', './sub/../scan.pdf', scan, 'alias', `${root}//scan.pdf`]) {
      expect(await resolveInside(root, path), path).toBe(scan);
    }
    expect(await resolveInside(root, 'sub/..été.pdf')).toBe(join(root, 'sub', '..été.pdf'));
    // A root that is itself a symlink, as on systems where /var is one.
    expect(await resolveInside(join(outside, 'to-root'), 'scan.pdf')).toBe(scan);
  });

  test('gives nothing for anything else', async () => {
    const paths = [
      '../secret', 'sub/../../secret', '../root-neighbour/secret', join(outside, 'secret'), `${root}-neighbour/secret`,
      join(outside, 'to-root', 'scan.pdf'), '/etc/passwd', 'leak', 'up/secret', 'loop', '', '.', 'sub', '..', 'absent',
      'scan.pdf/x', 'scan.pdf\0', '\0', '/dev/null', 'x'.repeat(10_000),
    ]; // prettier-ignore
    for (const path of paths) expect(await resolveInside(root, path), path).toBeUndefined();
    expect(await resolveInside(join(outside, 'absent'), 'scan.pdf')).toBeUndefined();
    expect(await resolveInside('/dev', 'null')).toBeUndefined();
  });

  test('no path whatever leads out', async () => {
    const part = fc.constantFrom(
      '..',
      '.',
      'up',
      'sub',
      'leak',
      'alias',
      'secret',
      'root',
      'scan.pdf',
      'to-root',
      '',
      '/',
      '\0',
      '\\..',
      '…',
    );
    const path = fc.oneof(
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join('/')),
      fc.string({ unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(path, async (path) => {
        expect([undefined, join(root, 'scan.pdf')]).toContain(await resolveInside(root, path));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('safeFileName', () => {
  test.each([
    ['Facture été.pdf', 'Facture été.pdf'],
    ['Facture e\u0301te\u0301.pdf', 'Facture été.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\x\\devis.docx', 'devis.docx'],
    ['facture\u202Efdp.exe', 'facturefdp.exe'],
    ['a\r\nContent-Type: x\0.txt', 'aContent-Type: x.txt'],
    ['  ', 'file'],
    ['', 'file'],
    ['..', 'file'],
    ['dossier/', 'file'],
    ['.gitignore', '.gitignore'],
    ['\ud800.png', '\ufffd.png'],
  ])('%j → %j', (name, expected) => {
    expect(safeFileName(name)).toBe(expected);
  });

  test('keeps the extension of a long name, and cuts no character in two', () => {
    expect(safeFileName(`${'a'.repeat(500)}.pdf`)).toBe(`${'a'.repeat(196)}.pdf`);
    expect(safeFileName(`${'a'.repeat(195)}${'😀'.repeat(50)}.pdf`)).toBe(`${'a'.repeat(195)}.pdf`);
    expect(safeFileName(`a.${'b'.repeat(500)}`)).toHaveLength(200);
  });

  test('any input gives a well-formed, bounded, stable name', () => {
    const character = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }),
      fc.constantFrom('/', '\\', '.', ' ', '\u202e', '\u0301', '\ud83d', 'e'),
    );
    fc.assert(
      fc.property(
        fc.array(character, { maxLength: 300 }).map((parts) => parts.join('')),
        (name) => {
          const safe = safeFileName(name);
          expect(safe).toMatch(/^[^/\\\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]{1,200}$/u);
          expect(safe.length).toBeLessThanOrEqual(200);
          expect(safe).toBe(safe.normalize('NFC').trim());
          expect(safeFileName(safe)).toBe(safe);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
