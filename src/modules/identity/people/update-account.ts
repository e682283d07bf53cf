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
 * An administrator changes an account: the given fields only, all or nothing. `role` takes the place of whatever
 * business roles the person holds; their other roles stay. A role needs `roles:write`, a password a session. Throws
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
  await checkPerson(ctx.em, person, { exceptId: userId, others: password?.problems ?? [] });
  const passwordHash = newPassword == null ? undefined : await hashPassword(newPassword);

  await withDuplicates(userKeys, () =>
    ctx.em.transactional(async (em) => {
      if (role != null || isActive === false) await lockAdmins(em);
      if (role != null) await replaceRole(em, ctx, userId, role, businessRoles);
      if (isActive != null) await writeActive(em, ctx, userId, isActive);
      await writePerson(em, ctx, userId, person);
      if (password && passwordHash !== undefined)
        await writePassword(em, ctx, userId, { before: password.before, passwordHash });
    }),
  );
  return { userId };
}
