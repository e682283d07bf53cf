/**
 * How many values one input may have, such as the body of a request or the variables of an operation, whatever its
 * shape says of its lists: what checks them all, and tells of each, does more work than sending them.
 */

/** Entries of all lists of an input together. */
export const mostListEntries = 10_000;
/** Keys of all objects of an input together. */
export const mostKeys = 50_000;

export interface OversizedPart {
  /** Of the list or object with which there are too many. */
  path: readonly string[];
  message: string;
}

/** Undefined for an input that keeps within the bounds. It nests no deeper than `deepestJson`. */
export function oversizedPart(input: unknown): OversizedPart | undefined {
  let entriesLeft = mostListEntries;
  let keysLeft = mostKeys;
  const look = (value: unknown, path: string[]): OversizedPart | undefined => {
    if (Array.isArray(value)) {
      entriesLeft -= value.length;
      if (entriesLeft < 0)
        return { path: [...path], message: `the lists have more than ${mostListEntries} entries in all` };
    } else if (isPlain(value)) {
      keysLeft -= Object.keys(value).length;
      if (keysLeft < 0) return { path: [...path], message: `there are more than ${mostKeys} keys in all` };
    } else return undefined;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner !== 'object' || inner === null) continue;
      path.push(key);
      const found = look(inner, path);
      if (found) return found;
      path.pop();
    }
    return undefined;
  };
  return look(input, []);
}

/** A file among the variables is none. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
