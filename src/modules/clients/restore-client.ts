import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { conflict, notFound } from '../../lib/errors.js';
import { isUuid } from '../../lib/uuid.js';
import { withItsOwnEmail } from './client-fields.js';
import { isPurged } from './purge-clients.js';

/**
 * Takes a client out of the trash with what went there with it; what lay there before stays. Returns its id. Throws
 * NOT_FOUND, CONFLICT when it does not lie there, and when another client has its e-mail address now.
 */
export async function restoreClient(ctx: CommandContext, given: string): Promise<string> {
  requirePermission(ctx.viewer, 'clients:write');
  return withItsOwnEmail(() =>
    ctx.db.transaction(async (tx) => {
      const client = isUuid(given)
        ? await tx.first<{ id: string; version: number; deletedAt: string | null }>(sql`
            select id, version, deleted_at as "deletedAt" from clients c
             where id = ${given}::uuid and not ${isPurged('c')} for no key update`)
        : undefined;
      if (!client) throw notFound('Client');
      const { id, version, deletedAt } = client;
      if (deletedAt === null)
        throw conflict('The client is not in the trash', { subject: 'Client', reason: 'client.not_trashed' });
      const at = ctx.services.now();
      await tx.send(sql`update clients set deleted_at = null, updated_at = ${at} where id = ${id}::uuid`);
      await ctx.services.runHook('fieldworkRestored', tx, ctx, { parent: 'client', id, deletedAt });
      await emit(tx, ctx, 'client.restored', ['Client', id], { version, fields: [] });
      return id;
    }),
  );
}
