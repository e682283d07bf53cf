import type { Transaction as SqlTransaction } from '../../../db/sql-client.js';
import { holds, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { CommandContext } from '../../../kernel/command.js';
import type { UploadedFile } from '../../../kernel/scalars.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { DomainError, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { fileDocument, requireMayFile } from '../../documents/files/file-document.js';
import { lockFiledDocument, lockIfVisible } from '../../documents/files/lock-document.js';
import { restoreDocument } from '../../documents/files/restore-document.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';
import { lockTransaction } from '../transactions/lock-transaction.js';
import { Receipt } from './receipt.entity.js';

export const mostReceipts = 20;

/**
 * Files a file as a document of the viewer's that proves a transaction, and returns the receipt's id. A file that is
 * filed already, as far as the viewer may know, is linked, out of the trash when it lies there and is theirs. Throws
 * NOT_FOUND, FORBIDDEN, CONFLICT beyond 20 receipts, and what `fileDocument` throws of the file itself.
 */
export async function addReceipt(
  ctx: CommandContext,
  { transactionId, file }: { transactionId: string; file: UploadedFile },
): Promise<number> {
  requireMayFile(ctx.viewer);
  // Before any work on the file.
  const seen = await ctx.db.first(sql`
    select 1 from transactions t
     where t.id = ${rowId(transactionId) ?? null}::int and ${holds(visibleInAccounts(ctx.viewer), 't')}`);
  if (!seen) throw notFound('Transaction');
  let added: number | undefined;
  try {
    await fileDocument(ctx, {
      content: file.take(),
      name: file.filename,
      facts: {},
      alongside: async (tx, documentId) => {
        added = await link(tx, ctx, { transactionId, documentId, isNew: true });
      },
    });
  } catch (error) {
    const existing = duplicateOf(error);
    if (!existing) throw error;
    if (existing.trashed) await restoreDocument(ctx, String(existing.id));
    return ctx.db.transaction(async (tx) => {
      const document = await lockIfVisible(tx, ctx.viewer, String(existing.id));
      if (!document || document.isTrashed) throw error;
      return link(tx, ctx, { transactionId, documentId: document.id, isNew: existing.trashed });
    });
  }
  return added as number;
}

/**
 * Links a document that is filed already and returns the receipt's id. Throws NOT_FOUND, FORBIDDEN for a document that
 * the viewer may not change, since linking shows its file to whoever sees the account, CONFLICT beyond 20 receipts.
 */
export async function linkReceipt(
  ctx: CommandContext,
  { transactionId, documentId }: { transactionId: string; documentId: string },
): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const document = await lockFiledDocument(tx, ctx.viewer, documentId);
    return link(tx, ctx, { transactionId, documentId: document.id, isNew: false });
  });
}

/**
 * `isNew`: the document was filed for this, or taken out of the trash for it. A link that there is already stays as it
 * is.
 */
async function link(
  tx: SqlTransaction,
  ctx: CommandContext,
  { transactionId, documentId, isNew }: { transactionId: string; documentId: number; isNew: boolean },
): Promise<number> {
  const { transaction, account } = await lockTransaction(tx, ctx, transactionId);
  const known = await tx.all<{ id: number; transactionId: number; isOwned: boolean }>(sql`
    select id, transaction_id as "transactionId", is_document_owned as "isOwned"
      from receipts where document_id = ${documentId}`);
  const same = known.find((receipt) => receipt.transactionId === transaction.id);
  if (same) return same.id;
  const receipts = sql`select 1 from receipts where transaction_id = ${transaction.id}`;
  await refuseBeyond(tx, 'Receipt', mostReceipts, receipts);
  const row = values(Receipt, {
    transaction: transaction.id,
    document: documentId,
    isDocumentOwned: isNew || known.some(({ isOwned }) => isOwned),
    createdBy: ctx.viewer.userId ?? null,
    createdAt: ctx.services.now(),
  });
  const receipt = await tx.first<{ id: number }>(sql`insert into receipts ${row} returning id`);
  const { id } = receipt as { id: number };
  const data = { bankAccountId: account.id, ownerId: account.ownerId, receiptId: id, documentId };
  await emit(tx, ctx, 'receipt.added', ['Transaction', transaction.id], data);
  return id;
}

function duplicateOf(error: unknown): { id: number; trashed: boolean } | undefined {
  if (!(error instanceof DomainError) || error.options.reason !== 'document.duplicate') return undefined;
  return error.options.details as { id: number; trashed: boolean } | undefined;
}
