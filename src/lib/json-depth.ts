/** Levels of objects and arrays that the body of a request may have. */
export const deepestJson = 64;

/** Looks no deeper than it has to, so that no depth is too much for it. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}
