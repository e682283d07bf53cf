import { holds, raw, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badField } from '../../../lib/errors.js';
import { isoSecondsSql } from '../../../lib/postgres-text.js';
import { rowId } from '../../../lib/row-id.js';
import { writableInAccounts } from '../accounts/bank-account.policy.js';
import { trashDays } from './trash-transactions.js';

export interface TrashedTransactionRow {
  transactionId: string;
  transferId: string | null;
  amount: string;
  currency: string;
  description: string;
  transactionDate: string;
  undoneImportId: string | null;
  undoneImportName: string | null;
  deletedAt: string;
  purgedAfter: string;
}

export const mostTrashedTransactions = 100;

/**
 * What was deleted of an account that the viewer may write: by itself, the last first, then with imports, which may
 * have thousands; nothing of another account. Throws BAD_USER_INPUT.
 */
export async function trashedTransactions(
  { db, viewer }: Pick<CommandContext, 'db' | 'viewer'>,
  { accountId, first }: { accountId: string; first: number },
): Promise<TrashedTransactionRow[]> {
  requireSignedIn(viewer);
  if (first < 0) throw badField('first', 'too_small', 'must be 0 or more');
  if (first > mostTrashedTransactions)
    throw badField('first', 'too_large', `must be at most ${mostTrashedTransactions}`);
  return db.all<TrashedTransactionRow>(sql`
    select t.id::text as "transactionId", t.transfer_id::text as "transferId", t.amount::text, t.currency,
           t.description, t.transaction_date::text as "transactionDate",
           t.undone_import_id::text as "undoneImportId", i.file_name as "undoneImportName",
           ${raw(isoSecondsSql('t.deleted_at'))} as "deletedAt",
           ${raw(isoSecondsSql(`(t.deleted_at + interval '${trashDays} days')`))} as "purgedAfter"
      from trashed_transactions t left join imports i on i.id = t.undone_import_id
     where t.account_id = ${rowId(accountId) ?? null}::int and ${holds(writableInAccounts(viewer), 't')}
     order by t.undone_import_id is not null, t.deleted_at desc, t.id desc limit ${first}`);
}
