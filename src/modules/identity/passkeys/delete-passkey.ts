import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { conflict, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';

/** Deletes one of one's own passkeys. Only in person. Throws CONFLICT when there would be no way in any more. */
export async function deletePasskey(ctx: Context, id: string): Promise<{ passkeyId: number }> {
  const { userId } = requireInPerson(ctx.viewer);
  const passkeyId = rowId(id);
  if (passkeyId === undefined) throw notFound('Passkey');
  await ctx.em.transactional(async (em) => {
    // Locked, so that two deletions at once do not each count on the other's passkey.
    const [person] = await em.execute<{ hasPassword: boolean }[]>(
      'select password_hash is not null as "hasPassword" from users where id = ? for update',
      [userId],
    );
    const passkeys = await em.execute<{ id: number }[]>('select id from passkeys where user_id = ?', [userId]);
    if (!passkeys.some((passkey) => passkey.id === passkeyId)) throw notFound('Passkey');
    if (!person?.hasPassword && passkeys.length === 1) {
      throw conflict('This is the only way into the account: add another passkey or a password first', {
        subject: 'Passkey',
        reason: 'passkey.last',
      });
    }
    await em.execute('delete from passkeys where id = ?', [passkeyId]);
    await emit(em, ctx, 'passkey.removed', ['Passkey', passkeyId], { userId });
  });
  return { passkeyId };
}
