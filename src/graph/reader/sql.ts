/** A column's text as PostgreSQL prints it. */
export type Cell = string | null;

/** Runs one read statement, outside any transaction. `text` is stable for a shape, so it is planned once. */
export type ReadStatement = (text: string, parameters: readonly unknown[]) => Promise<Cell[][]>;

/** Collects a statement's parameters. */
export class Parameters {
  readonly values: unknown[] = [];
  readonly bind = (value: unknown): string => `$${this.values.push(value)}`;
}

/** Joins conditions with `and`; one that is `false` decides, those that are `true` vanish. */
export function allOf(conditions: readonly string[]): string {
  if (conditions.includes('false')) return 'false';
  const real = conditions.filter((c) => c !== 'true');
  return real.length ? real.map((c) => `(${c})`).join(' and ') : 'true';
}
