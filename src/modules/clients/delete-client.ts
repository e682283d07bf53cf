import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { lockClient } from './lock-client.js';

/**
 * Puts a client into the trash with what hangs on it, whatever its status: interventions, appointments, media, reports
 * and contracts; invoices stay. A statement a table. Returns its id. Throws NOT_FOUND.
 */
export async function deleteClient(ctx: CommandContext, given: string): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'clients:write');
  return ctx.db.transaction(async (tx) => {
    const { id, version } = await lockClient(tx, viewer, given);
    const deletedAt = ctx.services.now();
    await tx.send(sql`update clients set deleted_at = ${deletedAt}, updated_at = ${deletedAt} where id = ${id}::uuid`);
    await ctx.services.runHook('fieldworkTrashed', tx, ctx, { parent: 'client', id, deletedAt });
    await emit(tx, ctx, 'client.deleted', ['Client', id], { version, fields: [] });
    return id;
  });
}
