/** Who follows events says which by patterns: an exact name, `prefix.*` or `*`. */

/** Whether a pattern names one of these types at least. */
export function isKnownPattern(pattern: string, types: readonly string[]): boolean {
  if (pattern === '*') return true;
  return pattern.endsWith('.*') ? types.some((type) => type.startsWith(pattern.slice(0, -1))) : types.includes(pattern);
}

/** True for the types that one of the patterns names. */
export function matcherOf(patterns: readonly string[]): (type: string) => boolean {
  const prefixes = patterns.flatMap((name) => (name.endsWith('*') ? name.slice(0, -1) : []));
  return (type) => patterns.includes(type) || prefixes.some((prefix) => type.startsWith(prefix));
}

/** The patterns that name a type: what `matcherOf` says, for a question to the database. */
export const patternsOf = (type: string): string[] => [type, `${type.slice(0, type.indexOf('.'))}.*`, '*'];
