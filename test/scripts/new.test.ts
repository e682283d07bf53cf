import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conventions } from '../support/graph-conventions.js';

const root = resolve(import.meta.dirname, '../..');
const copied = ['src', 'schema', 'scripts', 'package.json', 'tsconfig.json', '.oxlintrc.json', '.oxfmtrc.json'];

describe('npm run new', () => {
  const copy = mkdtempSync(join(tmpdir(), 'passerelle-new-'));
  const bin = (name: string): string => join(root, 'node_modules/.bin', name);
  const scaffold = (...args: string[]): string =>
    execFileSync(bin('tsx'), ['scripts/new/new.ts', ...args], { cwd: copy, encoding: 'utf8' });

  beforeAll(() => {
    for (const name of copied) cpSync(join(root, name), join(copy, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    scaffold('entity', 'documents/shelving', 'Shelf', '--plural', 'Shelves', '--dialect', 'kdocs');
    scaffold('event', 'documents', 'shelf.emptied', '--subscription', '--notice');
    scaffold('entity', 'lending', 'Loan', '--dialect', 'xcore');
    scaffold('event', 'lending', 'loan.extended', '--notice');
    scaffold('field', 'Loan', 'dueDate', 'date', 'Last day.');
    scaffold('field', 'Document', 'reference', 'text', 'Reference of the sender.');
  }, 240_000);
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test('what it makes is generated from, and wants no other types and words than a person must write', () => {
    execFileSync(bin('tsx'), ['scripts/generate.mjs'], { cwd: copy });
    const { stdout } = spawnSync(bin('tsc'), ['-p', 'tsconfig.json'], { cwd: copy, encoding: 'utf8' });
    const wrong = new Set([...stdout.matchAll(/^(\S+?)\(\d+,\d+\): error/gm)].map(([, file]) => file));
    // The new fields have no column yet: nothing else is left, and it cannot be forgotten.
    expect([...wrong].toSorted(), stdout).toEqual([
      'src/modules/documents/files/document-facts.ts',
      'src/modules/lending/save-loan.ts',
    ]);
    execFileSync(bin('oxlint'), ['--deny-warnings', 'src'], { cwd: copy });
    execFileSync(bin('oxfmt'), ['--check', 'src'], { cwd: copy });
    const schema = readFileSync(join(copy, 'schema/schema.graphql'), 'utf8');
    for (const said of [
      'type Shelf implements Node',
      'shelves(',
      'createShelf(',
      'shelfEvents(',
      'loans(',
      'dueDate: Date',
      'reference: String',
    ]) {
      expect(schema).toContain(said);
    }
    for (const [convention, breaches] of Object.entries(conventions))
      expect(breaches(buildSchema(schema)), convention).toEqual([]);
    expect(readFileSync(join(copy, 'schema/rest/kdocs.json'), 'utf8')).toContain('/shelves/{id}');
  }, 180_000);

  test('it writes over nothing, and changes nothing when it refuses', () => {
    const before = readFileSync(join(copy, 'src/db/migrations/index.ts'), 'utf8');
    expect(() => scaffold('entity', 'documents/shelving', 'Shelf', '--plural', 'Shelves')).toThrow(/exists already/);
    expect(() => scaffold('field', 'Nothing', 'name', 'text')).toThrow(/nothing\.entity\.ts/);
    expect(readFileSync(join(copy, 'src/db/migrations/index.ts'), 'utf8')).toBe(before);
  }, 120_000);
});
