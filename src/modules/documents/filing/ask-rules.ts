import type { CommandContext } from '../../../kernel/command.js';
import { type MatchableText, matches, type MatchingAlgorithm, type MatchingRule } from '../../../lib/matching.js';
import { runMatchingJob } from './matching-jobs.js';

export interface Rule {
  id: number;
  match: string;
  algorithm: MatchingAlgorithm;
}

interface Answers {
  /** For each document that was asked about, in their order, the rules that match it. */
  matches: Rule[][];
  isComplete: boolean;
}

/** A rule over a document, and all of a job. The process is ended only if it does not keep to them. */
const ruleMs = 1_000;
const budgetMs = 5_000;
const timeoutMs = 30_000;
/** Phrases are looked for here while so many characters are gone through in all, some milliseconds. */
const mostCharactersHere = 1_000_000;

/** Those that are quick come first, so that they are asked whatever the others take. */
const costs: Record<MatchingAlgorithm, number> = { none: 0, auto: 0, any: 1, all: 1, exact: 1, regex: 2, fuzzy: 3 };

/**
 * Which rules match which documents, beside the event loop and in a limited time: what was not asked by then, and a
 * rule that takes a second over a document, does not match. Those that are learnt (`auto`) are not asked. Never
 * rejects.
 */
export async function askRules(
  { log, viewer }: Pick<CommandContext, 'log' | 'viewer'>,
  rules: readonly Rule[],
  documents: readonly MatchableText[],
): Promise<Answers> {
  const asked = rules
    .filter(({ algorithm }) => algorithm !== 'auto' && algorithm !== 'none')
    .toSorted((one, other) => costs[one.algorithm] - costs[other.algorithm]);
  const patterns = asked.map(({ algorithm, match }) => ({ algorithm, pattern: match }) as MatchingRule);
  const rulesAt = (indexes: readonly number[]): Rule[] => indexes.map((index) => asked[index] as Rule);
  if (areQuick(asked, documents))
    return {
      matches: documents.map((document) =>
        asked.filter((_, index) => matches(patterns[index] as MatchingRule, document)),
      ),
      isComplete: true,
    };
  try {
    const job = { kind: 'match', rules: patterns, documents, ruleMs, budgetMs } as const;
    const { matches: found, tooSlow, isComplete } = await runMatchingJob(job, { timeoutMs, owner: viewer.userId });
    if (tooSlow.length > 0)
      log.warn({ patterns: rulesAt(tooSlow).map(({ match }) => match) }, 'rules took too long over a document');
    return { matches: found.map(rulesAt), isComplete };
  } catch (error) {
    log.warn({ err: error }, 'the rules could not be asked about a document');
    return { matches: [], isComplete: false };
  }
}

function areQuick(rules: readonly Rule[], documents: readonly MatchableText[]): boolean {
  if (rules.some(({ algorithm }) => costs[algorithm] > 1)) return false;
  const characters = documents.reduce((sum, { title, text }) => sum + title.length + text.length, 0);
  return characters * rules.length <= mostCharactersHere;
}
