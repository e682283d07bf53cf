import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { compareAmounts, fitsMoney, toAmount } from '../../../lib/money.js';
import { type AssignableRole, findRole, requireMayAssign, roleHolder } from './assignable-role.js';
import { requireAnotherAdmin } from './authority.js';
import { requireRoleRights } from './manage-roles.js';

export interface BoundedRole {
  userId: string;
  /** Name of the role. */
  role: string;
  /** `*`, or the code of a document type. */
  scope: string;
  maxAmount?: string | null;
  currency?: string | null;
  /** Days, such as `2026-02-03`. */
  validFrom?: string | null;
  validTo?: string | null;
}

/** Only approvals look at the scope: any other role would allow everything that it allows, whatever its scope. */
const approvalRoles: ReadonlySet<string> = new Set(['VALIDATOR_L1', 'VALIDATOR_L2', 'APPROVER']);

/**
 * Gives a person a role within bounds; what they held of it in that scope is replaced. Throws NOT_FOUND for the person,
 * BAD_USER_INPUT with everything that is wrong, FORBIDDEN for a role above the giver, CONFLICT when it would leave no
 * administrator for good.
 */
export async function saveRoleAssignment(ctx: Context, input: BoundedRole): Promise<{ assignmentId: number }> {
  requireRoleRights(ctx);
  const userId = await roleHolder(ctx.em, input.userId);
  const { role, problems } = await checked(ctx.em, input);
  if (!role || problems.length)
    throw badInput(problems, problems.some(isBoundedElsewhere) ? { reason: 'role.unbounded' } : {});
  requireMayAssign(ctx.viewer, role);
  const { scope, maxAmount = null, currency = null, validFrom = null, validTo = null } = input;

  return ctx.em.transactional(async (em) => {
    const isLasting =
      validTo === null && (validFrom === null || validFrom <= ctx.services.now().toISOString().slice(0, 10));
    if (role.name === 'admin' && !isLasting) await requireAnotherAdmin(em, userId);
    const [saved] = await em.execute<{ id: number }[]>(
      `insert into role_assignments as held (user_id, role_id, scope, max_amount, currency, valid_from, valid_to, assigned_by_id)
       values (?, ?, ?, ?::numeric, ?, ?::date, ?::date, ?)
       on conflict (user_id, role_id, scope) do update
          set max_amount = excluded.max_amount, currency = excluded.currency, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
              assigned_by_id = excluded.assigned_by_id, updated_at = now()
       returning id`,
      [userId, role.id, scope, maxAmount, currency, validFrom, validTo, ctx.viewer.userId ?? null],
    );
    await emit(em, ctx, 'user.roles_changed', ['User', userId], {
      role: role.name,
      change: 'assigned',
      scope,
      bounds: { maxAmount, currency, validFrom, validTo },
    });
    return { assignmentId: (saved as { id: number }).id };
  });
}

const isBoundedElsewhere = ({ path, code }: FieldProblem): boolean => path[0] === 'scope' && code === 'not_allowed';

async function checked(
  em: SqlEntityManager,
  input: BoundedRole,
): Promise<{ role: AssignableRole | undefined; problems: FieldProblem[] }> {
  const { scope, maxAmount, currency, validFrom, validTo } = input;
  const problems: FieldProblem[] = [];
  const refuse = (path: string, code: FieldProblem['code'], message: string): void =>
    void problems.push({ path: [path], code, message });

  const role = await findRole(em, { name: input.role });
  if (!role) refuse('role', 'unknown_reference', 'There is no such role');
  if (scope !== '*') {
    if (!(await isDocumentType(em, scope))) refuse('scope', 'unknown_reference', 'There is no such document type');
    else if (role && !approvalRoles.has(role.name))
      refuse('scope', 'not_allowed', 'This role cannot be held for one document type only');
  }
  if (maxAmount != null) {
    if (toAmount(maxAmount) === undefined) refuse('maxAmount', 'invalid_format', 'At most 2 decimals');
    else if (compareAmounts(maxAmount, 0) < 0) refuse('maxAmount', 'too_small', 'Must be 0 or more');
    else if (!fitsMoney(maxAmount)) refuse('maxAmount', 'too_large', 'At most 12 digits');
  }
  if (currency != null && !/^[A-Z]{3}$/.test(currency))
    refuse('currency', 'invalid_format', 'A three-letter code such as EUR');
  if (validFrom != null && validTo != null && validFrom > validTo)
    refuse('validTo', 'too_small', 'Must not lie before validFrom');
  return { role, problems };
}

async function isDocumentType(em: SqlEntityManager, code: string): Promise<boolean> {
  if (!/^[A-Z][A-Z0-9_]{0,29}$/.test(code)) return false;
  return (await em.execute<unknown[]>('select 1 from document_types where code = ?', [code])).length > 0;
}
