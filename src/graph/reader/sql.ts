import { badInput } from '../../lib/errors.js';

/** A column's value as PostgreSQL prints it. */
export type Cell = string | null;

/** Runs one read statement, outside any transaction. `text` is stable for a shape, so the database plans it once. */
export type ReadStatement = (text: string, parameters: readonly unknown[]) => Promise<Cell[][]>;

/** Collects a statement's parameters, numbered after `offset` others. */
export class Parameters {
  readonly values: unknown[] = [];

  constructor(readonly offset = 0) {}

  readonly bind = (value: unknown): string => {
    // PostgreSQL stores no U+0000 and would fail on it.
    if (typeof value === 'string' && value.includes('\0')) {
      throw badInput([{ path: ['filter'], code: 'invalid', message: 'must not contain the character U+0000' }]);
    }
    return `$${this.offset + this.values.push(value)}`;
  };
}

/** Joins conditions with `and`. One that is `false` stays among them: the others have bound their parameters. */
export function allOf(conditions: readonly string[]): string {
  const real = conditions.filter((c) => c !== 'true');
  return real.length ? real.map((c) => `(${c})`).join(' and ') : 'true';
}
