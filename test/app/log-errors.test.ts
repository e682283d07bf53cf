import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { inSources } from '../../src/app/log-errors.js';

const built = resolve('dist/bundled/server.js');

/** Where a text first stands in a file, counted from 1. */
function placeOf(file: string, text: string): [line: number, column: number] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const line = lines.findIndex((each) => each.includes(text));
  return [line + 1, (lines[line]?.indexOf(text) ?? 0) + 1];
}

test('a stack names the places of the sources', () => {
  const words = 'Passerelle cannot start.';
  const [line, column] = placeOf(built, words);
  const [sourceLine] = placeOf('src/main.ts', words);
  const stack = `Error: no\n    at exit (file://${built}:${line}:${column})\n    at node:internal/timers:1:2`;
  expect(inSources(stack)).toMatch(
    new RegExp(`^Error: no\n    at exit \\(src/main\\.ts:${sourceLine}:\\d+\\)\n    at node:internal/timers:1:2$`),
  );
});

test('what is no file of ours stays as it is', () => {
  const stack = `Error: no\n    at x (file:///somewhere/else.js:1:2)\n    at y (${resolve('dist/bundled/missing.js')}:3:4)`;
  expect(inSources(stack)).toBe(stack);
});
