import { holds, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { conflict, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';
import { lockVisibleAccounts, requireWrite } from '../accounts/lock-accounts.js';
import { lockTransaction } from '../transactions/lock-transaction.js';
import { putBack, takeOut } from './put-back.js';

/**
 * Takes a transaction out of the trash, with the number that it had, and returns that; one that is there already stays
 * as it is. A leg whose other account is gone comes back as a transaction like any other. Throws NOT_FOUND, FORBIDDEN
 * for whoever may not write the account, CONFLICT for a leg of a transfer that can come back whole, and as `putBack`.
 */
export async function restoreTransaction(ctx: CommandContext, given: string): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  const id = rowId(given) ?? null;
  return ctx.db.transaction(async (tx) => {
    const found = await tx.first<{ accountId: number }>(sql`
      select t.account_id as "accountId" from trashed_transactions t
       where t.id = ${id}::int and ${holds(visibleInAccounts(ctx.viewer), 't')}`);
    if (!found) return (await lockTransaction(tx, ctx, given)).transaction.id;
    const accounts = await lockVisibleAccounts(tx, ctx, [found.accountId]);
    const account = accounts.get(found.accountId);
    if (!account) throw notFound('Transaction');
    requireWrite(ctx, account);
    const [row] = await takeOut(tx, sql`t.id = ${id}::int`);
    // Somebody else has brought it back meanwhile.
    if (!row) return (await lockTransaction(tx, ctx, given)).transaction.id;
    const { transferId, content } = row;
    const other =
      transferId !== null &&
      (await tx.first(sql`select 1 from trashed_transactions where transfer_id = ${transferId}`));
    if (other)
      throw conflict(`It is a leg of transfer ${transferId}: both legs come back with the transfer`, {
        subject: 'Transaction',
        reason: 'transaction.in_transfer',
        details: { transferId },
      });
    const alone = { ...content, transaction: { ...content.transaction, transfer_id: null } };
    await putBack(tx, ctx, [{ ...row, content: alone }], accounts);
    return row.id;
  });
}
