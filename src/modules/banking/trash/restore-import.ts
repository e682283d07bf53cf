import { holds, set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';
import { lockAccounts } from '../accounts/lock-accounts.js';
import { BankImport } from '../imports/bank-import.entity.js';
import { bookingsAway } from './bookings-away.js';
import { putBack, type RestoreLoss, takeOut } from './put-back.js';

export interface RestoredImport {
  id: number;
  restored: number;
  /** Those that stay in the trash, since another file has brought their bookings again meanwhile. */
  left: number;
  lost: RestoreLoss[];
}

/**
 * Brings back what went when an import was undone, but for bookings that another import has brought since; it is no
 * longer undone then. Where nothing of it lies in the trash nothing changes. Throws NOT_FOUND, FORBIDDEN, and as
 * `putBack`.
 */
export async function restoreImport(ctx: CommandContext, given: string): Promise<RestoredImport> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const found = await tx.first<{ id: number; accountId: number }>(sql`
      select id, account_id as "accountId" from imports t
       where id = ${rowId(given) ?? null}::int and ${holds(visibleInAccounts(ctx.viewer), 't')}`);
    if (!found) throw notFound('BankImport');
    const { id, accountId } = found;
    const [account] = await lockAccounts(tx, ctx, [accountId]);
    const away = await bookingsAway(tx, id, accountId);
    const { rows, accounts } = await takeOut(tx, ctx, sql`t.undone_import_id = ${id} and t.id = any(${away}::int[])`);
    const rest = await tx.first<{ count: number }>(sql`
      select count(*)::int as count from trashed_transactions where undone_import_id = ${id}`);
    const left = rest?.count ?? 0;
    if (rows.length === 0) return { id, restored: 0, left, lost: [] };
    const lost = await putBack(tx, ctx, rows, accounts);
    await tx.send(
      sql`update imports set ${set(BankImport, { undoneAt: null, restoredAt: ctx.services.now() })} where id = ${id}`,
    );
    await emit(tx, ctx, 'import.restored', ['BankImport', id], {
      bankAccountId: accountId,
      ownerId: account?.ownerId as number,
      restored: rows.length,
      left,
    });
    return { id, restored: rows.length, left, lost };
  });
}
