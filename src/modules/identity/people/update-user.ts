import type { Transaction } from '../../../db/sql-client.js';
import { raw, set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { refuseStale } from '../../../kernel/stale-version.js';
import { can, requireInPerson } from '../../../kernel/viewer.js';
import { forbidden, notFound } from '../../../lib/errors.js';
import { changeablePerson, lockAdmins, requireAccountRights } from '../roles/authority.js';
import { type BusinessRole, businessRoles } from '../roles/business-role.js';
import { replaceRole } from '../roles/replace-role.js';
import { checkPasswordChange, writePassword } from '../sessions/change-password.js';
import { hashPassword } from '../sessions/passwords.js';
import { withDuplicates } from './duplicates.js';
import {
  checkPerson,
  personColumns,
  type PersonFields,
  personFieldNames,
  tidyPerson,
  userKeys,
} from './person-fields.js';
import { writeStatus } from './set-active.js';
import { UserStatus } from './user-status.js';
import { User } from './user.entity.js';

export interface UserChanges extends PersonFields {
  /** Number or UUID. */
  id: string;
  role?: BusinessRole | null;
  status?: UserStatus | null;
  newPassword?: string | null;
  /** Asked for with a new password of one's own. */
  currentPassword?: string | null;
  /** Of the profile that the changes were made on. */
  version?: number | null;
}

/**
 * Changes a person, oneself or with `users:write` anybody: the given fields only, all or nothing; null empties a field
 * of the profile. `role` replaces whatever business roles the person holds, and their other roles stay; it needs
 * `roles:write`. `role` and `status` need `users:write` for oneself too, a password needs a session, and another's a
 * request that is itself the proof, as at a REST route whose contract has no place for one. Throws
 * BAD_USER_INPUT with every problem, CONFLICT for an old version and for the last active administrator.
 */
export async function updateUser(
  ctx: Context,
  { id, role, status, newPassword, currentPassword, version, ...fields }: UserChanges,
): Promise<{ userId: number }> {
  const userId = await changeablePerson(ctx, id);
  if (role != null || status != null) requireAccountRights(ctx.viewer);
  if (role != null && !can(ctx.viewer, 'roles:write'))
    throw forbidden('Giving roles needs the permission roles:write', 'permission');
  if (newPassword != null) {
    const viewer = requireInPerson(ctx.viewer);
    if (userId !== viewer.userId && !ctx.isConfirmed)
      throw forbidden("Set another's password by changePassword, which asks for a proof", 'user.another_password');
  }

  const person = tidyPerson(fields);
  const password =
    newPassword == null
      ? undefined
      : await checkPasswordChange(ctx, userId, { newPassword, currentPassword: currentPassword ?? null });
  await checkPerson(ctx.db, person, { exceptId: userId, others: password?.problems ?? [] });
  const passwordHash = newPassword == null ? undefined : await hashPassword(newPassword);

  await withDuplicates(userKeys, () =>
    ctx.db.transaction(async (tx) => {
      if (role != null || (status ?? UserStatus.ACTIVE) !== UserStatus.ACTIVE) await lockAdmins(tx);
      if (role != null) await replaceRole(tx, ctx, userId, role, businessRoles);
      if (status != null) await writeStatus(tx, ctx, userId, status);
      await writePerson(tx, ctx, userId, { ...person, seen: version });
      if (password && passwordHash !== undefined)
        await writePassword(tx, ctx, userId, { before: password.before, passwordHash });
    }),
  );
  return { userId };
}

const columnNames = {
  username: 'username',
  email: 'email',
  firstName: 'first_name',
  lastName: 'last_name',
  phone: 'phone',
  street: 'street',
  city: 'city',
  postalCode: 'postal_code',
  country: 'country',
  timeZone: 'time_zone',
} satisfies { [field in keyof PersonFields]-?: string };

const currentFields = raw(
  Object.entries(columnNames)
    .map(([field, column]) => `${column} as "${field}"`)
    .join(', '),
);

/**
 * Writes the checked fields that differ. Throws NOT_FOUND for a person who was erased, CONFLICT when the profile has
 * changed since the version that was `seen`.
 */
async function writePerson(
  tx: Transaction,
  ctx: Context,
  userId: number,
  { seen, ...person }: PersonFields & { seen: number | null | undefined },
): Promise<void> {
  const before = await tx.first<PersonFields & { version: number }>(
    sql`select ${currentFields}, version from users where id = ${userId} and erased_at is null for update`,
  );
  if (!before) throw notFound('User');
  await refuseStale(tx, ['User', { id: String(userId), version: before.version }], seen);
  const fields = personFieldNames.filter(
    (name) => person[name] !== undefined && (person[name] || null) !== (before[name] || null),
  );
  if (!fields.length) return;
  const columns = personColumns(person);
  const changes: Partial<typeof columns> = Object.fromEntries(fields.map((name) => [name, columns[name]]));
  const version = before.version + 1;
  await tx.send(
    sql`update users set ${set(User, { ...changes, version, updatedAt: sql`now()` })} where id = ${userId}`,
  );
  await emit(tx, ctx, 'user.updated', ['User', userId], { fields, version });
}
