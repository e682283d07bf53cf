import { emit } from '../../../events/outbox.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { conflict } from '../../../lib/errors.js';
import { type CommandContext, execute, lockDocument } from './write-rows.js';

/** Takes a document out of the trash. Throws CONFLICT when it does not lie there. */
export async function restoreDocument(ctx: CommandContext, id: string): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  await ctx.em.transactional(async (em) => {
    const { id: number, ownerId, title, isTrashed } = await lockDocument(em, ctx.viewer, id);
    if (!isTrashed)
      throw conflict('The document is not in the trash', { subject: 'Document', reason: 'document.not_trashed' });
    await execute(em, 'update documents set deleted_at = null, updated_at = now() where id = ?', [number]);
    await emit(em, ctx, 'document.restored', ['Document', number], { ownerId, title });
  });
}
