import type { Transaction } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { removeUnusedContent } from '../documents/files/document-content.js';

/** Puts the document of a file that no report has any more into the trash, where its owner finds it. */
export async function trashDocumentOfReport(tx: Transaction, ctx: CommandContext, documentId: number): Promise<void> {
  const document = await tx.first<{ ownerId: number; title: string }>(sql`
    update documents set deleted_at = now(), updated_at = now()
     where id = ${documentId} and deleted_at is null returning owner_id as "ownerId", title`);
  if (document) await emit(tx, ctx, 'document.trashed', ['Document', documentId], document);
}

/** The file that a report does not have any more. */
export interface FormerFile {
  documentId: number | null;
  contentKey: string | null;
}

/** Removes a file whose document was deleted for good before: the report was the last that had it. After the commit. */
export async function removeFileOfReport(ctx: CommandContext, { documentId, contentKey }: FormerFile): Promise<void> {
  if (documentId === null && contentKey !== null)
    await removeUnusedContent(ctx, contentKey.slice(contentKey.indexOf('/') + 1));
}
