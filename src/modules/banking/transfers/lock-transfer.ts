import type { Transaction } from '../../../db/sql-client.js';
import { holds, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { conflict, forbidden, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { type AccountRow, lockVisibleAccounts, requireWrite } from '../accounts/lock-accounts.js';
import { visibleTransfers } from './transfer.policy.js';

/** A transfer as commands see it. */
export interface TransferRow {
  id: number;
  amount: string;
  transferDate: string;
  description: string;
  fromTransactionId: number;
  toTransactionId: number;
  fromAccountId: number;
  toAccountId: number;
  /** The reconciliations that marked the legs. */
  fromReconciliationId: number | null;
  toReconciliationId: number | null;
}

export interface LockedTransfer {
  transfer: TransferRow;
  from: AccountRow;
  to: AccountRow;
  /** All that are locked, by id: also those that it is to move to, when the viewer sees them. */
  accounts: ReadonlyMap<number, AccountRow>;
}

/**
 * A transfer whose accounts the viewer may both write, locked with them and those that it is to move to: accounts
 * first, as everywhere. Throws NOT_FOUND, FORBIDDEN, and CONFLICT when it is changed at this moment.
 */
export async function lockTransfer(
  tx: Transaction,
  ctx: CommandContext,
  id: string,
  targetIds: readonly (string | null | undefined)[] = [],
): Promise<LockedTransfer> {
  const found = await readTransfer(tx, ctx, id);
  if (!found) throw notFound('Transfer');
  const targets = targetIds.filter((target) => target != null);
  const accounts = await lockVisibleAccounts(tx, ctx, [found.fromAccountId, found.toAccountId, ...targets]);
  await tx.first(sql`select 1 from transfers where id = ${found.id} for no key update`);
  const transfer = await readTransfer(tx, ctx, id);
  if (!transfer) throw notFound('Transfer');
  if (transfer.fromAccountId !== found.fromAccountId || transfer.toAccountId !== found.toAccountId)
    throw conflict('The transfer is moved to another account at this moment', { subject: 'Transfer' });
  const [from, to] = [accounts.get(transfer.fromAccountId), accounts.get(transfer.toAccountId)];
  if (!from || !to) throw forbidden('One of its accounts is not yours', 'account.not_own');
  requireWrite(ctx, from);
  requireWrite(ctx, to);
  return { transfer, from, to, accounts };
}

const readTransfer = (tx: Transaction, { viewer }: CommandContext, id: string): Promise<TransferRow | undefined> =>
  tx.first<TransferRow>(sql`
    select t.id, t.amount, t.transfer_date as "transferDate", t.description,
           t.from_transaction_id as "fromTransactionId", t.to_transaction_id as "toTransactionId",
           s.account_id as "fromAccountId", r.account_id as "toAccountId",
           s.reconciliation_id as "fromReconciliationId", r.reconciliation_id as "toReconciliationId"
      from transfers t
      join transactions s on s.id = t.from_transaction_id join transactions r on r.id = t.to_transaction_id
     where t.id = ${rowId(id) ?? null}::int and ${holds(visibleTransfers(viewer), 't')}`);
