import type { SqlRunner } from '../db/sql-client.js';
import { raw, sql } from '../db/sql.js';
import { badInput, notFound } from '../lib/errors.js';
import { bootstrapAdmin } from '../modules/identity/people/bootstrap-admin.js';
import { createPerson } from '../modules/identity/people/create-person.js';
import { writeStatus } from '../modules/identity/people/set-active.js';
import { UserStatus } from '../modules/identity/people/user-status.js';
import { checkPasswordChange, writePassword } from '../modules/identity/sessions/change-password.js';
import { hashPassword, readablePassword } from '../modules/identity/sessions/passwords.js';
import { directly, type DirectOptions } from './direct.js';
import type { ListedUser, NewUser } from './user.js';

// What is done here is done by the server itself: the log of events names nobody, and a request that begins with
// `cli_`.

export const listUsers = (options: DirectOptions): Promise<ListedUser[]> =>
  directly(options, ({ database }) => usersOf(database.client));

export const createUser = ({ roles, password, ...person }: NewUser, options: DirectOptions): Promise<ListedUser> =>
  directly(options, async ({ database, contextOf }) => {
    const known = await database.client.all<{ id: number; name: string }>(sql`select id, name from roles`);
    const wanted = roles.map((name) => ({ name, id: known.find((role) => role.name === name)?.id }));
    const { userId } = await createPerson(
      contextOf(),
      { ...person, password },
      {
        roleIds: wanted.flatMap(({ id }) => id ?? []),
        problems: wanted.flatMap(({ name, id }) =>
          id === undefined
            ? [{ path: ['role'], code: 'unknown_reference', message: `there is no role ${name}` } as const]
            : [],
        ),
      },
    );
    const [user] = await usersOf(database.client, userId);
    return user as ListedUser;
  });

export const resetPassword = (username: string, newPassword: string, options: DirectOptions): Promise<void> =>
  directly(options, async ({ database, contextOf }) => {
    const ctx = contextOf();
    const userId = await userIdOf(database.client, username);
    const { before, problems } = await checkPasswordChange(ctx, userId, { newPassword });
    if (problems.length > 0) throw badInput(problems);
    const passwordHash = await hashPassword(newPassword);
    await ctx.db.transaction((tx) => writePassword(tx, ctx, userId, { before, passwordHash }));
  });

/**
 * Gives an administrator a password that is made here, and lets them in again. Without a name it is the one whom the
 * first start makes, or else the first that is active; where there is nobody at all, the first administrator is made.
 * Throws NOT_FOUND.
 */
export const resetAdmin = (
  username: string | undefined,
  options: DirectOptions,
): Promise<{ username: string; password: string }> =>
  directly(options, async ({ database, contextOf, config }) => {
    const password = readablePassword();
    const made = await bootstrapAdmin(database.client, { admin: { ...config.admin, password } });
    if (made) return { username: made.username, password };
    const ctx = contextOf();
    const passwordHash = await hashPassword(password);
    const isWanted = username === undefined ? raw('true') : sql`lower(u.username) = lower(${username})`;
    return ctx.db.transaction(async (tx) => {
      const admin = await tx.first<{ id: number; username: string; before: string | null }>(sql`
        select u.id, u.username, u.password_hash as before from users u
         where u.erased_at is null and ${isWanted}
           and exists (select 1 from user_roles a join roles r on r.id = a.role_id
                        where a.user_id = u.id and r.name = 'admin')
         order by lower(u.username) = lower(${config.admin.username}) desc, u.is_active desc, u.id limit 1`);
      if (!admin) throw notFound(username === undefined ? 'Administrator' : `Administrator ${username}`);
      await writeStatus(tx, ctx, admin.id, UserStatus.ACTIVE);
      await writePassword(tx, ctx, admin.id, { before: admin.before, passwordHash });
      return { username: admin.username, password };
    });
  });

export const setActive = (username: string, isActive: boolean, options: DirectOptions): Promise<void> =>
  directly(options, async ({ database, contextOf }) => {
    const ctx = contextOf();
    const userId = await userIdOf(database.client, username);
    await ctx.db.transaction((tx) => writeStatus(tx, ctx, userId, isActive ? UserStatus.ACTIVE : UserStatus.INACTIVE));
  });

/** Throws NOT_FOUND. */
export async function userIdOf(db: SqlRunner, username: string): Promise<number> {
  const user = await db.first<{ id: number }>(sql`
    select id from users where lower(username) = lower(${username}) and erased_at is null`);
  if (!user) throw notFound(`User ${username}`);
  return user.id;
}

const usersOf = (db: SqlRunner, id?: number): Promise<ListedUser[]> =>
  db.all<ListedUser>(sql`
    select u.id::text as id, u.username, u.email,
           nullif(trim(concat_ws(' ', u.first_name, u.last_name)), '') as "fullName",
           u.is_active as "isActive",
           array(select distinct r.name from user_roles ur join roles r on r.id = ur.role_id
                  where ur.user_id = u.id order by r.name) as roles
      from users u
     where u.erased_at is null and ${id === undefined ? raw('true') : sql`u.id = ${id}::int`} order by u.id`);
