import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseStatement } from '../../../src/modules/banking/statement-files/parse-statement.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'statements-'));
});
afterAll(() => rm(folder, { recursive: true }));

const written = async (text: string): Promise<string> => {
  const path = join(folder, 'file');
  await writeFile(path, text);
  return path;
};

it('reads a file in a thread, while the event loop goes on', async () => {
  const rows = 'Date;Libellé;Montant\n' + `02/03/2026;${'x'.repeat(900)};-1,50\n`.repeat(10_000);
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 5);
  const file = await parseStatement(await written(rows), {});
  clearInterval(timer);
  expect(file.rows).toHaveLength(10_000);
  expect(turns).toBeGreaterThan(5);
});

it('gives up on a file that takes too long, and reads the next', async () => {
  const slow = await written(`Date;Libellé;Montant\n${';'.repeat(9e6)}`);
  expect((await parseStatement(slow, {}, { timeoutMs: 1 })).problems).toMatchObject([{ line: null, field: 'file' }]);
  expect((await parseStatement(await written('Date;Montant\n2026-03-02;1'), {})).rows).toHaveLength(1);
});

it('rejects when there is no file: a defect of the server', async () => {
  await expect(parseStatement(join(folder, 'none'), {})).rejects.toThrow('ENOENT');
});
