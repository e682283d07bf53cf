import { set, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { refuseStale } from '../../kernel/stale-version.js';
import { requirePermission } from '../../kernel/viewer.js';
import { conflict } from '../../lib/errors.js';
import { checkClient, type ClientFacts, type ClientFields, withItsOwnEmail } from './client-fields.js';
import { Client } from './client.entity.js';
import { lockClient } from './lock-client.js';

/**
 * Changes a client and returns its id; what is as it was changes nothing. Throws NOT_FOUND, BAD_USER_INPUT with every
 * problem, CONFLICT for an old version, an e-mail address that another client has, and an anonymised client.
 */
export async function updateClient(
  ctx: CommandContext,
  { id, version, ...fields }: ClientFields & { id: string; version?: number | null | undefined },
): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'clients:write');
  return withItsOwnEmail(() =>
    ctx.db.transaction(async (tx) => {
      const before = await lockClient(tx, viewer, id);
      await refuseStale(tx, ['Client', before], version);
      const after = checkClient(fields, before);
      const changed = (Object.keys(after) as (keyof ClientFacts)[]).filter((field) => after[field] !== before[field]);
      if (changed.length === 0) return before.id;
      if (before.anonymizedAt !== null)
        throw conflict('An anonymised client is not changed', { subject: 'Client', reason: 'client.anonymized' });
      const next = before.version + 1;
      const changes = { ...after, version: next, updatedAt: ctx.services.now() };
      await tx.send(sql`update clients set ${set(Client, changes)} where id = ${before.id}::uuid`);
      await emit(tx, ctx, 'client.updated', ['Client', before.id], { version: next, fields: changed });
      return before.id;
    }),
  );
}
