import type { SqlRunner } from '../db/sql-client.js';
import { raw, sql } from '../db/sql.js';
import { badInput, notFound } from '../lib/errors.js';
import { createPerson } from '../modules/identity/people/create-person.js';
import { writeStatus } from '../modules/identity/people/set-active.js';
import { UserStatus } from '../modules/identity/people/user-status.js';
import { checkPasswordChange, writePassword } from '../modules/identity/sessions/change-password.js';
import { hashPassword } from '../modules/identity/sessions/passwords.js';
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
