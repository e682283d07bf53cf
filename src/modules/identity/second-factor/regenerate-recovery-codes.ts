import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { type OwnProof, requireOwnProof } from './prove-second-factor.js';
import { replaceRecoveryCodes } from './recovery-codes.js';
import { hasSecondFactor, isNotOn } from './second-factor-state.js';

/** Ten new recovery codes in place of all earlier ones, against the password or a code. Only in person. Throws CONFLICT when none is on. */
export async function regenerateRecoveryCodes(
  ctx: Context,
  proof: OwnProof,
): Promise<{ userId: number; recoveryCodes: string[] }> {
  const { userId } = requireInPerson(ctx.viewer);
  if (!(await hasSecondFactor(ctx, userId))) throw isNotOn();
  await requireOwnProof(ctx, userId, proof);
  return ctx.em.transactional(async (em) => {
    // Locked, so that it is not turned off at the same moment and leaves codes behind.
    const held = await em.execute<unknown[]>(
      'select 1 from second_factors where user_id = ? and confirmed_at is not null for update',
      [userId],
    );
    if (!held.length) throw isNotOn();
    const recoveryCodes = await replaceRecoveryCodes(em, userId);
    await emit(em, ctx, 'second_factor.recovery_codes_replaced', ['User', userId], { userId });
    return { userId, recoveryCodes };
  });
}
