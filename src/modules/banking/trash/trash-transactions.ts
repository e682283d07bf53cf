import type { Transaction } from '../../../db/sql-client.js';
import { json, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import type { KeptWithTransaction } from '../transactions/transaction-hooks.js';
import { removeTransactions } from '../transactions/write-transactions.js';

/** How long a deleted transaction may be brought back. */
export const trashDays = 30;

/** What the trash keeps of a transaction: rows as the tables had them. */
export interface TrashContent {
  transaction: { category_id: number | null };
  splits: { category_id: number | null }[];
  receipts: { document_id: number }[];
  /** Documents that went into their trash with its receipts. */
  documents: { id: number; deleted_at: string }[];
  /** Rows of imports that named it. */
  importRows: number[];
  /** Recurrence rules that began with it. */
  rules: number[];
  /** The transfer that it was a leg of. */
  transfer: object | null;
  /** What later modules had that referred to it. */
  kept?: KeptWithTransaction;
}

/**
 * Deletes transactions of accounts that are locked, into the trash: from there each comes back as it was, with parts,
 * receipts, payments and what else named it. Throws as `removeTransactions` does.
 */
export async function trashTransactions(
  tx: Transaction,
  ctx: CommandContext,
  ids: readonly number[],
  /** The import that is undone, with which they come back. */
  undoneImportId?: number,
): Promise<void> {
  const kept = new Map<number, KeptWithTransaction>();
  await ctx.services.runHook('transactionsTrashed', tx, ctx, ids, kept);
  await tx.send(sql`
    insert into trashed_transactions (id, account_id, owner_id, currency, transfer_id, amount, description,
                                      transaction_date, content, undone_import_id, deleted_by_id, deleted_at)
    select t.id, t.account_id, t.owner_id, a.currency, t.transfer_id, t.amount, t.description, t.transaction_date,
           jsonb_build_object(
             'transaction', to_jsonb(t) - 'folded_description',
             'splits', (select coalesce(jsonb_agg(to_jsonb(s) order by s.position), '[]')
                          from transaction_splits s where s.transaction_id = t.id),
             'receipts', (select coalesce(jsonb_agg(to_jsonb(r) || jsonb_build_object('was_filed', d.deleted_at is null)
                                                    order by r.id), '[]')
                            from receipts r join documents d on d.id = r.document_id where r.transaction_id = t.id),
             'documents', '[]'::jsonb,
             'importRows', (select coalesce(jsonb_agg(i.id), '[]') from import_rows i where i.transaction_id = t.id),
             'rules', (select coalesce(jsonb_agg(c.id), '[]')
                         from recurrence_rules c where c.origin_transaction_id = t.id),
             'transfer', (select to_jsonb(f) from transfers f where f.id = t.transfer_id),
             'kept', coalesce(${json(Object.fromEntries(kept))}::jsonb -> t.id::text, '{}')),
           ${undoneImportId ?? null}::int, ${ctx.viewer.userId ?? null}::int, ${ctx.services.now()}
      from transactions t join bank_accounts a on a.id = t.account_id where t.id = any(${ids}::int[])`);
  await removeTransactions(tx, ctx, ids);
  await tx.send(sql`
    update trashed_transactions t set content = jsonb_set(t.content, '{documents}', gone.documents)
      from (select k.id, jsonb_agg(jsonb_build_object('id', d.id, 'deleted_at', d.deleted_at)) as documents
              from trashed_transactions k cross join lateral jsonb_array_elements(k.content -> 'receipts') r
              join documents d on d.id = (r ->> 'document_id')::int
             where k.id = any(${ids}::int[]) and (r ->> 'was_filed')::boolean and d.deleted_at is not null
             group by k.id) gone
     where gone.id = t.id`);
}
