import { sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { conflict } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { lockTransaction } from '../transactions/lock-transaction.js';
import { putBack, type RestoreLoss, takeOut } from './put-back.js';

/** The number of what came back, and what did not come back with it. */
export interface Restored {
  id: number;
  lost: RestoreLoss[];
}

/**
 * Takes a transaction out of the trash, with the number that it had; one that is there already stays as it is. A leg
 * whose other account is gone comes back as a transaction like any other. Throws NOT_FOUND, FORBIDDEN for whoever may
 * not write the account, CONFLICT for a leg of a transfer that can come back whole, and as `putBack`.
 */
export async function restoreTransaction(ctx: CommandContext, given: string): Promise<Restored> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const { rows, accounts } = await takeOut(tx, ctx, sql`t.id = ${rowId(given) ?? null}::int`);
    const [row] = rows;
    // It never lay there, or somebody else has brought it back meanwhile.
    if (!row) return { id: (await lockTransaction(tx, ctx, given)).transaction.id, lost: [] };
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
    return { id: row.id, lost: await putBack(tx, ctx, [{ ...row, content: alone }], accounts) };
  });
}
