import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { conflict, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';

/**
 * Deletes one of one's own passkeys and returns its number. Only in person. Throws CONFLICT when it is the last way to
 * sign in.
 */
export async function deletePasskey(ctx: Context, id: string): Promise<number> {
  const { userId } = requireInPerson(ctx.viewer);
  const passkeyId = rowId(id);
  if (passkeyId === undefined) throw notFound('Passkey');
  await ctx.db.transaction(async (tx) => {
    // Locked, so that two deletions at once do not each rely on the other's passkey.
    const person = await tx.first<{ hasPassword: boolean }>(
      sql`select password_hash is not null as "hasPassword" from users where id = ${userId} for update`,
    );
    const passkeys = await tx.all<{ id: number }>(sql`select id from passkeys where user_id = ${userId}`);
    if (!passkeys.some((passkey) => passkey.id === passkeyId)) throw notFound('Passkey');
    if (!person?.hasPassword && passkeys.length === 1) {
      throw conflict('This is the only way into the account: add another passkey or a password first', {
        subject: 'Passkey',
        reason: 'passkey.last',
      });
    }
    await tx.send(sql`delete from passkeys where id = ${passkeyId}`);
    await emit(tx, ctx, 'passkey.removed', ['Passkey', passkeyId], { userId });
  });
  return passkeyId;
}
