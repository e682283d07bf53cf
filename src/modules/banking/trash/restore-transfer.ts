import type { Transaction } from '../../../db/sql-client.js';
import { json, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { conflict, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { lockTransfer } from '../transfers/lock-transfer.js';
import { putBack, takeOut, type TrashedRow } from './put-back.js';
import type { Restored } from './restore-transaction.js';

/**
 * Takes a transfer out of the trash with both its legs, with the numbers that they had; one that is there already stays
 * as it is. Throws NOT_FOUND, FORBIDDEN for whoever may not write both accounts, CONFLICT when the account of a leg is
 * gone, and as `putBack`.
 */
export async function restoreTransfer(ctx: CommandContext, given: string): Promise<Restored> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const {
      rows: legs,
      accounts,
      seenCount,
    } = await takeOut(tx, ctx, sql`t.transfer_id = ${rowId(given) ?? null}::int`);
    // It never lay there, or somebody else has brought it back meanwhile.
    if (legs.length === 0 && seenCount === 1) throw notFound('Transfer');
    if (legs.length === 0) return { id: (await lockTransfer(tx, ctx, given)).transfer.id, lost: [] };
    if (legs.length < 2)
      throw conflict('The account of its other leg is deleted', { subject: 'Transfer', reason: 'transfer.leg_gone' });
    const lost = await putBack(tx, ctx, legs, accounts);
    return { id: await writeTransfer(tx, ctx, legs), lost };
  });
}

async function writeTransfer(tx: Transaction, ctx: CommandContext, legs: readonly TrashedRow[]): Promise<number> {
  const transfer = legs[0]?.content.transfer as { id: number; from_transaction_id: number };
  await tx.send(sql`
    insert into transfers (id, owner_id, from_transaction_id, to_transaction_id, amount, transfer_date, description,
                           created_by_id, created_at, updated_at)
    select f.id, f.owner_id, f.from_transaction_id, f.to_transaction_id, f.amount, f.transfer_date, f.description,
           (select p.id from users p where p.id = f.created_by_id), f.created_at, f.updated_at
      from jsonb_populate_record(null::transfers, ${json(transfer)}) f`);
  const [from, to] = legs.toSorted((left) => (left.id === transfer.from_transaction_id ? -1 : 1)) as [
    TrashedRow,
    TrashedRow,
  ];
  const data = { fromAccountId: from.accountId, toAccountId: to.accountId };
  await emit(tx, ctx, 'transfer.created', ['Transfer', transfer.id], data);
  return transfer.id;
}
