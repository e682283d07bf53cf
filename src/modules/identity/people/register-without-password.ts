import type { SqlRunner, Transaction } from '../../../db/sql-client.js';
import { set, sql } from '../../../db/sql.js';
import { emit, originAs } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { badInput } from '../../../lib/errors.js';
import { insertPerson } from './create-person.js';
import { duplicate, withDuplicates } from './duplicates.js';
import { checkPerson, personColumns, tidyPerson, userKeys } from './person-fields.js';
import { requireOpenRegistration, rolesOfNewcomers } from './register-user.js';
import { openRegistration } from './registrant.js';
import { User } from './user.entity.js';

export interface NewAccount {
  email: string;
  username: string;
}

export interface OpenedRegistration {
  userId: number;
  /** Allows the registration of the first passkey and nothing else. */
  registrationToken: string;
  expiresAt: string;
}

/**
 * Creates an account for oneself, to sign in to with a passkey. An earlier one that never got a credential is taken
 * over: closing the browser halfway must not lock its owner out. Throws FORBIDDEN when registration is closed,
 * BAD_USER_INPUT with every problem, `duplicate` for a name that somebody has.
 */
export async function registerWithoutPassword(ctx: Context, account: NewAccount): Promise<OpenedRegistration> {
  requireOpenRegistration(ctx);
  const abandoned = await abandonedAccount(ctx.db, ctx, account.email);
  const addAccount = abandoned === undefined ? await newAccount(ctx, account) : takeOver(ctx, abandoned, account);
  // One transaction: in between, anybody could take the account over.
  return withDuplicates(userKeys, () =>
    ctx.db.transaction(async (tx) => {
      const userId = await addAccount(tx);
      return { userId, ...(await openRegistration(tx, ctx, userId)) };
    }),
  );
}

type AddAccount = (tx: Transaction) => Promise<number>;

/** Checks the account, and returns the step that inserts it. */
async function newAccount(ctx: Context, account: NewAccount): Promise<AddAccount> {
  const person = tidyPerson({ username: account.username, email: account.email });
  const roleIds = await rolesOfNewcomers(ctx);
  await checkPerson(ctx.db, person);
  return async (tx) => {
    const { userId } = await insertPerson(tx, ctx, { ...person, passwordHash: null }, { roleIds, bySelf: true });
    return userId;
  };
}

/**
 * Returns the account of an e-mail that nobody could ever sign in to, nor is registering for at this moment, and that
 * was given nothing: otherwise what was meant for one person would go to whoever asks next.
 */
async function abandonedAccount(db: SqlRunner, { services }: Context, email: string): Promise<number | undefined> {
  const { email: address } = tidyPerson({ email });
  if (!address || address.includes('\0')) return undefined;
  const account = await db.first<{ id: number }>(sql`
    select u.id from users u
     where lower(u.email) = lower(${address}::text) and u.is_active
       and u.password_hash is null and u.last_login_at is null
       and not exists (select 1 from passkeys k where k.user_id = u.id)
       and not exists (select 1 from api_tokens t where t.user_id = u.id)
       and not exists (select 1 from api_keys k where k.user_id = u.id)
       and not exists (select 1 from sessions s where s.user_id = u.id
                        and (s.kind <> 'ceremony' or (s.revoked_at is null and s.expires_at > ${services.now()})))
       and not exists (select 1 from role_assignments a join roles r on r.id = a.role_id
                        where a.user_id = u.id and r.name <> 'user')
       and not exists (select 1 from document_shares d where d.user_id = u.id)
       and not exists (select 1 from invoices i where i.customer_id = u.id)`);
  return account?.id;
}

const takeOver =
  (ctx: Context, userId: number, account: NewAccount): AddAccount =>
  async (tx) => {
    await tx.send(sql`select 1 from users where id = ${userId} for update`);
    // Somebody else may have been quicker: then the address is taken after all.
    if ((await abandonedAccount(tx, ctx, account.email)) !== userId) throw badInput([duplicate('email')]);
    const person = tidyPerson({ username: account.username, email: account.email });
    await checkPerson(tx, person, { exceptId: userId });
    const now = ctx.services.now();
    await tx.send(sql`delete from passkey_challenges where user_id = ${userId}`);
    const { email, username } = personColumns(person);
    const changes = set(User, { email, username, createdAt: now, updatedAt: now });
    await tx.send(sql`update users set ${changes} where id = ${userId}`);
    const origin = originAs(userId, ctx);
    await emit(tx, origin, 'user.registered', ['User', userId], { username });
    return userId;
  };
