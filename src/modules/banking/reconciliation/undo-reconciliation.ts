import { holds, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { conflict, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';
import { type AccountRow, lockAccounts } from '../accounts/lock-accounts.js';
import { emitReconciled } from './reconcile-bank-account.js';

/**
 * Undoes a reconciliation and returns the id that it had. Only the latest one of its account, since later statements
 * stand on it. Throws NOT_FOUND, FORBIDDEN, CONFLICT.
 */
export async function undoReconciliation(
  ctx: CommandContext,
  { id, accountId }: { id: string; accountId?: string | null | undefined },
): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const found = await tx.first<{ accountId: number }>(sql`
      select t.account_id as "accountId" from reconciliations t
       where t.id = ${rowId(id) ?? null}::int and ${holds(visibleInAccounts(ctx.viewer), 't')}`);
    if (!found || (accountId != null && Number(accountId) !== found.accountId)) throw notFound('Reconciliation');
    const [account] = (await lockAccounts(tx, ctx, [found.accountId])) as [AccountRow];
    const latest = await tx.first<{ id: number }>(sql`
      select id from reconciliations where account_id = ${account.id} order by id desc limit 1`);
    if (!latest || latest.id < Number(id)) throw notFound('Reconciliation');
    if (latest.id !== Number(id))
      throw conflict('A later reconciliation stands on it', {
        subject: 'Reconciliation',
        reason: 'reconciliation.not_latest',
        details: { latestId: latest.id },
      });
    const rows = await tx.all<{ id: number }>(sql`
      update transactions set reconciliation_id = null, updated_at = ${ctx.services.now()}
       where reconciliation_id = ${latest.id} returning id`);
    await tx.send(sql`delete from reconciliations where id = ${latest.id}`);
    const ids = rows.map((row) => row.id);
    await emitReconciled(tx, ctx, account, ids);
    const data = { bankAccountId: account.id, ownerId: account.ownerId, transactions: ids.length };
    await emit(tx, ctx, 'reconciliation.undone', ['Reconciliation', latest.id], data);
    return latest.id;
  });
}
