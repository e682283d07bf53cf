import type { SqlRunner } from '../../../db/sql-client.js';
import { sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { badInput, conflict, type FieldProblem } from '../../../lib/errors.js';
import { compareAmounts, fitsMoney, toAmount } from '../../../lib/money.js';
import { dayIn } from '../../../lib/zoned-day.js';
import { lockPerson } from '../people/lock-person.js';
import { type AssignableRole, findRole, requireMayAssign, roleHolder } from './assignable-role.js';
import { requireAnotherAdmin } from './authority.js';
import { refuseTooManyAssignments } from './bound-assignments.js';
import { requireRoleRights } from './manage-roles.js';
import { RoleAssignment } from './role-assignment.entity.js';

export interface BoundedRole {
  /** Number or UUID. */
  userId: string;
  /** Number or name. */
  roleId: string;
  /** `*`, or the code of a document type. */
  scope: string;
  maxAmount?: string | null;
  currency?: string | null;
  /** Days, such as `2026-02-03`. */
  validFrom?: string | null;
  validTo?: string | null;
  /** False: an assignment that holds today stays as it is. */
  replace: boolean;
}

/** Roles that can be bounded to a document type: only approvals look at the scope, any other role ignores it. */
const approvalRoles: ReadonlySet<string> = new Set(['VALIDATOR_L1', 'VALIDATOR_L2', 'APPROVER']);

/**
 * Gives a person a role within bounds, in place of what they hold of it in that scope. Throws NOT_FOUND for the person,
 * BAD_USER_INPUT with every problem, FORBIDDEN for a role that allows more than the giver may, CONFLICT when no
 * administrator without an end would be left, and without `replace` for a role that the person holds today in that
 * scope; CONFLICT also for a new one beside two hundred.
 */
export async function assignRole(ctx: Context, input: BoundedRole): Promise<{ userId: number; assignmentId: number }> {
  requireRoleRights(ctx);
  const userId = await roleHolder(ctx, input.userId);
  const { role, problems } = await checked(ctx.db, input);
  if (!role || problems.length)
    throw badInput(problems, problems.some(isBoundedElsewhere) ? { reason: 'role.unbounded' } : {});
  requireMayAssign(ctx.viewer, role);
  const { scope, maxAmount = null, currency = null, validFrom = null, validTo = null, replace } = input;

  return ctx.db.transaction(async (tx) => {
    const isLasting =
      validTo === null && (validFrom === null || validFrom <= dayIn(ctx.services.config.timeZone, ctx.services.now()));
    if (role.name === 'admin' && !isLasting) await requireAnotherAdmin(tx, userId);
    await lockPerson(tx, userId);
    const bounds = { maxAmount, currency, validFrom, validTo };
    const row = { user: userId, role: role.id, scope, ...bounds, assignedBy: ctx.viewer.userId ?? null };
    const saved = await tx.first<{ id: number; isNew: boolean }>(sql`
      insert into role_assignments as held ${values(RoleAssignment, row)}
      on conflict (user_id, role_id, scope) do update
         set max_amount = excluded.max_amount, currency = excluded.currency, valid_from = excluded.valid_from,
             valid_to = excluded.valid_to, assigned_by_id = excluded.assigned_by_id, updated_at = now()
       where ${replace} or held.valid_from > firm_day() or held.valid_to < firm_day()
      returning id, xmax = 0 as "isNew"`);
    if (!saved) throw conflict('The person holds this role already', { subject: 'Role', reason: 'role.assigned' });
    if (saved.isNew) await refuseTooManyAssignments(tx, userId);
    await emit(tx, ctx, 'user.roles_changed', ['User', userId], {
      role: role.name,
      change: 'assigned',
      scope,
      bounds,
    });
    return { userId, assignmentId: saved.id };
  });
}

const isBoundedElsewhere = ({ path, code }: FieldProblem): boolean => path[0] === 'scope' && code === 'not_allowed';

async function checked(
  db: SqlRunner,
  input: BoundedRole,
): Promise<{ role: AssignableRole | undefined; problems: FieldProblem[] }> {
  const { scope, maxAmount, currency, validFrom, validTo } = input;
  const problems: FieldProblem[] = [];
  const refuse = (path: string, code: FieldProblem['code'], message: string): void =>
    void problems.push({ path: [path], code, message });

  const role = await findRole(db, input.roleId);
  if (!role) refuse('roleId', 'unknown_reference', 'There is no such role');
  if (scope !== '*') {
    if (!(await isDocumentType(db, scope))) refuse('scope', 'unknown_reference', 'There is no such document type');
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

async function isDocumentType(db: SqlRunner, code: string): Promise<boolean> {
  if (!/^[A-Z][A-Z0-9_]{0,29}$/.test(code)) return false;
  return (await db.first(sql`select 1 from document_types where code = ${code}`)) !== undefined;
}
