import { jobProcess } from '../../../files/job-process.js';
import type { MatchableText, MatchingRule } from '../../../lib/matching.js';

/**
 * Rules that are asked about documents, in a process of their own: whoever may write a tag writes a pattern that takes
 * its time on every document that comes in.
 */
export interface MatchingJob {
  kind: 'match';
  rules: readonly MatchingRule[];
  documents: readonly MatchableText[];
  /** A rule that takes longer over a document does not match it. */
  ruleMs: number;
  /** After it nothing more is asked. */
  budgetMs: number;
}

export interface MatchingJobResults {
  match: {
    /** For each document that was asked about the indexes of the rules that match it. */
    matches: number[][];
    /** Indexes of the rules that took too long. */
    tooSlow: number[];
    /** False when the time was over before all was asked. */
    isComplete: boolean;
  };
}

/** State of the module: it holds no data. */
const matchingProcess = jobProcess<MatchingJob, MatchingJobResults>(new URL('matching-worker', import.meta.url));

export const runMatchingJob = matchingProcess.run;

export const stopMatchingWorker = matchingProcess.stop;
