import type { Transaction } from '../../db/sql-client.js';
import { type NewRow, set, sql, values } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission, requireScope } from '../../kernel/viewer.js';
import { badInput, type FieldProblem, notFound } from '../../lib/errors.js';
import { compareAmounts, fitsMoney } from '../../lib/money.js';
import { rowId } from '../../lib/row-id.js';
import { ApprovalRule } from './approval-rule.entity.js';

/** What a rule says; undefined stays (or takes the default), null empties. */
export interface RuleFacts {
  documentTypeId?: string | null | undefined;
  minAmount?: string | null | undefined;
  belowAmount?: string | null | undefined;
  currency?: string | null | undefined;
  level?: number | null | undefined;
  hours?: number | null | undefined;
  startsOnCreation?: boolean | null | undefined;
  isActive?: boolean | null | undefined;
}

type Rule = Required<{ [K in keyof RuleFacts]: NonNullable<RuleFacts[K]> | null }>;

const newRule: Rule = {
  documentTypeId: null,
  minAmount: null,
  belowAmount: null,
  currency: null,
  level: null,
  hours: null,
  startsOnCreation: false,
  isActive: true,
};
const maxHours = 8760;

/**
 * Creates a rule, or changes the one with `id`, and returns its id. Documents that are pending keep the level and the
 * deadline that they have. Needs `approval_rules:write`. Throws BAD_USER_INPUT, NOT_FOUND.
 */
export async function saveApprovalRule(
  ctx: CommandContext,
  { id, ...facts }: RuleFacts & { id?: string },
): Promise<number> {
  requireMayEditRules(ctx);
  return ctx.db.transaction(async (tx) => {
    const before = id === undefined ? undefined : await lockRule(tx, id);
    const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
    const rule: Rule = { ...(before ?? newRule), ...given };
    const problems = [...problemsOf(rule), ...(await unknownOf(tx, rule))];
    if (problems.length) throw badInput(problems);
    const columns = columnsOf(rule);
    const saved = await tx.first<{ id: number }>(
      before
        ? sql`update approval_rules set ${set(ApprovalRule, { ...columns, updatedAt: sql`now()` })}
               where id = ${before.id} returning id`
        : sql`insert into approval_rules ${values(ApprovalRule, columns)} returning id`,
    );
    const { id: number } = saved as { id: number };
    const documentTypeId = rule.documentTypeId === null ? null : Number(rule.documentTypeId);
    await emit(tx, ctx, before ? 'approval_rule.updated' : 'approval_rule.created', ['ApprovalRule', number], {
      documentTypeId,
      level: rule.level,
    });
    return number;
  });
}

/** Deletes a rule; documents that it sent into approval stay there. Needs `approval_rules:write`. Throws NOT_FOUND. */
export async function deleteApprovalRule(ctx: CommandContext, id: string): Promise<void> {
  requireMayEditRules(ctx);
  await ctx.db.transaction(async (tx) => {
    const rule = await lockRule(tx, id);
    await tx.send(sql`delete from approval_rules where id = ${rule.id}`);
    const documentTypeId = rule.documentTypeId === null ? null : Number(rule.documentTypeId);
    await emit(tx, ctx, 'approval_rule.deleted', ['ApprovalRule', rule.id], { documentTypeId, level: rule.level });
  });
}

/**
 * The columns of a rule; a fact that is forgotten here does not compile. Null is refused before where it is cast away.
 */
function columnsOf(rule: Rule) {
  const { documentTypeId, ...columns } = {
    documentTypeId: rule.documentTypeId,
    minAmount: rule.minAmount,
    belowAmount: rule.belowAmount,
    currency: rule.currency,
    level: rule.level,
    hours: rule.hours as number,
    startsOnCreation: rule.startsOnCreation as boolean,
    isActive: rule.isActive as boolean,
  } satisfies Record<keyof RuleFacts, unknown>;
  return { documentType: documentTypeId, ...columns } satisfies NewRow<ApprovalRule>;
}

function requireMayEditRules({ viewer }: CommandContext): void {
  requirePermission(viewer, 'approval_rules:write');
  requireScope(viewer, 'admin');
}

function problemsOf({
  minAmount,
  belowAmount,
  currency,
  level,
  hours,
  startsOnCreation,
  isActive,
}: Rule): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const refuse = (path: string, code: FieldProblem['code'], message: string): void =>
    void problems.push({ path: [path], code, message });
  const sound = (amount: string | null): boolean => amount === null || fitsMoney(amount);
  if (!sound(minAmount)) refuse('minAmount', 'invalid_format', 'At most 12 digits and 2 decimals');
  if (!sound(belowAmount)) refuse('belowAmount', 'invalid_format', 'At most 12 digits and 2 decimals');
  if (
    minAmount !== null &&
    belowAmount !== null &&
    sound(minAmount) &&
    sound(belowAmount) &&
    compareAmounts(minAmount, belowAmount) >= 0
  ) {
    refuse('belowAmount', 'too_small', 'Must be more than minAmount');
  }
  if (currency !== null && !/^[A-Z]{3}$/.test(currency))
    refuse('currency', 'invalid_format', 'A three-letter code such as EUR');
  if (level !== null && level < 1) refuse('level', 'too_small', 'Must be 1 or more');
  if (hours === null) refuse('hours', 'required', 'Say how many hours');
  else if (hours < 1) refuse('hours', 'too_small', 'Must be 1 or more');
  else if (hours > maxHours) refuse('hours', 'too_large', `At most ${maxHours}`);
  if (startsOnCreation === null) refuse('startsOnCreation', 'required', 'Must be true or false');
  if (isActive === null) refuse('isActive', 'required', 'Must be true or false');
  return problems;
}

async function unknownOf(tx: Transaction, { documentTypeId, level }: Rule): Promise<FieldProblem[]> {
  const problems: FieldProblem[] = [];
  if (documentTypeId !== null) {
    const found = await tx.first(
      sql`select id from document_types where id = ${rowId(documentTypeId) ?? null}::int for key share`,
    );
    if (!found)
      problems.push({ path: ['documentTypeId'], code: 'unknown_reference', message: 'There is no such document type' });
  }
  if (level !== null && level >= 1) {
    const found = await tx.first(sql`select 1 from roles where approval_level >= ${level}::int limit 1`);
    if (!found) problems.push({ path: ['level'], code: 'too_large', message: 'No role has this level' });
  }
  return problems;
}

async function lockRule(tx: Transaction, id: string): Promise<Rule & { id: number }> {
  const rule = await tx.first<Rule & { id: number }>(sql`
    select id, document_type_id::text as "documentTypeId", min_amount::text as "minAmount",
           below_amount::text as "belowAmount", currency, level, hours, starts_on_creation as "startsOnCreation",
           is_active as "isActive"
      from approval_rules where id = ${rowId(id) ?? null}::int for update`);
  if (!rule) throw notFound('ApprovalRule');
  return rule;
}
