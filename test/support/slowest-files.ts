import type { Reporter, TestModule } from 'vitest/node';

const shown = 10;

/** Prints the files that took longest, so that whoever adds a slow one sees it. */
export default class SlowestFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`.padStart(9);
    const timed = modules
      .map((module) => {
        const { duration, setupDuration, collectDuration } = module.diagnostic();
        return { path: module.relativeModuleId, ms: duration + setupDuration + collectDuration };
      })
      .toSorted((a, b) => b.ms - a.ms);
    const total = timed.reduce((sum, { ms }) => sum + ms, 0);
    process.stdout.write(
      [
        `\nThe ${Math.min(shown, timed.length)} slowest files of ${timed.length} (${seconds(total).trim()} in all):`,
        ...timed.slice(0, shown).map(({ path, ms }) => `${seconds(ms)}  ${path}`),
        '',
      ].join('\n'),
    );
  }
}
