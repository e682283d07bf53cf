import { sql } from '../../../db/sql.js';
import { endingChannel } from '../../../events/open-subscriptions.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { isUuid } from '../../../lib/uuid.js';

/** Has the process of a subscription end it, which happens within moments. Throws NOT_FOUND. */
export async function endSubscription(ctx: CommandContext, id: string): Promise<{ subscriptionId: string }> {
  requirePermission(ctx.viewer, 'monitoring:write');
  return ctx.db.transaction(async (tx) => {
    const found = await tx.first<{ userId: number; operation: string }>(sql`
      update open_subscriptions set is_ending = true where id = ${isUuid(id) ? id : null}::uuid
      returning user_id as "userId", operation`);
    if (!found) throw notFound('OpenSubscription');
    await emit(tx, ctx, 'subscription.ended', ['Subscription', id], found);
    await tx.send(sql`select pg_notify(${endingChannel}, '')`);
    return { subscriptionId: id.toLowerCase() };
  });
}
