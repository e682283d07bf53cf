import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { notFound } from '../../lib/errors.js';
import { rowId } from '../../lib/row-id.js';

/** Deletes one of one's own notifications. Throws NOT_FOUND. */
export async function deleteNotification(ctx: CommandContext, id: string): Promise<void> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  await ctx.db.transaction(async (tx) => {
    const deleted = await tx.first<{ id: number }>(sql`
      delete from notifications where id = ${rowId(id) ?? null}::int and user_id = ${userId} returning id`);
    if (!deleted) throw notFound('Notification');
    await emit(tx, ctx, 'notification.deleted', ['Notification', deleted.id], { userId });
  });
}
