import type { EventCatalog } from '../../../events/catalog.js';
import { emit, originAs } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';

/**
 * Records a failed login. The event has no actor, whoever may be signed in: nothing was proved. The name that was tried
 * is not kept, since people type passwords there. `userId` is undefined when nobody has that name; it costs the same
 * work, so that the response time does not tell.
 */
export async function noteFailedLogin(
  ctx: Context,
  userId: number | undefined,
  reason: EventCatalog['user.login_failed']['reason'],
): Promise<void> {
  const origin = originAs(undefined, ctx);
  await ctx.db.transaction((tx) => emit(tx, origin, 'user.login_failed', ['User', userId ?? ''], { reason }));
}
