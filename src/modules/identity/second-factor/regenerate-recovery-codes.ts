import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { type OwnProof, requireOwnProof } from './prove-second-factor.js';
import { replaceRecoveryCodes } from './recovery-codes.js';
import { hasSecondFactor, isNotOn } from './second-factor-state.js';

/**
 * Replaces all recovery codes by ten new ones, against the password or a code. Only in person. Throws CONFLICT when the
 * second factor is off.
 */
export async function regenerateRecoveryCodes(
  ctx: Context,
  proof: OwnProof,
): Promise<{ userId: number; recoveryCodes: string[] }> {
  const { userId } = requireInPerson(ctx.viewer);
  if (!(await hasSecondFactor(ctx, userId))) throw isNotOn();
  await requireOwnProof(ctx, userId, proof);
  return ctx.db.transaction(async (tx) => {
    // Locked: turned off at the same moment, it would leave the codes behind.
    const factor = await tx.first(
      sql`select 1 from second_factors where user_id = ${userId} and confirmed_at is not null for update`,
    );
    if (!factor) throw isNotOn();
    const recoveryCodes = await replaceRecoveryCodes(tx, userId);
    await emit(tx, ctx, 'second_factor.recovery_codes_replaced', ['User', userId], { userId });
    return { userId, recoveryCodes };
  });
}
