import type { Transaction } from '../../../db/sql-client.js';
import { holds, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badField, notFound } from '../../../lib/errors.js';
import { tidyName } from '../../../lib/names.js';
import { rowId } from '../../../lib/row-id.js';
import type { SharePermission } from './account-share.entity.js';
import { jointType } from './bank-account-type.entity.js';
import { visibleShares } from './bank-account.policy.js';
import { lockOwnAccount, lockVisibleAccounts } from './lock-accounts.js';

export interface NewShare {
  accountId: string;
  email: string;
  permission: SharePermission;
}

export interface ShareKey {
  id: string;
  /** Of the account that it must be of. */
  accountId?: string | null | undefined;
}

const mostShares = 20;

/**
 * Lets another person read, or also write, a joint account of the viewer's, and returns the id of the share. Sharing
 * again changes what they may do. Throws NOT_FOUND, FORBIDDEN, CONFLICT beyond 20 shares, and BAD_USER_INPUT: the same
 * for an address that nobody has and for one whose person may no longer sign in, so that only whoever has an account
 * to share learns that an address is somebody's, and nothing else.
 */
export async function shareBankAccount(
  ctx: CommandContext,
  { accountId, email, permission }: NewShare,
): Promise<number> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const account = await lockOwnAccount(tx, ctx, accountId);
    if (account.typeId !== jointType) throw badField('accountId', 'not_allowed', 'only a joint account may be shared');
    const personId = await personBehind(tx, email);
    if (personId === undefined) throw badField('email', 'unknown_reference', 'is no address of anybody here');
    if (personId === userId) throw badField('email', 'not_allowed', 'is your own address');
    const before = await tx.first<{ id: number; permission: SharePermission }>(
      sql`select id, permission from account_shares where account_id = ${account.id} and user_id = ${personId}`,
    );
    if (before?.permission === permission) return before.id;
    if (!before)
      await refuseBeyond(
        tx,
        'AccountShare',
        mostShares,
        sql`select 1 from account_shares where account_id = ${account.id}`,
      );
    // The account is locked, so nobody else adds or removes one meanwhile, except the erasure of the person.
    const share = await tx.first<{ id: number }>(sql`
      insert into account_shares (account_id, user_id, permission) values (${account.id}, ${personId}, ${permission})
      on conflict (account_id, user_id) do update set permission = excluded.permission returning id`);
    await emit(tx, ctx, 'bank_account.shared', ['BankAccount', account.id], {
      ownerId: account.ownerId,
      userId: personId,
      name: account.name,
      permission,
    });
    return (share as { id: number }).id;
  });
}

/**
 * Ends a share, by the account's owner or by the person whom it is for, and returns the id that it had. Throws
 * NOT_FOUND, also for the share of a third person.
 */
export async function unshareBankAccount(ctx: CommandContext, { id, accountId }: ShareKey): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const shareId = rowId(id) ?? null;
    const found = await tx.first<{ accountId: number }>(
      sql`select account_id as "accountId" from account_shares where id = ${shareId}::int`,
    );
    if (accountId != null && Number(accountId) !== found?.accountId) throw notFound('AccountShare');
    const account = found && (await lockVisibleAccounts(tx, ctx, [found.accountId])).get(found.accountId);
    if (!account) throw notFound('AccountShare');
    const share = await tx.first<{ id: number; userId: number }>(sql`
      delete from account_shares t where t.id = ${shareId}::int and ${holds(visibleShares(ctx.viewer), 't')}
      returning t.id, t.user_id as "userId"`);
    if (!share) throw notFound('AccountShare');
    const data = { ownerId: account.ownerId, userId: share.userId, name: account.name };
    await emit(tx, ctx, 'bank_account.unshared', ['BankAccount', account.id], data);
    return share.id;
  });
}

/** The number of the active person with this address, who stays so until the transaction ends. */
async function personBehind(tx: Transaction, email: string): Promise<number | undefined> {
  const address = tidyName(email);
  if (address === '' || address.includes('\0')) return undefined;
  const person = await tx.first<{ id: number }>(sql`
    select id from users
     where lower(email) = lower(${address}::text) and is_active and erased_at is null for key share`);
  return person?.id;
}
