import { raw, set, sql, values } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { insertOnce } from '../../../kernel/insert-once.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { checkedAmount, checkedText } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import {
  compareAmounts,
  fitsMoney,
  formatDecimal,
  lineTotal,
  parseDecimal,
  quantityScale,
} from '../../../lib/money.js';
import { lockParent, lockPart, notePart, type Part, removePart } from '../parts.js';
import { UsedPart } from './used-part.entity.js';

const part: Part = { table: 'used_parts', subject: 'UsedPart', field: 'usedParts', most: 500 };
/** `numeric(12,3)` holds nine digits before the point. */
const quantityLimit = 10n ** 12n;

export interface UsedPartFields {
  reference?: string | null | undefined;
  label?: string | null | undefined;
  quantity?: string | null | undefined;
  unitPrice?: string | null | undefined;
}

interface UsedPartFacts {
  reference: string | null;
  label: string;
  quantity: string;
  unitPrice: string | null;
}

export interface NewUsedPart extends UsedPartFields {
  interventionId: string;
  id?: string | null | undefined;
  label: string;
  quantity: string;
}

const nothing: UsedPartFacts = { reference: null, label: '', quantity: '0', unitPrice: null };

/** Notes material that was used up, and returns its id. Throws NOT_FOUND, BAD_USER_INPUT, CONFLICT. */
export async function createUsedPart(
  ctx: CommandContext,
  { interventionId, id, ...given }: NewUsedPart,
): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  const facts = checkedPart(given, nothing);
  return ctx.db.transaction(async (tx) => {
    const parent = await lockParent(tx, viewer, interventionId, { part });
    const row = { intervention: parent.interventionId, ...facts, createdBy: viewer.userId };
    const made = await insertOnce(tx, {
      ...part,
      id,
      userId: viewer.userId,
      insert: (key) => sql`
        insert into used_parts ${values(UsedPart, { id: key, ...row, createdAt: ctx.services.now() })}
            on conflict (id) do nothing returning id`,
    });
    if (made.isNew) await notePart(tx, ctx, part, parent);
    return made.id;
  });
}

/** Changes what is given of material. Throws NOT_FOUND, BAD_USER_INPUT with every problem. */
export async function updateUsedPart(
  ctx: CommandContext,
  { id, ...given }: UsedPartFields & { id: string },
): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  return ctx.db.transaction(async (tx) => {
    const columns = raw('p.reference, p.label, p.quantity, p.unit_price as "unitPrice"');
    const before = await lockPart<UsedPartFacts>(tx, viewer, { part, id, columns });
    const facts = checkedPart(given, before);
    await tx.send(sql`update used_parts set ${set(UsedPart, facts)} where id = ${before.id}::uuid`);
    await notePart(tx, ctx, part, before);
    return before.id;
  });
}

/** Removes material, and returns its id. Throws NOT_FOUND. */
export async function deleteUsedPart(ctx: CommandContext, id: string): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  return ctx.db.transaction(async (tx) => {
    const row = await lockPart(tx, viewer, { part, id, columns: raw('p.label') });
    return removePart(tx, ctx, { part, row });
  });
}

function checkedPart(given: UsedPartFields, before: UsedPartFacts): UsedPartFacts {
  const problems: FieldProblem[] = [];
  const [reference, price] = [
    given.reference === undefined ? before.reference : given.reference,
    given.unitPrice === undefined ? before.unitPrice : given.unitPrice,
  ];
  const facts = {
    reference: checkedText(reference ?? '', ['reference'], problems, { max: 100 }) || null,
    label: checkedText(given.label ?? before.label, ['label'], problems, { max: 500, isRequired: true }),
    quantity: checkedQuantity(given.quantity ?? before.quantity, problems),
    unitPrice: price === null ? null : checkedAmount(price, ['unitPrice'], problems),
  };
  if (facts.unitPrice !== null && compareAmounts(facts.unitPrice, '0') < 0)
    problems.push({ path: ['unitPrice'], code: 'too_small', message: 'must be 0 or more' });
  if (problems.length === 0 && facts.unitPrice !== null && !fitsMoney(lineTotal(facts.quantity, facts.unitPrice)))
    problems.push({ path: ['quantity'], code: 'too_large', message: 'times the price must have at most 12 digits' });
  if (problems.length) throw badInput(problems);
  return facts;
}

function checkedQuantity(quantity: string, problems: FieldProblem[]): string {
  const exact = parseDecimal(quantity, quantityScale);
  const refuse = (code: FieldProblem['code'], message: string): void =>
    void problems.push({ path: ['quantity'], code, message });
  if (exact === undefined) refuse('invalid', `must have at most ${quantityScale} decimals`);
  else if (exact <= 0n) refuse('too_small', 'must be more than 0');
  else if (exact >= quantityLimit) refuse('too_large', 'must have at most 9 digits');
  return formatDecimal(exact ?? 0n, quantityScale);
}
