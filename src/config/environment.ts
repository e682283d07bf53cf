import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { editDistance } from '../lib/edit-distance.js';
import { ConfigError } from './config-error.js';

/**
 * The environment, and what the file `.env` of the folder says beside it. A variable of the environment rules, also
 * when it is empty: it then stands for its default. Throws ConfigError when there is a file that cannot be read.
 */
export function readEnvironment(
  folder: string = process.cwd(),
  environment: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const file = join(folder, '.env');
  try {
    return { ...parseEnv(readFileSync(file, 'utf8')), ...environment };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return environment;
    throw new ConfigError(`${file} cannot be read (${code ?? (error as Error).message})`);
  }
}

/**
 * Says of each variable whose name is nearly one of `known` what was probably meant. It stops the start: a setting that
 * silently does not hold may leave registration open, or make a second key. A variable of another program that happens
 * to look like ours is let pass when the one that it looks like is set too.
 */
export function misspelt(environment: NodeJS.ProcessEnv, known: readonly string[]): string[] {
  return Object.keys(environment).flatMap((name) => {
    if (known.includes(name)) return [];
    const meant = known.find((candidate) => environment[candidate] === undefined && isSlipOf(name, candidate));
    return meant === undefined ? [] : [`${name}: did you mean ${meant}? (if not, set ${meant} as well)`];
  });
}

/** Short names are near to many words, so that only swapped letters count there. */
function isSlipOf(name: string, meant: string): boolean {
  const upper = name.toUpperCase().replaceAll('-', '_');
  const distance = editDistance(upper, meant);
  if (meant.length < 6)
    return distance === 0 || (distance === 1 && upper.length === meant.length && sorted(upper) === sorted(meant));
  return distance <= (meant.length < 9 ? 1 : 2);
}

const sorted = (text: string): string => [...text].toSorted().join('');
