import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { FolderInUse, lockFolder, lockHolder } from '../../src/lib/folder-lock.js';

let parent: string;
let folder: string;

beforeEach(() => {
  parent = mkdtempSync(join(inject('folder'), 'lock-'));
  folder = join(parent, 'postgres');
});

afterEach(() => rmSync(parent, { recursive: true }));

test('a lock is held until it is released; that of a process that has died is taken over', () => {
  const release = lockFolder(folder);
  expect(lockHolder(folder)).toBe(process.pid);
  const words = readFileSync(`${folder}.lock`, 'utf8').split(' ');
  expect(words).toHaveLength(3);
  release();
  expect(lockHolder(folder)).toBeUndefined();
  // The number was given out again, to a process that began at another time.
  writeFileSync(`${folder}.lock`, [process.ppid, '1', words[2]].join(' '));
  lockFolder(folder)();
});

test('that of another container is held while it is renewed, also when both have the same number', () => {
  writeFileSync(`${folder}.lock`, `${process.pid} 1 elsewhere/pid:[1]`);
  expect(() => lockFolder(folder)).toThrow(FolderInUse);
  expect(() => lockFolder(folder)).toThrow(/of another container/);
  const longAgo = new Date(Date.now() - 31_000);
  utimesSync(`${folder}.lock`, longAgo, longAgo);
  expect(lockHolder(folder)).toBeUndefined();
  lockFolder(folder)();
});
