import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { changeablePerson } from '../roles/authority.js';
import { type OwnProof, requireOwnProof } from './prove-second-factor.js';
import { hasSecondFactor, isNotOn } from './second-factor-state.js';

export interface SecondFactorRemoval extends OwnProof {
  /** Number or UUID. */
  id: string;
}

/**
 * Turns the second factor off and deletes its secret and recovery codes: one's own against the password or a code, or,
 * as an administrator, that of somebody who lost the telephone. Only in person. Throws CONFLICT when none is on.
 */
export async function disableSecondFactor(
  ctx: Context,
  { id, ...proof }: SecondFactorRemoval,
): Promise<{ userId: number }> {
  const viewer = requireInPerson(ctx.viewer);
  const userId = await changeablePerson(ctx, id);
  if (!(await hasSecondFactor(ctx, userId))) throw isNotOn();
  if (userId === viewer.userId) await requireOwnProof(ctx, userId, proof);
  await ctx.db.transaction(async (tx) => {
    const removed = await tx.run(
      sql`delete from second_factors where user_id = ${userId} and confirmed_at is not null`,
    );
    if (removed === 0) throw isNotOn();
    await tx.send(sql`delete from recovery_codes where user_id = ${userId}`);
    await emit(tx, ctx, 'second_factor.disabled', ['User', userId], { userId });
  });
  return { userId };
}
