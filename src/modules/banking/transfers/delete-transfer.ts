import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { refuseReconciled } from '../transactions/held-transaction.js';
import { trashTransactions } from '../trash/trash-transactions.js';
import { lockTransfer } from './lock-transfer.js';

/**
 * Deletes a transfer with both its legs, into the trash, and returns the id that it had. Throws NOT_FOUND, FORBIDDEN,
 * CONFLICT when a leg is reconciled, or BAD_USER_INPUT when a savings account would be overdrawn.
 */
export async function deleteTransfer(ctx: CommandContext, id: string): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const { transfer } = await lockTransfer(tx, ctx, id);
    const { fromTransactionId, toTransactionId, fromAccountId, toAccountId } = transfer;
    refuseReconciled({ reconciliationId: transfer.fromReconciliationId ?? transfer.toReconciliationId });
    await trashTransactions(tx, ctx, [fromTransactionId, toTransactionId]);
    await emit(tx, ctx, 'transfer.deleted', ['Transfer', transfer.id], { fromAccountId, toAccountId });
    return transfer.id;
  });
}
