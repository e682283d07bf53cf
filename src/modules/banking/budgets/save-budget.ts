import type { Transaction } from '../../../db/sql-client.js';
import { holds, set, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { checkedAmount, checkedDay, checkedName } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem, notFound } from '../../../lib/errors.js';
import { compareAmounts } from '../../../lib/money.js';
import { rowId } from '../../../lib/row-id.js';
import { lockPerson } from '../../identity/people/lock-person.js';
import { checkedCategory } from '../transactions/transaction-terms.js';
import { Budget } from './budget.entity.js';
import { budgetReads, mostBudgets } from './budget.reads.js';

/** A fact that is undefined stays; so does null, but for the category. */
export interface BudgetFacts {
  name?: string | null | undefined;
  categoryId?: string | null | undefined;
  /** Decimal text. */
  targetAmount?: string | null | undefined;
  currentAmount?: string | null | undefined;
  /** `YYYY-MM-DD` */
  targetDate?: string | null | undefined;
}

interface BudgetRow {
  id: number;
  ownerId: number;
  name: string;
  categoryId: number | null;
  targetAmount: string;
  currentAmount: string;
  targetDate: string;
}

const maxNameLength = 100;
const fieldNames = ['name', 'categoryId', 'targetAmount', 'currentAmount', 'targetDate'] as const;

/** Makes a budget of the viewer's and returns its id. Throws BAD_USER_INPUT, CONFLICT beyond 500 budgets. */
export async function createBudget(
  ctx: CommandContext,
  facts: BudgetFacts & { name: string; targetAmount: string; targetDate: string },
): Promise<number> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    await lockPerson(tx, userId);
    const checked = await checkedFacts(tx, userId, facts, { categoryId: null, currentAmount: '0.00' });
    await refuseBeyond(tx, 'Budget', mostBudgets, sql`select 1 from budgets where owner_id = ${userId}`);
    const now = ctx.services.now();
    const row = values(Budget, { owner: userId, ...checked, createdAt: now, updatedAt: now });
    const budget = await tx.first<{ id: number }>(sql`insert into budgets ${row} returning id`);
    const { id } = budget as { id: number };
    await emit(tx, ctx, 'budget.created', ['Budget', id], { ownerId: userId });
    return id;
  });
}

/** Changes a budget of the viewer's and returns its id. Throws NOT_FOUND, BAD_USER_INPUT. */
export async function updateBudget(
  ctx: CommandContext,
  { id, ...facts }: BudgetFacts & { id: string },
): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const budget = await lockBudget(tx, ctx, id);
    const checked = await checkedFacts(tx, budget.ownerId, facts, budget);
    const changes = set(Budget, { ...checked, updatedAt: ctx.services.now() });
    await tx.send(sql`update budgets set ${changes} where id = ${budget.id}`);
    const fields = fieldNames.filter((field) => facts[field] !== undefined);
    await emit(tx, ctx, 'budget.updated', ['Budget', budget.id], { ownerId: budget.ownerId, fields });
    return budget.id;
  });
}

/** Deletes a budget of the viewer's and returns the id that it had. Throws NOT_FOUND. */
export async function deleteBudget(ctx: CommandContext, id: string): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const budget = await lockBudget(tx, ctx, id);
    await tx.send(sql`delete from budgets where id = ${budget.id}`);
    await emit(tx, ctx, 'budget.deleted', ['Budget', budget.id], { ownerId: budget.ownerId });
    return budget.id;
  });
}

async function checkedFacts(
  tx: Transaction,
  ownerId: number,
  facts: BudgetFacts,
  before: Partial<BudgetRow> & Pick<BudgetRow, 'categoryId' | 'currentAmount'>,
) {
  const problems: FieldProblem[] = [];
  const owners = { ownerId, writerId: ownerId };
  const checked = {
    name: checkedName(facts.name ?? before.name ?? '', ['name'], problems, { max: maxNameLength }),
    category:
      facts.categoryId === undefined
        ? before.categoryId
        : await checkedCategory(tx, facts.categoryId, owners, problems),
    targetAmount: checkedAmount(facts.targetAmount ?? before.targetAmount ?? '0', ['targetAmount'], problems, {
      isPositive: true,
    }),
    currentAmount: checkedAmount(facts.currentAmount ?? before.currentAmount, ['currentAmount'], problems),
    targetDate: checkedDay(facts.targetDate ?? before.targetDate ?? '', ['targetDate'], problems),
  };
  if (compareAmounts(checked.currentAmount, '0') < 0)
    problems.push({ path: ['currentAmount'], code: 'too_small', message: 'must be 0 or more' });
  if (problems.length > 0) throw badInput(problems);
  return checked;
}

async function lockBudget(tx: Transaction, { viewer }: CommandContext, id: string): Promise<BudgetRow> {
  const budget = await tx.first<BudgetRow>(sql`
    select t.id, t.owner_id as "ownerId", t.name, t.category_id as "categoryId", t.target_amount as "targetAmount",
           t.current_amount as "currentAmount", t.target_date as "targetDate"
      from budgets t
     where t.id = ${rowId(id) ?? null}::int and ${holds(budgetReads.visibleTo(viewer), 't')} for no key update`);
  if (!budget) throw notFound('Budget');
  return budget;
}
