import { isUniqueViolation, type Transaction } from '../../../db/sql-client.js';
import { holds, set, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { checkedName } from '../../../lib/checked-values.js';
import { badInput, conflict, duplicateField, type FieldProblem, forbidden, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { lockPerson } from '../../identity/people/lock-person.js';
import { Category, CategoryType } from './category.entity.js';
import { visibleCategories, whyNotChange } from './category.policy.js';

export interface CategoryFacts {
  name?: string | null | undefined;
  /** `#RRGGBB` */
  color?: string | null | undefined;
  icon?: string | null | undefined;
  type?: CategoryType | null | undefined;
}

const defaults = { color: '#6B7280', icon: 'tag', type: CategoryType.EXPENSE };
const longest = { name: 100, icon: 50 } as const;
const mostCategories = 500;

interface CategoryRow {
  id: number;
  ownerId: number;
  name: string;
  color: string;
  icon: string;
  type: CategoryType;
}

/** Makes a category of the viewer's and returns its id. Throws BAD_USER_INPUT; CONFLICT for a name that is taken. */
export async function createCategory(ctx: CommandContext, facts: CategoryFacts): Promise<number> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  const checked = checkedFacts(facts, { name: '', ...defaults });
  return uniquely(() =>
    ctx.db.transaction(async (tx) => {
      await lockPerson(tx, userId);
      await refuseBeyond(tx, 'Category', mostCategories, sql`select 1 from categories where owner_id = ${userId}`);
      const row = values(Category, { owner: userId, ...checked });
      const category = await tx.first<{ id: number }>(sql`insert into categories ${row} returning id`);
      const { id } = category as { id: number };
      await emit(tx, ctx, 'category.created', ['Category', id], { ownerId: userId, name: checked.name });
      return id;
    }),
  );
}

/** Changes a category of the viewer's: facts that are undefined or null stay. Throws as `createCategory`, FORBIDDEN. */
export async function updateCategory(
  ctx: CommandContext,
  { id, ...facts }: CategoryFacts & { id: string },
): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return uniquely(() =>
    ctx.db.transaction(async (tx) => {
      const category = await lockOwnCategory(tx, ctx, id);
      const checked = checkedFacts(facts, category);
      await tx.send(sql`update categories set ${set(Category, checked)} where id = ${category.id}`);
      const data = { ownerId: category.ownerId, name: checked.name };
      await emit(tx, ctx, 'category.updated', ['Category', category.id], data);
      return category.id;
    }),
  );
}

/** Deletes a category of the viewer's that nothing has. Throws NOT_FOUND, FORBIDDEN, CONFLICT with the count. */
export async function deleteCategory(ctx: CommandContext, id: string): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const category = await lockOwnCategory(tx, ctx, id);
    const used = await tx.first<{ uses: number }>(sql`
      select ((select count(*) from transactions where category_id = ${category.id})
            + (select count(*) from transaction_splits where category_id = ${category.id})
            + (select count(*) from recurrence_rules
                where category_id = ${category.id} and next_occurrence is not null)
            + (select count(*) from budgets where category_id = ${category.id})
            + (select count(*) from categorization_rules where category_id = ${category.id}))::int as uses`);
    const uses = used?.uses ?? 0;
    if (uses > 0)
      throw conflict(`The category is in use ${uses} times`, {
        subject: 'Category',
        reason: 'category.in_use',
        details: { uses },
      });
    await tx.send(sql`delete from categories where id = ${category.id}`);
    const data = { ownerId: category.ownerId, name: category.name };
    await emit(tx, ctx, 'category.deleted', ['Category', category.id], data);
    return category.id;
  });
}

function checkedFacts(
  facts: CategoryFacts,
  before: Pick<CategoryRow, 'name' | 'color' | 'icon' | 'type'>,
): Pick<CategoryRow, 'name' | 'color' | 'icon' | 'type'> {
  const problems: FieldProblem[] = [];
  const textOf = (field: keyof typeof longest): string =>
    checkedName(facts[field] ?? before[field], [field], problems, { max: longest[field] });
  const after = {
    name: textOf('name'),
    color: (facts.color ?? before.color).toUpperCase(),
    icon: textOf('icon'),
    type: facts.type ?? before.type,
  };
  if (!/^#[0-9A-F]{6}$/.test(after.color))
    problems.push({ path: ['color'], code: 'invalid_format', message: 'must be a colour such as #4CAF50' });
  if (problems.length > 0) throw badInput(problems);
  return after;
}

async function lockOwnCategory(tx: Transaction, { viewer }: CommandContext, id: string): Promise<CategoryRow> {
  const category = await tx.first<Omit<CategoryRow, 'ownerId'> & { ownerId: number | null }>(sql`
    select t.id, t.owner_id as "ownerId", t.name, t.color, t.icon, t.type from categories t
     where t.id = ${rowId(id) ?? null}::int and ${holds(visibleCategories(viewer), 't')} for update`);
  if (!category) throw notFound('Category');
  const reason = whyNotChange(viewer, category);
  if (reason) throw forbidden(reason, category.ownerId === null ? 'category.global' : 'category.not_own');
  return category as CategoryRow;
}

async function uniquely<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isUniqueViolation(error))
      throw duplicateField('Category', 'name', 'Another of your categories of this type has this name');
    throw error;
  }
}
