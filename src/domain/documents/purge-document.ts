import { conflict } from '../../errors.js';
import { emit } from '../../events/outbox.js';
import { requireSignedIn } from '../viewer.js';
import { removeUnusedContent } from './document-content.js';
import { type CommandContext, execute, lockDocument } from './write-rows.js';

/** Deletes a document for good, its file included; only from the trash, else CONFLICT. */
export async function purgeDocument(ctx: CommandContext, id: string): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  const contentHash = await ctx.em.transactional(async (em) => {
    const document = await lockDocument(em, ctx.viewer, id);
    const { id: number, ownerId, title, isTrashed } = document;
    if (!isTrashed) throw conflict('Only what lies in the trash can be deleted for good', { subject: 'Document', reason: 'document.not_trashed' });
    await execute(em, 'delete from documents where id = ?', [number]);
    await emit(em, ctx, 'document.purged', ['Document', number], { ownerId, title });
    return document.contentHash;
  });
  await removeUnusedContent(ctx, contentHash);
}
