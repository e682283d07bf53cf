import type { SqlRunner } from '../../../db/sql-client.js';
import { raw, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { conflict, DomainError } from '../../../lib/errors.js';
import type { NewTransaction } from '../transactions/write-transactions.js';
import { type Categorized, categorize, prepareRule, type Rule, type Uncategorized } from './ask-rules.js';
import { runCategorizationJob } from './categorization-jobs.js';

/** As many are compared here, in a few milliseconds; more are in a process of their own, in a limited time. */
const mostComparedHere = 20_000;
/** Two hundred rules over ten thousand bookings take two of them. */
const timeoutMs = 15_000;

/** What the viewer's rules make of many transactions, found before the database transaction that writes them. */
export interface ForeseenCategories {
  /** The rules that were asked, as JSON. */
  rules: string;
  byFacts: ReadonlyMap<string, Categorized>;
}

const factsOf = ({ account, amount, description, labels = [] }: NewTransaction): Uncategorized => ({
  accountId: account.id,
  amount,
  description,
  labels,
});

const isOpen = ({ categoryId, splits = [] }: NewTransaction): boolean => categoryId === null && splits.length === 0;

/**
 * Asks the viewer's rules about as many transactions as there may be, for `categorizeNew`: however long it takes, no
 * connection waits for it. Throws UNAVAILABLE (`categorization.too_slow`).
 */
export async function foreseeCategories(
  { viewer, db }: Pick<CommandContext, 'viewer' | 'db'>,
  transactions: readonly NewTransaction[],
): Promise<ForeseenCategories | undefined> {
  if (viewer.userId === undefined) return undefined;
  const rules = await rulesOf(db, viewer.userId);
  const facts = transactions.filter(isOpen).map(factsOf);
  const made = await askRules(viewer.userId, rules, facts);
  return {
    rules: JSON.stringify(rules),
    byFacts: new Map(facts.map((each, index) => [JSON.stringify(each), made[index] as Categorized])),
  };
}

/**
 * The transactions as the viewer's rules make them, for `writeTransactions`: whatever is new and was given no category
 * goes through here. What has a category or parts stays as it is. One statement, however many they are. Many are to be
 * foreseen: throws CONFLICT (`categorization.rules_changed`) when the rules are others meanwhile.
 */
export async function categorizeNew<T extends NewTransaction>(
  tx: SqlRunner,
  { viewer }: Pick<CommandContext, 'viewer'>,
  transactions: readonly T[],
  foreseen?: ForeseenCategories,
): Promise<T[]> {
  if (viewer.userId === undefined || !transactions.some(isOpen)) return [...transactions];
  const rules = await rulesOf(tx, viewer.userId, { isHeld: true });
  if (foreseen && foreseen.rules !== JSON.stringify(rules))
    throw conflict('The categorisation rules were changed meanwhile: send it again', {
      subject: 'CategorizationRule',
      reason: 'categorization.rules_changed',
    });
  const prepared = rules.map(prepareRule);
  const made = (transaction: T): Categorized => {
    const facts = factsOf(transaction);
    return foreseen?.byFacts.get(JSON.stringify(facts)) ?? categorize(prepared, facts);
  };
  return transactions.map((each) => (isOpen(each) ? { ...each, ...made(each) } : each));
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

/** Those that are held stay as they are until the transaction ends, and so do the categories that they give. */
const rulesOf = (db: SqlRunner, userId: number, { isHeld = false } = {}): Promise<Rule[]> =>
  db.all<Rule>(sql`
    select conditions, category_id as "categoryId", labels, stops from categorization_rules
     where owner_id = ${userId} order by position ${raw(isHeld ? 'for share' : '')}`);
