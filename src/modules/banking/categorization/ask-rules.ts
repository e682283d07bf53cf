/** What categorisation rules make of transactions. Also loaded in a process of its own: `categorization-worker.ts`. */
import { mostLabels } from '../transactions/most-labels.js';
import {
  type ConditionFacts,
  holds,
  type PreparedCondition,
  prepareCondition,
  prepareFacts,
  type StoredCondition,
} from './ask-condition.js';

/** A rule as it is stored. */
export interface Rule {
  conditions: readonly StoredCondition[];
  categoryId: number | null;
  labels: readonly string[];
  /** Whether no later rule is asked once it holds. */
  stops: boolean;
}

/** A rule that is ready to be asked many times. */
export type PreparedRule = Omit<Rule, 'conditions'> & { conditions: readonly PreparedCondition[] };

export const prepareRule = (rule: Rule): PreparedRule => ({
  ...rule,
  conditions: rule.conditions.map(prepareCondition),
});

/** A transaction as rules see it. */
export type Uncategorized = ConditionFacts & { labels?: readonly string[] };

/** What rules make of a transaction without a category. */
export interface Categorized {
  /** null when no rule gives one. */
  categoryId: number | null;
  /** Those that it has already, then those of the rules. */
  labels: string[];
}

/**
 * Asks the rules in their order about a transaction without a category: the first that holds and has a category gives
 * it, every one that holds adds its labels, and one that stops is the last.
 */
export function categorize(rules: readonly PreparedRule[], transaction: Uncategorized): Categorized {
  const facts = prepareFacts(transaction);
  const labels = new Set(transaction.labels);
  let categoryId: number | null = null;
  for (const rule of rules) {
    if (!rule.conditions.every((condition) => holds(condition, facts))) continue;
    categoryId ??= rule.categoryId;
    for (const label of rule.labels) if (labels.size < mostLabels) labels.add(label);
    if (rule.stops) break;
  }
  return { categoryId, labels: [...labels] };
}
