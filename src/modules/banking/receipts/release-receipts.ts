import type { Transaction as SqlTransaction } from '../../../db/sql-client.js';
import { type Sql, sql } from '../../../db/sql.js';
import { emitEach } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';

/** Takes the receipts off transactions that go: no link and no file that came as a receipt is left behind. */
export const releaseReceipts = (
  tx: SqlTransaction,
  ctx: CommandContext,
  transactionIds: readonly number[],
): Promise<void> => unlinkReceipts(tx, ctx, sql`r.transaction_id = any(${transactionIds}::int[])`);

/**
 * Deletes the receipts that `condition` finds, over `r`. A document that came as a receipt goes into the trash, whoever
 * filed it, unless something else links to it: another receipt, an invoice, an approval, people who were given it. One
 * that was filed by itself stays where it is.
 */
export async function unlinkReceipts(tx: SqlTransaction, ctx: CommandContext, condition: Sql): Promise<void> {
  const gone = await tx.all<GoneReceipt>(sql`
    delete from receipts r using transactions t where t.id = r.transaction_id and ${condition}
    returning r.id as "receiptId", r.transaction_id as "transactionId", r.document_id as "documentId",
              r.is_document_owned as "isOwned", t.account_id as "bankAccountId", t.owner_id as "ownerId"`);
  if (gone.length === 0) return;
  await emitEach(
    tx,
    ctx,
    'receipt.removed',
    'Transaction',
    gone.map(({ transactionId: id, receiptId, documentId, bankAccountId, ownerId }) => ({
      id,
      data: { bankAccountId, ownerId, receiptId, documentId },
    })),
  );
  const documents = [...new Set(gone.filter(({ isOwned }) => isOwned).map(({ documentId }) => documentId))];
  if (documents.length === 0) return;
  const trashed = await tx.all<{ id: number; ownerId: number; title: string }>(sql`
    update documents d set deleted_at = ${ctx.services.now()}, updated_at = ${ctx.services.now()}
     where d.id = any(${documents}::int[]) and d.deleted_at is null
       and not exists (select 1 from receipts where document_id = d.id)
       and not exists (select 1 from invoices where document_id = d.id)
       and not exists (select 1 from supplier_invoices where document_id = d.id)
       and not exists (select 1 from approvals where id = d.id)
       and not exists (select 1 from document_shares where document_id = d.id)
       and not exists (select 1 from share_links where document_id = d.id and revoked_at is null)
    returning d.id, d.owner_id as "ownerId", d.title`);
  const subjects = trashed.map(({ id, ...data }) => ({ id, data }));
  await emitEach(tx, ctx, 'document.trashed', 'Document', subjects);
}

interface GoneReceipt {
  receiptId: number;
  transactionId: number;
  documentId: number;
  isOwned: boolean;
  bankAccountId: number;
  ownerId: number;
}
