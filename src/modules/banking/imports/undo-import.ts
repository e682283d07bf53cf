import type { Transaction } from '../../../db/sql-client.js';
import { holds, set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';
import { lockAccounts } from '../accounts/lock-accounts.js';
import { trashTransactions } from '../trash/trash-transactions.js';
import { BankImport } from './bank-import.entity.js';
import { type ImportKeptReason, reasonsToKeep } from './reasons-to-keep.js';

export interface UndoneImport {
  id: number;
  removed: number;
  kept: { transactionId: number; reason: ImportKeptReason }[];
}

/**
 * Takes an import back: its transactions go but those that somebody has changed or tied to something else since, which
 * are named. They lie in the trash, from where `restoreImport` brings them back; nothing keeps the same file from
 * being taken in again. Undoing it once more tries the rest. Throws NOT_FOUND, FORBIDDEN, and
 * BAD_USER_INPUT when a savings account would be overdrawn.
 */
export async function undoImport(ctx: CommandContext, id: string): Promise<UndoneImport> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const found = await tx.first<{ id: number; accountId: number }>(sql`
      select id, account_id as "accountId" from imports t
       where id = ${rowId(id) ?? null}::int and ${holds(visibleInAccounts(ctx.viewer), 't')}`);
    if (!found) throw notFound('BankImport');
    const [account] = await lockAccounts(tx, ctx, [found.accountId]);
    const kept = await reasonsToKeep(tx, ctx, found.id);
    const removed = await removeRows(tx, ctx, found.id, [...kept.keys()]);
    await tx.send(sql`
      update imports set ${set(BankImport, { undoneAt: ctx.services.now() })} where id = ${found.id}`);
    await emit(tx, ctx, 'import.undone', ['BankImport', found.id], {
      bankAccountId: found.accountId,
      ownerId: account?.ownerId as number,
      removed,
      kept: kept.size,
    });
    return { id: found.id, removed, kept: [...kept].map(([transactionId, reason]) => ({ transactionId, reason })) };
  });
}

async function removeRows(
  tx: Transaction,
  ctx: CommandContext,
  importId: number,
  kept: readonly number[],
): Promise<number> {
  const rows = await tx.all<{ transactionId: number; recreatesId: number | null }>(sql`
    update import_rows r set is_known = false from transactions t
     where r.import_id = ${importId}::int and r.is_known and t.id = r.transaction_id and t.id <> all(${kept}::int[])
    returning t.id as "transactionId", r.recreates_id as "recreatesId"`);
  await trashTransactions(
    tx,
    ctx,
    rows.map(({ transactionId }) => transactionId),
    importId,
  );
  // What it had made anew is deleted again.
  const deletedAgain = rows.flatMap(({ recreatesId }) => recreatesId ?? []);
  if (deletedAgain.length > 0)
    await tx.send(sql`update import_rows set is_known = true where id = any(${deletedAgain}::int[])`);
  return rows.length;
}
