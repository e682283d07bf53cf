import type { SqlRunner } from '../../../db/sql-client.js';
import { holds as rowsOf, json, sql } from '../../../db/sql.js';
import { emit, emitEach } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { whyNotWrite, writableAccounts } from '../accounts/bank-account.policy.js';
import { type AccountRow, lockVisibleAccounts } from '../accounts/lock-accounts.js';
import { holds, prepareFacts } from './ask-condition.js';
import { categorize, type PreparedRule, prepareRule, type Rule } from './ask-rules.js';
import { CategorizationField } from './condition.js';

export interface RuleDryRun {
  count: number;
  /** False when there are more transactions without a category than are asked. */
  isComplete: boolean;
  /** The newest, at most 100. */
  transactionIds: number[];
}

export interface RuleApplication {
  ruleId: number;
  changedCount: number;
  isComplete: boolean;
}

/** How many transactions are asked at once, and in one call. */
const batchSize = 1000;
const mostAsked = 100_000;
const mostShown = 100;

type Account = Pick<AccountRow, 'id' | 'ownerId'>;

interface Candidate {
  id: number;
  accountId: number;
  amount: string;
  description: string;
  transactionDate: string;
  labels: string[];
}

/**
 * What a rule of the viewer's, by itself, would change among the transactions that have no category, in the accounts
 * that they may write. Throws NOT_FOUND.
 */
export async function dryRunCategorizationRule(ctx: CommandContext, id: string): Promise<RuleDryRun> {
  const { userId } = requireSignedIn(ctx.viewer);
  const { rule } = await ownRule(ctx.db, userId, id);
  const found: { id: number; day: string }[] = [];
  const isComplete = await askAll(ctx, rule, async (account, after) => {
    const candidates = await candidatesOf(ctx.db, account, after);
    for (const candidate of candidates)
      if (changeOf(rule, candidate)) found.push({ id: candidate.id, day: candidate.transactionDate });
    return candidates;
  });
  const newest = found.toSorted((one, other) => other.day.localeCompare(one.day) || other.id - one.id);
  return { count: found.length, isComplete, transactionIds: newest.slice(0, mostShown).map((row) => row.id) };
}

/**
 * Applies a rule of the viewer's, by itself, to the transactions that have no category, in the accounts that they may
 * write; those that are reconciled too, since a category is none of what that keeps. A batch is a transaction of its
 * own, so that no account is locked for long: what was changed before a failure stays. Throws NOT_FOUND.
 */
export async function applyCategorizationRule(ctx: CommandContext, id: string): Promise<RuleApplication> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  const { id: ruleId, name, rule } = await ownRule(ctx.db, userId, id);
  let changedCount = 0;
  const isComplete = await askAll(ctx, rule, async ({ id: accountId }, after) => {
    const { candidates, changed } = await applyToBatch(ctx, rule, accountId, after);
    changedCount += changed;
    return candidates;
  });
  await ctx.db.transaction((tx) =>
    emit(tx, ctx, 'categorization_rule.applied', ['CategorizationRule', ruleId], {
      ownerId: userId,
      name,
      changed: changedCount,
    }),
  );
  return { ruleId, changedCount, isComplete };
}

function applyToBatch(
  ctx: CommandContext,
  rule: PreparedRule,
  accountId: number,
  after: number,
): Promise<{ candidates: Candidate[]; changed: number }> {
  return ctx.db.transaction(async (tx) => {
    const account = (await lockVisibleAccounts(tx, ctx, [accountId])).get(accountId);
    // It may have ceased to be shared meanwhile.
    if (!account || whyNotWrite(ctx.viewer, account)) return { candidates: [], changed: 0 };
    const candidates = await candidatesOf(tx, account, after);
    const changes = candidates.flatMap((candidate) => changeOf(rule, candidate) ?? []);
    if (changes.length > 0) {
      await tx.send(sql`
        update transactions t
           set category_id = r.category_id, labels = array(select jsonb_array_elements_text(r.labels)),
               updated_at = ${ctx.services.now()}
          from jsonb_to_recordset(${json(changes)}) as r(id int, category_id int, labels jsonb) where t.id = r.id`);
      const data = { bankAccountId: account.id, ownerId: account.ownerId, fields: ['categoryId', 'labels'] };
      const subjects = changes.map((change) => ({ id: change.id, data }));
      await emitEach(tx, ctx, 'transaction.updated', 'Transaction', subjects);
    }
    return { candidates, changed: changes.length };
  });
}

/** What the rule makes of a transaction without a category; undefined when that changes nothing. */
function changeOf(
  rule: PreparedRule,
  candidate: Candidate,
): { id: number; category_id: number | null; labels: string[] } | undefined {
  const { categoryId, labels } = categorize([rule], candidate);
  if (categoryId === null && labels.length === candidate.labels.length) return undefined;
  return { id: candidate.id, category_id: categoryId, labels };
}

/** Goes through the accounts that the viewer may write and that the rule is about. Resolves with whether it saw all. */
async function askAll(
  ctx: CommandContext,
  rule: PreparedRule,
  askBatch: (account: Account, after: number) => Promise<readonly { id: number }[]>,
): Promise<boolean> {
  let asked = 0;
  for (const account of await accountsToAsk(ctx)) {
    if (!concerns(rule, account)) continue;
    for (let after = 0; ;) {
      if (asked >= mostAsked) return false;
      const batch = await askBatch(account, after);
      asked += batch.length;
      if (batch.length < batchSize) break;
      after = batch.at(-1)?.id ?? after;
    }
  }
  return true;
}

/** Whether the rule's conditions on the account hold. */
function concerns({ conditions }: PreparedRule, { id }: Account): boolean {
  const facts = prepareFacts({ accountId: id, amount: '0.00', description: '' });
  return conditions
    .filter(({ field }) => field === CategorizationField.ACCOUNT_ID)
    .every((condition) => holds(condition, facts));
}

const accountsToAsk = ({ db, viewer }: CommandContext): Promise<Account[]> =>
  db.all<Account>(sql`
    select t.id, t.owner_id as "ownerId" from bank_accounts t
     where ${rowsOf(writableAccounts(viewer), 't')} order by t.id`);

const candidatesOf = (db: SqlRunner, { id }: Account, after: number): Promise<Candidate[]> =>
  db.all<Candidate>(sql`
    select id, account_id as "accountId", amount, description, transaction_date::text as "transactionDate", labels
      from transactions
     where account_id = ${id} and id > ${after} and category_id is null and not is_split and transfer_id is null
     order by id limit ${batchSize}::int`);

async function ownRule(
  db: SqlRunner,
  userId: number,
  id: string,
): Promise<{ id: number; name: string; rule: PreparedRule }> {
  const found = await db.first<Rule & { id: number; name: string }>(sql`
    select id, name, conditions, category_id as "categoryId", labels, stops
      from categorization_rules where id = ${rowId(id) ?? null}::int and owner_id = ${userId}`);
  if (!found) throw notFound('CategorizationRule');
  return { id: found.id, name: found.name, rule: prepareRule(found) };
}
