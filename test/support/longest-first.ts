import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Starts the files that wait for processes, folders and recognition first (they allow a test more than a minute), so
 * that a run does not end with one of them alone; then the biggest. The order does not depend on runs before.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const weighed = files.map((file) => {
      const text = readFileSync(file.moduleId, 'utf8');
      const longestMs = Math.max(
        60_000,
        ...[...text.matchAll(/timeout: ([\d_]{6,})/g)].map(([, ms]) => Number(ms?.replaceAll('_', ''))),
      );
      return { file, longestMs, size: text.length };
    });
    weighed.sort((a, b) => b.longestMs - a.longestMs || b.size - a.size);
    return weighed.map(({ file }) => file);
  }
}
