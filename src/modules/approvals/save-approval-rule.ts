import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../events/outbox.js';
import { requirePermission, requireScope } from '../../kernel/viewer.js';
import { badInput, type FieldProblem, notFound } from '../../lib/errors.js';
import { compareAmounts, fitsMoney } from '../../lib/money.js';
import { rowId } from '../../lib/row-id.js';
import { type CommandContext, execute } from '../documents/files/write-rows.js';

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
 * Makes a rule, or changes the one with `id`. Documents that are pending keep the level and the deadline that they were
 * given. Needs `approval_rules:write`. Throws BAD_USER_INPUT, NOT_FOUND.
 */
export async function saveApprovalRule(ctx: CommandContext, facts: RuleFacts, id?: string): Promise<number> {
  requireMayEditRules(ctx);
  return ctx.em.transactional(async (em) => {
    const before = id === undefined ? undefined : await lockRule(em, id);
    const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
    const rule: Rule = { ...(before ?? newRule), ...given };
    const problems = [...problemsOf(rule), ...(await unknownOf(em, rule))];
    if (problems.length) throw badInput(problems);
    const values = [
      rule.documentTypeId,
      rule.minAmount,
      rule.belowAmount,
      rule.currency,
      rule.level,
      rule.hours,
      rule.startsOnCreation,
      rule.isActive,
    ];
    const [saved] = before
      ? await execute<{ id: number }>(
          em,
          `update approval_rules set document_type_id = ?, min_amount = ?, below_amount = ?, currency = ?, level = ?, hours = ?,
                  starts_on_creation = ?, is_active = ?, updated_at = now() where id = ? returning id`,
          [...values, before.id],
        )
      : await execute<{ id: number }>(
          em,
          `insert into approval_rules (document_type_id, min_amount, below_amount, currency, level, hours, starts_on_creation, is_active)
           values (?, ?, ?, ?, ?, ?, ?, ?) returning id`,
          values,
        );
    const { id: number } = saved as { id: number };
    const documentTypeId = rule.documentTypeId === null ? null : Number(rule.documentTypeId);
    await emit(em, ctx, before ? 'approval_rule.updated' : 'approval_rule.created', ['ApprovalRule', number], {
      documentTypeId,
      level: rule.level,
    });
    return number;
  });
}

/** Deletes a rule; documents that it sent into approval stay there. Needs `approval_rules:write`. Throws NOT_FOUND. */
export async function deleteApprovalRule(ctx: CommandContext, id: string): Promise<void> {
  requireMayEditRules(ctx);
  await ctx.em.transactional(async (em) => {
    const rule = await lockRule(em, id);
    await execute(em, 'delete from approval_rules where id = ?', [rule.id]);
    const documentTypeId = rule.documentTypeId === null ? null : Number(rule.documentTypeId);
    await emit(em, ctx, 'approval_rule.deleted', ['ApprovalRule', rule.id], { documentTypeId, level: rule.level });
  });
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

async function unknownOf(em: SqlEntityManager, { documentTypeId, level }: Rule): Promise<FieldProblem[]> {
  const problems: FieldProblem[] = [];
  if (documentTypeId !== null) {
    const found = await execute(em, 'select id from document_types where id = ?::int for key share', [
      rowId(documentTypeId) ?? null,
    ]);
    if (!found.length)
      problems.push({ path: ['documentTypeId'], code: 'unknown_reference', message: 'There is no such document type' });
  }
  if (level !== null && level >= 1) {
    const found = await execute(em, 'select 1 from roles where approval_level >= ? limit 1', [level]);
    if (!found.length) problems.push({ path: ['level'], code: 'too_large', message: 'No role has this level' });
  }
  return problems;
}

async function lockRule(em: SqlEntityManager, id: string): Promise<Rule & { id: number }> {
  const [rule] = await execute<Rule & { id: number }>(
    em,
    `select id, document_type_id::text as "documentTypeId", min_amount::text as "minAmount", below_amount::text as "belowAmount", currency, level, hours,
            starts_on_creation as "startsOnCreation", is_active as "isActive" from approval_rules where id = ?::int for update`,
    [rowId(id) ?? null],
  );
  if (!rule) throw notFound('ApprovalRule');
  return rule;
}
