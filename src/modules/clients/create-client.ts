import { sql, values } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { insertOnce } from '../../kernel/insert-once.js';
import { requirePermission } from '../../kernel/viewer.js';
import { checkClient, type ClientFields, newClient, withItsOwnEmail } from './client-fields.js';
import { Client } from './client.entity.js';

/**
 * Makes a client and returns its id. Under an id that the same person made one with before it changes nothing. Throws
 * BAD_USER_INPUT with every problem, CONFLICT for an e-mail address that another client has.
 */
export async function createClient(
  ctx: CommandContext,
  { id: given, ...fields }: ClientFields & { id?: string | null | undefined },
): Promise<string> {
  const { userId } = requirePermission(ctx.viewer, 'clients:write');
  const facts = checkClient(fields, newClient);
  return withItsOwnEmail(() =>
    ctx.db.transaction(async (tx) => {
      const at = ctx.services.now();
      const { id, isNew } = await insertOnce(tx, {
        table: 'clients',
        subject: 'Client',
        id: given,
        userId,
        insert: (key) => sql`
          insert into clients ${values(Client, { id: key, ...facts, createdBy: userId, createdAt: at, updatedAt: at })}
              on conflict (id) do nothing returning id`,
      });
      if (isNew) await emit(tx, ctx, 'client.created', ['Client', id], { version: 1, fields: [] });
      return id;
    }),
  );
}
