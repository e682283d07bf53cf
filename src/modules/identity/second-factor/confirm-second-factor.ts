import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { badField, conflict } from '../../../lib/errors.js';
import { replaceRecoveryCodes } from './recovery-codes.js';
import { isOnAlready, totpPurpose } from './second-factor-state.js';
import { stepOfCode } from './totp.js';

/**
 * Turns the second factor on with a first code of the app, which is then spent, and gives the recovery codes. Only in
 * person. Throws BAD_USER_INPUT for a wrong code, CONFLICT when there is nothing to confirm.
 */
export async function confirmSecondFactor(
  ctx: Context,
  code: string,
): Promise<{ userId: number; recoveryCodes: string[] }> {
  const { userId } = requireInPerson(ctx.viewer);
  const now = ctx.services.now();
  const [pending] = await ctx.em.execute<{ sealedSecret: string; isOn: boolean }[]>(
    'select sealed_secret as "sealedSecret", confirmed_at is not null as "isOn" from second_factors where user_id = ?',
    [userId],
  );
  if (pending?.isOn) throw isOnAlready();
  const secret = pending && ctx.services.sealer.open(pending.sealedSecret, totpPurpose(userId));
  if (!pending || secret === undefined)
    throw conflict('Set the second factor up first', { subject: 'User', reason: 'second_factor.not_set_up' });
  const step = await stepOfCode(secret, code, now);
  if (step === undefined) throw badField('code', 'invalid', 'is wrong');
  return ctx.em.transactional(async (em) => {
    const confirmed = await em.execute<unknown[]>(
      `update second_factors set confirmed_at = ?::timestamptz, last_step = ?
        where user_id = ? and confirmed_at is null and sealed_secret = ? returning 1`,
      [now.toISOString(), step, userId, pending.sealedSecret],
    );
    if (!confirmed.length)
      throw conflict('The second factor was changed meanwhile', { subject: 'User', reason: 'second_factor.changed' });
    const recoveryCodes = await replaceRecoveryCodes(em, userId);
    await emit(em, ctx, 'second_factor.enabled', ['User', userId], { userId });
    return { userId, recoveryCodes };
  });
}
