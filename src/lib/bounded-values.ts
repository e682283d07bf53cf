/** Stands for each value that came when there were as many others as there may be. */
export const otherValue = 'other';

/**
 * For names that clients choose: passes on the first `most` different values, and `other` for those that come later.
 */
export function boundedValues(most: number): (value: string) => string {
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= most) return otherValue;
    seen.add(value);
    return value;
  };
}
