import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { eventTypesOf } from '../../src/app/compose.js';
import { modules } from '../../src/app/modules.js';

const root = resolve(import.meta.dirname, '../..');

test('every declared event is written by some command', () => {
  const commands = globSync('src/**/*.ts', { cwd: root })
    .filter((path) => !/\/(events|notices)\.ts$/.test(path))
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .join('\n');
  expect(eventTypesOf(modules).filter((type) => !commands.includes(`'${type}'`))).toEqual([]);
});
