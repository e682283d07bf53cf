import type { Context } from '../../../kernel/context.js';
import { can, requireInPerson } from '../../../kernel/viewer.js';
import { forbidden } from '../../../lib/errors.js';
import { changeablePerson, lockAdmins, requireAccountRights } from '../roles/authority.js';
import { BusinessRole } from '../roles/business-role.js';
import { replaceRole } from '../roles/change-roles.js';
import { checkPasswordChange, writePassword } from '../sessions/change-password.js';
import { hashPassword } from '../sessions/passwords.js';
import { withDuplicates } from './duplicates.js';
import { checkPerson, type PersonFields, tidyPerson, userKeys } from './person-fields.js';
import { writeActive } from './set-active.js';
import { writePerson } from './update-user.js';

export interface AccountChanges extends PersonFields {
  id: string;
  role?: BusinessRole | null;
  isActive?: boolean | null;
  newPassword?: string | null;
  /** Asked for with a new password of one's own. */
  currentPassword?: string | null;
}

const businessRoles: readonly string[] = Object.values(BusinessRole);

/**
 * Changes an account as an administrator: the given fields only, all or nothing. `role` replaces whatever business
 * roles the person holds; their other roles stay. A role needs `roles:write`, a password a session. Throws
 * BAD_USER_INPUT with every problem, CONFLICT for the last active administrator.
 */
export async function updateAccount(
  ctx: Context,
  { id, role, isActive, newPassword, currentPassword, ...fields }: AccountChanges,
): Promise<{ userId: number }> {
  requireAccountRights(ctx.viewer);
  if (role != null && !can(ctx.viewer, 'roles:write'))
    throw forbidden('Giving roles needs the permission roles:write', 'permission');
  if (newPassword != null) requireInPerson(ctx.viewer);
  const userId = await changeablePerson(ctx, id);

  const person = tidyPerson(fields);
  const password =
    newPassword == null
      ? undefined
      : await checkPasswordChange(ctx, userId, { newPassword, currentPassword: currentPassword ?? null });
  await checkPerson(ctx.db, person, { exceptId: userId, others: password?.problems ?? [] });
  const passwordHash = newPassword == null ? undefined : await hashPassword(newPassword);

  await withDuplicates(userKeys, () =>
    ctx.db.transaction(async (tx) => {
      if (role != null || isActive === false) await lockAdmins(tx);
      if (role != null) await replaceRole(tx, ctx, userId, role, businessRoles);
      if (isActive != null) await writeActive(tx, ctx, userId, isActive);
      await writePerson(tx, ctx, userId, person);
      if (password && passwordHash !== undefined)
        await writePassword(tx, ctx, userId, { before: password.before, passwordHash });
    }),
  );
  return { userId };
}
