import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { lockFiledDocument } from './lock-document.js';

/** Puts a document into the trash. Throws NOT_FOUND when it lies there already. */
export async function trashDocument(ctx: CommandContext, id: string): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  await ctx.db.transaction(async (tx) => {
    const { id: number, ownerId, title } = await lockFiledDocument(tx, ctx.viewer, id);
    await tx.send(sql`update documents set deleted_at = now(), updated_at = now() where id = ${number}`);
    await emit(tx, ctx, 'document.trashed', ['Document', number], { ownerId, title });
  });
}
