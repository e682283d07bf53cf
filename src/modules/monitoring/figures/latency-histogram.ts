/**
 * Upper ends of the buckets that durations are counted in, in milliseconds; what takes longer has a bucket more. The
 * bounds of the alerts, 1.6 and 2 seconds, are ends of buckets, so that a quantile lies beyond one exactly when as many
 * requests took longer.
 */
export const bucketEndsMs = [
  5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 600, 800, 1_000, 1_300, 1_600, 2_000, 2_500, 3_000, 4_000, 5_000,
  7_500, 10_000,
] as const;

export const bucketCount = bucketEndsMs.length + 1;

export const emptyBuckets = (): number[] => Array.from({ length: bucketCount }, () => 0);

/** Which bucket a duration is counted in. */
export function bucketOf(ms: number): number {
  const index = bucketEndsMs.findIndex((end) => ms <= end);
  return index < 0 ? bucketEndsMs.length : index;
}

/**
 * The duration that this part of the requests did not exceed, in milliseconds: within a bucket they are taken to lie
 * evenly. 0 when there are none. `slowestMs` ends the last bucket that has any.
 */
export function quantile(part: number, buckets: readonly number[], slowestMs: number): number {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  const wanted = part * total;
  let below = 0;
  for (const [index, count] of buckets.entries()) {
    if (count > 0 && below + count >= wanted) {
      const start = bucketEndsMs[index - 1] ?? 0;
      const end = Math.max(start, Math.min(bucketEndsMs[index] ?? Infinity, slowestMs));
      return start + ((end - start) * (wanted - below)) / count;
    }
    below += count;
  }
  return 0;
}
