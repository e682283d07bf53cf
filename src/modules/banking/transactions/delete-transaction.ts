import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { trashTransactions } from '../trash/trash-transactions.js';
import { refuseRemoval } from './held-transaction.js';
import { lockTransaction } from './lock-transaction.js';

/**
 * Deletes a transaction, into the trash, and returns the id that it had. Throws NOT_FOUND, FORBIDDEN, BAD_USER_INPUT,
 * and CONFLICT for what is reconciled, and for a leg of a transfer: what disappears from another account, too, goes by
 * its own name.
 */
export async function deleteTransaction(ctx: CommandContext, id: string): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const { transaction } = await lockTransaction(tx, ctx, id);
    refuseRemoval(transaction);
    await trashTransactions(tx, ctx, [transaction.id]);
    return transaction.id;
  });
}
