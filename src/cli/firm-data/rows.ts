import type { Kind } from './kinds.js';

export type Row = Record<string, unknown>;

/** A node as a row: an object of one field, at whatever depth, is the value of that field. */
export const rowOf = ({ of }: Kind, node: Row): Row | undefined => {
  const row = of === undefined ? node : (node[of] as Row | null);
  return row ? Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])) : undefined;
};

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1) return plain(entries[0]?.[1]);
  return Object.fromEntries(entries.map(([name, inner]) => [name, plain(inner)]));
}

/** A value as the cell of a table; a list is joined by `; `. */
export const cellOf = (value: unknown): string =>
  value === null || value === undefined ? '' : Array.isArray(value) ? value.map(cellOf).join('; ') : String(value);
