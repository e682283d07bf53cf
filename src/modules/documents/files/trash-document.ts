import { emit } from '../../../events/outbox.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { type CommandContext, execute, lockFiledDocument } from './write-rows.js';

/** Puts a document into the trash. Throws NOT_FOUND when it lies there already. */
export async function trashDocument(ctx: CommandContext, id: string): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  await ctx.em.transactional(async (em) => {
    const { id: number, ownerId, title } = await lockFiledDocument(em, ctx.viewer, id);
    await execute(em, 'update documents set deleted_at = now(), updated_at = now() where id = ?', [number]);
    await emit(em, ctx, 'document.trashed', ['Document', number], { ownerId, title });
  });
}
