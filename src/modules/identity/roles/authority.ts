import type { Transaction } from '../../../db/sql-client.js';
import { holds, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { can, requirePermission, requireScope, requireSignedIn, type Viewer } from '../../../kernel/viewer.js';
import { conflict, forbidden, notFound } from '../../../lib/errors.js';
import { seesEverybody, visibleUsers } from '../identity.policy.js';
import { personNumber } from '../people/person-number.js';

/**
 * Returns whether the viewer's own permissions cover all of `names` (separated by commas): nobody gives more than they
 * hold.
 */
export function heldBy(viewer: Viewer, names: string): boolean {
  const held = [...viewer.permissions].map((name) => name.split(':'));
  return names
    .split(',')
    .filter(Boolean)
    .every((name) => {
      const [resource, action] = name.split(':');
      return held.some(([r, a]) => (r === '*' || r === resource) && (a === '*' || a === action));
    });
}

/**
 * Returns the number of a person (named by number or UUID) whom the viewer may change: oneself, or with `users:write`
 * and the scope `admin` anybody who holds no right that the viewer lacks: whoever sets a password
 * can act as its owner. Throws NOT_FOUND for a person whom the viewer cannot see, FORBIDDEN for one who can only be
 * seen.
 */
export async function changeablePerson({ viewer, db }: Context, id: string): Promise<number> {
  const { userId } = requireSignedIn(viewer, 'write');
  const wanted = await personNumber(db, id);
  if (wanted === undefined) throw notFound('User');
  if (wanted === userId) return wanted;
  if (can(viewer, 'users:write')) requireScope(viewer, 'admin');
  else
    throw seesEverybody(viewer) ? forbidden('This needs the permission users:write', 'permission') : notFound('User');
  // Rights that begin one day count too: a password set today would still be good by then.
  const person = await db.first<{ permissions: string }>(sql`
    select coalesce((select string_agg(distinct p.name, ',')
                       from role_assignments a join role_permissions rp on rp.role_id = a.role_id
                       join permissions p on p.id = rp.permission_id
                      where a.user_id = u.id and coalesce(a.valid_to, 'infinity') >= firm_day()), '') as permissions
      from users u where u.id = ${wanted} and u.erased_at is null and ${holds(visibleUsers(viewer), 'u')}`);
  if (!person) throw notFound('User');
  if (!heldBy(viewer, person.permissions)) throw forbidden('This person may do more than you', 'user.above');
  return wanted;
}

/**
 * Lets one transaction at a time remove administrators. A command that also locks the person's row takes this lock
 * first: the two orders together would deadlock.
 */
export async function lockAdmins(tx: Transaction): Promise<void> {
  await tx.send(sql`select id from roles where name = 'admin' for no key update`);
}

/**
 * Throws CONFLICT when the person is the last active administrator; one whose role ends on a date does not count as
 * another. Call it in the transaction that removes the rights: it locks, so that two administrators cannot remove each
 * other at the same moment.
 */
export async function requireAnotherAdmin(tx: Transaction, userId: number): Promise<void> {
  await lockAdmins(tx);
  const admins = await tx.all<{ id: number }>(sql`
    select distinct u.id from users u join role_assignments a on a.user_id = u.id join roles r on r.id = a.role_id
     where r.name = 'admin' and u.is_active and a.valid_to is null
       and coalesce(a.valid_from, '-infinity') <= firm_day()`);
  if (admins.length === 1 && admins[0]?.id === userId) {
    throw conflict('This is the last active administrator', { subject: 'User', reason: 'user.last_admin' });
  }
}

/** Throws FORBIDDEN unless the viewer may administer people with this credential, themselves included. */
export function requireAccountRights(viewer: Viewer): void {
  requirePermission(viewer, 'users:write');
  requireScope(viewer, 'admin');
}
