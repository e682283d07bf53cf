import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { conflict } from '../../../lib/errors.js';
import { lockDocument } from './lock-document.js';

/** Takes a document out of the trash. Throws CONFLICT when it does not lie there. */
export async function restoreDocument(ctx: CommandContext, id: string): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  await ctx.db.transaction(async (tx) => {
    const { id: number, ownerId, title, isTrashed } = await lockDocument(tx, ctx.viewer, id);
    if (!isTrashed)
      throw conflict('The document is not in the trash', { subject: 'Document', reason: 'document.not_trashed' });
    await tx.send(sql`update documents set deleted_at = null, updated_at = now() where id = ${number}`);
    await emit(tx, ctx, 'document.restored', ['Document', number], { ownerId, title });
  });
}
