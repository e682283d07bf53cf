import type { SqlRunner } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { DomainError } from '../../../lib/errors.js';
import type { NewTransaction } from '../transactions/write-transactions.js';
import { type Categorized, categorize, prepareRule, type Rule, type Uncategorized } from './ask-rules.js';
import { runCategorizationJob } from './categorization-jobs.js';

/** As many are compared here, in a few milliseconds; more are in a process of their own, in a limited time. */
const mostComparedHere = 20_000;
/** Two hundred rules over ten thousand bookings take two of them. */
const timeoutMs = 15_000;

/**
 * The transactions as the viewer's rules make them, for `writeTransactions`: whatever is new and was given no category
 * goes through here. What has a category or parts stays as it is. One statement, however many they are. Throws
 * UNAVAILABLE (`categorization.too_slow`).
 */
export async function categorizeNew<T extends NewTransaction>(
  tx: SqlRunner,
  { viewer }: Pick<CommandContext, 'viewer'>,
  transactions: readonly T[],
): Promise<T[]> {
  const isOpen = ({ categoryId, splits = [] }: T): boolean => categoryId === null && splits.length === 0;
  if (viewer.userId === undefined || !transactions.some(isOpen)) return [...transactions];
  const rules = await rulesOf(tx, viewer.userId);
  const open = transactions.filter(isOpen);
  const made = await askRules(
    viewer.userId,
    rules,
    open.map(({ account, amount, description, labels = [] }) => ({
      accountId: account.id,
      amount,
      description,
      labels,
    })),
  );
  const categorized = new Map(open.map((transaction, index) => [transaction, made[index] as Categorized]));
  return transactions.map((transaction) => ({ ...transaction, ...categorized.get(transaction) }));
}

/** Throws UNAVAILABLE (`categorization.too_slow`). */
async function askRules(
  owner: number,
  rules: readonly Rule[],
  transactions: readonly Uncategorized[],
): Promise<Categorized[]> {
  const conditions = rules.reduce((sum, rule) => sum + rule.conditions.length, 0);
  if (conditions * transactions.length <= mostComparedHere) {
    const prepared = rules.map(prepareRule);
    return transactions.map((transaction) => categorize(prepared, transaction));
  }
  try {
    return await runCategorizationJob({ kind: 'categorize', rules, transactions }, { timeoutMs, owner });
  } catch {
    throw new DomainError('UNAVAILABLE', 'The categorisation rules take too long over so many transactions', {
      reason: 'categorization.too_slow',
      details: { retryAfterSeconds: 60 },
    });
  }
}

/** They stay as they are until the transaction ends, and so do the categories that they give. */
const rulesOf = (tx: SqlRunner, userId: number): Promise<Rule[]> =>
  tx.all<Rule>(sql`
    select conditions, category_id as "categoryId", labels, stops from categorization_rules
     where owner_id = ${userId} order by position for share`);
