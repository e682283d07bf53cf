import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { conflict } from '../../../lib/errors.js';
import { removeUnusedContent } from './document-content.js';
import { lockDocument } from './lock-document.js';

/** Deletes a document for good, its files included; only from the trash, else CONFLICT. */
export async function purgeDocument(ctx: CommandContext, id: string): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  const contentHashes = await ctx.db.transaction(async (tx) => {
    const document = await lockDocument(tx, ctx.viewer, id);
    const { id: number, ownerId, title, isTrashed } = document;
    if (!isTrashed)
      throw conflict('Only what lies in the trash can be deleted for good', {
        subject: 'Document',
        reason: 'document.not_trashed',
      });
    const former = await tx.all<{ contentHash: string }>(
      sql`select distinct content_hash as "contentHash" from document_versions where document_id = ${number}`,
    );
    await tx.send(sql`delete from documents where id = ${number}`);
    await emit(tx, ctx, 'document.purged', ['Document', number], { ownerId, title });
    return [document.contentHash, ...former.map((version) => version.contentHash)];
  });
  for (const hash of contentHashes) await removeUnusedContent(ctx, hash);
}
