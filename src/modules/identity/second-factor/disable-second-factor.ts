import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { changeablePerson } from '../roles/authority.js';
import { type OwnProof, requireOwnProof } from './prove-second-factor.js';
import { hasSecondFactor, isNotOn } from './second-factor-state.js';

export interface SecondFactorRemoval extends OwnProof {
  /** Number or UUID; absent: oneself. */
  id?: string | null;
}

/**
 * Turns the second factor off and forgets its secret and recovery codes: one's own against the password or a code, or
 * somebody's who lost the telephone, as an administrator. Only in person. Throws CONFLICT when none is on.
 */
export async function disableSecondFactor(
  ctx: Context,
  { id, ...proof }: SecondFactorRemoval,
): Promise<{ userId: number }> {
  const viewer = requireInPerson(ctx.viewer);
  const userId = await changeablePerson(ctx, id);
  if (!(await hasSecondFactor(ctx, userId))) throw isNotOn();
  if (userId === viewer.userId) await requireOwnProof(ctx, userId, proof);
  await ctx.em.transactional(async (em) => {
    const removed = await em.execute<unknown[]>(
      'delete from second_factors where user_id = ? and confirmed_at is not null returning 1',
      [userId],
    );
    if (!removed.length) throw isNotOn();
    await em.execute('delete from recovery_codes where user_id = ?', [userId]);
    await emit(em, ctx, 'second_factor.disabled', ['User', userId], { userId });
  });
  return { userId };
}
