import { holds, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { lockTransaction } from '../transactions/lock-transaction.js';
import { visibleReceipts } from './receipt.reads.js';
import { unlinkReceipts } from './release-receipts.js';

/** Takes a receipt off its transaction and returns the id that it had. Throws NOT_FOUND, FORBIDDEN. */
export async function removeReceipt(
  ctx: CommandContext,
  { id, transactionId }: { id: string; transactionId?: string | null | undefined },
): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const found = await tx.first<{ id: number; transactionId: number }>(sql`
      select t.id, t.transaction_id as "transactionId" from receipts t
       where t.id = ${rowId(id) ?? null}::int and ${holds(visibleReceipts(ctx.viewer), 't')}`);
    if (!found || (transactionId != null && Number(transactionId) !== found.transactionId)) throw notFound('Receipt');
    await lockTransaction(tx, ctx, String(found.transactionId));
    await unlinkReceipts(tx, ctx, sql`r.id = ${found.id}`);
    return found.id;
  });
}
