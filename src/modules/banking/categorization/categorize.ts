import type { SqlRunner } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { mostLabels } from '../transactions/transaction-terms.js';
import type { NewTransaction } from '../transactions/write-transactions.js';
import {
  type Condition,
  type ConditionFacts,
  holds,
  type PreparedCondition,
  prepareCondition,
  prepareFacts,
} from './condition.js';

/** A rule as it is stored. */
export interface Rule {
  conditions: readonly Condition[];
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
export function categorize(
  rules: readonly PreparedRule[],
  transaction: ConditionFacts & { labels?: readonly string[] },
): Categorized {
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

/**
 * The transactions as the viewer's rules make them, for `writeTransactions`: whatever is new and was given no category
 * goes through here. What has a category or parts stays as it is. One statement, however many they are.
 */
export async function categorizeNew<T extends NewTransaction>(
  tx: SqlRunner,
  { viewer }: Pick<CommandContext, 'viewer'>,
  transactions: readonly T[],
): Promise<T[]> {
  const isOpen = ({ categoryId, splits = [] }: T): boolean => categoryId === null && splits.length === 0;
  if (viewer.userId === undefined || !transactions.some(isOpen)) return [...transactions];
  const rules = (await rulesOf(tx, viewer.userId)).map(prepareRule);
  return transactions.map((transaction) =>
    isOpen(transaction)
      ? { ...transaction, ...categorize(rules, { ...transaction, accountId: transaction.account.id }) }
      : transaction,
  );
}

/** They stay as they are until the transaction ends, and so do the categories that they give. */
const rulesOf = (tx: SqlRunner, userId: number): Promise<Rule[]> =>
  tx.all<Rule>(sql`
    select conditions, category_id as "categoryId", labels, stops from categorization_rules
     where owner_id = ${userId} order by position for share`);
