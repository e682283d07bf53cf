/**
 * The process in which rules are asked about documents; see `files/job-process.ts` for its other end. It may be killed
 * at any moment, so it holds nothing.
 */
import { Script } from 'node:vm';
import type { JobAnswer } from '../../../files/job-process.js';
import { matches } from '../../../lib/matching.js';
import type { MatchingJob, MatchingJobResults } from './matching-jobs.js';

/** What runs synchronously is interrupted by a script's time limit, and by nothing else short of the process' end. */
const timed = new Script('askRule()');
const slot = globalThis as { askRule?: () => boolean };

/** Undefined when it took longer than `timeoutMs`. */
function within(timeoutMs: number, ask: () => boolean): boolean | undefined {
  slot.askRule = ask;
  try {
    return timed.runInThisContext({ timeout: timeoutMs }) as boolean;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  } finally {
    delete slot.askRule;
  }
}

function match({ rules, documents, ruleMs, budgetMs }: MatchingJob): MatchingJobResults['match'] {
  const endMs = performance.now() + budgetMs;
  const found: number[][] = [];
  const tooSlow = new Set<number>();
  for (const document of documents) {
    const own: number[] = [];
    found.push(own);
    for (const [index, rule] of rules.entries()) {
      const leftMs = Math.ceil(endMs - performance.now());
      if (leftMs <= 0) {
        if (index === 0) found.pop();
        return { matches: found, tooSlow: [...tooSlow], isComplete: false };
      }
      const isMatch = within(Math.min(leftMs, ruleMs), () => matches(rule, document));
      if (isMatch) own.push(index);
      else if (isMatch === undefined) tooSlow.add(index);
    }
  }
  return { matches: found, tooSlow: [...tooSlow], isComplete: true };
}

process.on('disconnect', () => process.exit());

process.on('message', (job: MatchingJob) => {
  let message: JobAnswer<MatchingJobResults>;
  try {
    message = { result: match(job) };
  } catch (error) {
    message = { failed: true, reason: String(error) };
  }
  process.send!(message);
});
