import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { lockKeys, lockKinds, lockUntilCommit, takeValueLock } from '../../src/db/locks.js';
import { type ColumnOf, compileSql } from '../../src/db/sql.js';

const source = resolve(import.meta.dirname, '../../src');

test('every advisory lock has a number of its own', () => {
  const numbers = [...Object.values(lockKeys), ...Object.values(lockKinds)];
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(lockUntilCommit('eventPositions')).not.toBe(lockUntilCommit('firstAdministrator'));
  const lock = compileSql(takeValueLock('documentContent', 'abc'), undefined as unknown as ColumnOf);
  expect(lock).toEqual({ text: expect.stringMatching(/\$1, \d+\)/), values: ['abc'] });
});

test('only the registry writes an advisory lock into SQL', () => {
  const writers = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'db/locks.ts')
    .filter((file) => /advisory_|7_?26[12]_?\d{3}/.test(readFileSync(join(source, file), 'utf8')));
  expect(writers, 'add a named key to src/db/locks.ts').toEqual([]);
});
