import type { Transaction } from '../../../db/sql-client.js';
import { set, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn, type Viewer } from '../../../kernel/viewer.js';
import { checkedName } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem, notFound, tooMany } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { lockPerson } from '../../identity/people/lock-person.js';
import { lockVisibleAccounts } from '../accounts/lock-accounts.js';
import { checkedCategory, checkedLabels } from '../transactions/transaction-terms.js';
import { CategorizationRule } from './categorization-rule.entity.js';
import { CategorizationField, checkedConditions, type Condition } from './condition.js';

/** What is undefined stays, or takes its default in a new rule; so does null, but for the category and the labels. */
export interface RuleFacts {
  name?: string | null | undefined;
  /** From 1; beyond the last is the last. */
  position?: number | null | undefined;
  conditions?: readonly Condition[] | null | undefined;
  categoryId?: string | null | undefined;
  labels?: readonly string[] | null | undefined;
  stops?: boolean | null | undefined;
}

const mostRules = 200;
const longestName = 100;

interface RuleRow {
  id: number;
  ownerId: number;
  name: string;
  position: number;
  conditions: Condition[];
  categoryId: number | null;
  labels: string[];
  stops: boolean;
}

const newRule = { name: '', conditions: [], categoryId: null, labels: [], stops: true };

/** Makes a rule of the viewer's and returns its id. Throws BAD_USER_INPUT with every problem, CONFLICT beyond 200. */
export async function createCategorizationRule(ctx: CommandContext, facts: RuleFacts): Promise<number> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    await lockPerson(tx, userId);
    const count = await countRules(tx, userId);
    const { position, ...checked } = await checkedFacts(tx, ctx.viewer, facts, { ...newRule, ownerId: userId });
    if (count >= mostRules) throw tooMany('CategorizationRule', mostRules);
    const place = Math.min(position ?? count + 1, count + 1);
    await tx.send(sql`
      update categorization_rules set position = position + 1 where owner_id = ${userId} and position >= ${place}`);
    const row = values(CategorizationRule, { owner: userId, position: place, ...checked });
    const rule = await tx.first<{ id: number }>(sql`insert into categorization_rules ${row} returning id`);
    const { id } = rule as { id: number };
    const data = { ownerId: userId, name: checked.name };
    await emit(tx, ctx, 'categorization_rule.created', ['CategorizationRule', id], data);
    return id;
  });
}

/** Changes a rule of the viewer's, also its place, and returns its id. Throws NOT_FOUND, BAD_USER_INPUT. */
export async function updateCategorizationRule(
  ctx: CommandContext,
  { id, ...facts }: RuleFacts & { id: string },
): Promise<number> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const rule = await lockOwnRule(tx, userId, id);
    const { position, ...checked } = await checkedFacts(tx, ctx.viewer, facts, rule);
    const place = Math.min(position ?? rule.position, await countRules(tx, userId));
    // All between the two places move by one, in one statement, after which the places are unique again.
    if (place !== rule.position)
      await tx.send(sql`
        update categorization_rules
           set position = case when id = ${rule.id} then ${place}::int
                               else position + ${Math.sign(rule.position - place)}::int end
         where owner_id = ${userId}
           and position between ${Math.min(place, rule.position)}::int and ${Math.max(place, rule.position)}::int`);
    const changes = { ...checked, updatedAt: ctx.services.now() };
    await tx.send(sql`update categorization_rules set ${set(CategorizationRule, changes)} where id = ${rule.id}`);
    const data = { ownerId: userId, name: checked.name };
    await emit(tx, ctx, 'categorization_rule.updated', ['CategorizationRule', rule.id], data);
    return rule.id;
  });
}

/** Deletes a rule of the viewer's and returns the id that it had; what it gave stays. Throws NOT_FOUND. */
export async function deleteCategorizationRule(ctx: CommandContext, id: string): Promise<number> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const rule = await lockOwnRule(tx, userId, id);
    await tx.send(sql`delete from categorization_rules where id = ${rule.id}`);
    await tx.send(sql`
      update categorization_rules set position = position - 1
       where owner_id = ${userId} and position > ${rule.position}`);
    const data = { ownerId: userId, name: rule.name };
    await emit(tx, ctx, 'categorization_rule.deleted', ['CategorizationRule', rule.id], data);
    return rule.id;
  });
}

type Checked = Pick<RuleRow, 'name' | 'conditions' | 'labels' | 'stops'> & {
  category: number | null;
  position: number | undefined;
};

async function checkedFacts(
  tx: Transaction,
  viewer: Viewer,
  facts: RuleFacts,
  before: Omit<RuleRow, 'id' | 'position'>,
): Promise<Checked> {
  const { ownerId } = before;
  const problems: FieldProblem[] = [];
  const name = checkedName(facts.name ?? before.name, ['name'], problems, { max: longestName });
  const { position } = facts;
  if (position != null && position < 1)
    problems.push({ path: ['position'], code: 'too_small', message: 'must be 1 or more' });
  const conditions = checkedConditions(facts.conditions ?? before.conditions, problems);
  if (facts.conditions) await checkAccounts(tx, viewer, conditions, problems);
  const isSameCategory = facts.categoryId === undefined || Number(facts.categoryId) === before.categoryId;
  const category = isSameCategory
    ? before.categoryId
    : await checkedCategory(tx, facts.categoryId, { ownerId, writerId: ownerId }, problems);
  const labels = checkedLabels(facts.labels === undefined ? before.labels : (facts.labels ?? []), problems);
  if (category === null && labels.length === 0 && problems.length === 0)
    problems.push({ path: ['categoryId'], code: 'required', message: 'A rule gives a category, labels or both' });
  if (problems.length > 0) throw badInput(problems);
  return { name, position: position ?? undefined, conditions, category, labels, stops: facts.stops ?? before.stops };
}

/** Adds a problem for each account that the viewer does not see. */
async function checkAccounts(
  tx: Transaction,
  viewer: Viewer,
  conditions: readonly Condition[],
  problems: FieldProblem[],
): Promise<void> {
  const named = conditions.flatMap(({ field, operator, values: ids }, index) =>
    field === CategorizationField.ACCOUNT_ID && operator !== 'exists'
      ? ids.map((id, n) => ({ id, path: ['conditions', String(index), 'values', String(n)] }))
      : [],
  );
  if (named.length === 0) return;
  const accounts = await lockVisibleAccounts(
    tx,
    { viewer },
    named.map(({ id }) => id),
  );
  for (const { id, path } of named)
    if (!accounts.has(Number(id)) && !problems.some((problem) => problem.path.join() === path.join()))
      problems.push({ path, code: 'unknown_reference', message: 'is no account of yours' });
}

async function countRules(tx: Transaction, userId: number): Promise<number> {
  const found = await tx.first<{ count: number }>(
    sql`select count(*)::int as count from categorization_rules where owner_id = ${userId}`,
  );
  return found?.count ?? 0;
}

/** The rule, when it is the person's; until the transaction ends nobody else changes any of theirs. */
async function lockOwnRule(tx: Transaction, userId: number, id: string): Promise<RuleRow> {
  await lockPerson(tx, userId);
  const rule = await tx.first<RuleRow>(sql`
    select id, owner_id as "ownerId", name, position, conditions, category_id as "categoryId", labels, stops
      from categorization_rules where id = ${rowId(id) ?? null}::int and owner_id = ${userId}`);
  if (!rule) throw notFound('CategorizationRule');
  return rule;
}
