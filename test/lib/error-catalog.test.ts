import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { errorCodes, errorReasons, requestErrorMeanings, toolErrorMeanings } from '../../src/lib/error-catalog.js';

const root = resolve(import.meta.dirname, '../..');
const files = globSync('src/**/*.ts', { cwd: root }).filter((path) => !/error-catalog|\.gen\.ts$/.test(path));
const sources = files.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

test('every reason is thrown somewhere', () => {
  const all = sources.map(({ text }) => text).join('\n');
  // Made of a decision's obstacle.
  const isMade = (reason: string): boolean => all.includes(`'${reason.replace('approval.', '').toUpperCase()}'`);
  const unused = Object.keys(errorReasons).filter((reason) => !all.includes(`'${reason}'`) && !isMade(reason));
  expect(unused).toEqual([]);
});

// What a DomainError says is the compiler's business; graphql-js takes any extensions.
test('no error of the graph says a code or a reason that is not listed', () => {
  const codes = new Set([...errorCodes, ...Object.keys(requestErrorMeanings), ...Object.keys(toolErrorMeanings)]);
  const thrown = sources
    .filter(({ path }) => /^src\/(graph|http|app|mcp|quota|idempotency)\//.test(path))
    .flatMap(({ path, text }) => [
      ...[...text.matchAll(/code: '([A-Z_]+)'|withCode\(\w+, '([A-Z_]+)'\)/g)]
        .map(([, one, other]) => one ?? other ?? '')
        .filter((code) => !codes.has(code) && !text.includes(`'${code}' satisfies SocketProblem`))
        .map((code) => `${path}: ${code}`),
      ...[...text.matchAll(/reason: '([a-z_.]+)'/g)]
        .filter(([, reason = '']) => !Object.hasOwn(errorReasons, reason))
        .map(([, reason]) => `${path}: ${reason}`),
    ]);
  expect(thrown).toEqual([]);
});
