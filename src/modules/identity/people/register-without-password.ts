import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { badInput } from '../../../lib/errors.js';
import { createPerson } from './create-person.js';
import { duplicate, withDuplicates } from './duplicates.js';
import { checkPerson, tidyPerson, userKeys } from './person-fields.js';
import { requireOpenRegistration, rolesOfNewcomers } from './register-user.js';
import { openRegistration } from './registrant.js';

export interface NewAccount {
  email: string;
  username: string;
}

export interface OpenedRegistration {
  userId: number;
  /** Opens the registration of the first passkey and nothing else. */
  registrationToken: string;
  expiresAt: string;
}

/**
 * Someone makes an account that they will sign in to by a passkey. One that was made before and never got a credential
 * is taken over: a browser that was closed halfway must not lock its owner out. Throws FORBIDDEN when registration is
 * closed, BAD_USER_INPUT with every problem, `duplicate` for a name that somebody has.
 */
export async function registerWithoutPassword(ctx: Context, account: NewAccount): Promise<OpenedRegistration> {
  requireOpenRegistration(ctx);
  const abandoned = await abandonedAccount(ctx.em, ctx, account.email);
  // One transaction: in between, the account would be anybody's to take over.
  return withDuplicates(userKeys, () =>
    ctx.em.transactional(async (em) => {
      const userId =
        abandoned === undefined ? await newAccount(ctx, account) : await takeOver(em, ctx, abandoned, account);
      return { userId, ...(await openRegistration(em, ctx, userId)) };
    }),
  );
}

async function newAccount(ctx: Context, account: NewAccount): Promise<number> {
  const { userId } = await createPerson(ctx, account, { roleIds: await rolesOfNewcomers(ctx), bySelf: true });
  return userId;
}

/**
 * The account of an e-mail that nobody ever could sign in to, nor is just about to, and to which nobody gave anything:
 * else what was meant for one person would go to whoever asks next.
 */
async function abandonedAccount(
  em: SqlEntityManager,
  { services }: Context,
  email: string,
): Promise<number | undefined> {
  const { email: address } = tidyPerson({ email });
  if (!address || address.includes('\0')) return undefined;
  const [account] = await em.execute<{ id: number }[]>(
    `select u.id from users u
      where lower(u.email) = lower(?) and u.is_active and u.password_hash is null and u.last_login_at is null
        and not exists (select 1 from passkeys k where k.user_id = u.id)
        and not exists (select 1 from api_tokens t where t.user_id = u.id)
        and not exists (select 1 from api_keys k where k.user_id = u.id)
        and not exists (select 1 from sessions s where s.user_id = u.id
                         and (s.kind <> 'ceremony' or (s.revoked_at is null and s.expires_at > ?::timestamptz)))
        and not exists (select 1 from role_assignments a join roles r on r.id = a.role_id where a.user_id = u.id and r.name <> 'user')
        and not exists (select 1 from document_shares d where d.user_id = u.id)
        and not exists (select 1 from invoices i where i.customer_id = u.id)`,
    [address, services.now().toISOString()],
  );
  return account?.id;
}

async function takeOver(em: SqlEntityManager, ctx: Context, userId: number, account: NewAccount): Promise<number> {
  await em.execute('select 1 from users where id = ? for update', [userId]);
  // Somebody else may have been quicker: then the address is taken after all.
  if ((await abandonedAccount(em, ctx, account.email)) !== userId) throw badInput([duplicate('email')]);
  const person = tidyPerson(account);
  await checkPerson(em, person, { exceptId: userId });
  const now = ctx.services.now().toISOString();
  await em.execute('delete from passkey_challenges where user_id = ?', [userId]);
  await em.execute(
    'update users set email = ?, username = ?, created_at = ?::timestamptz, updated_at = ?::timestamptz where id = ?',
    [person.email, person.username, now, now, userId],
  );
  await emit(em, { viewer: { userId }, requestId: ctx.requestId, ip: ctx.ip }, 'user.registered', ['User', userId], {
    username: account.username.trim(),
  });
  return userId;
}
