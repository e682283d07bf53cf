import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { badField, conflict } from '../../../lib/errors.js';
import { replaceRecoveryCodes } from './recovery-codes.js';
import { isOnAlready, totpPurpose } from './second-factor-state.js';
import { stepOfCode } from './totp.js';

/**
 * Turns the second factor on by a first code of the app, which is then used up, and returns the recovery codes. Only in
 * person. Throws BAD_USER_INPUT for a wrong code, CONFLICT when there is nothing to confirm.
 */
export async function confirmSecondFactor(
  ctx: Context,
  code: string,
): Promise<{ userId: number; recoveryCodes: string[] }> {
  const { userId } = requireInPerson(ctx.viewer);
  const now = ctx.services.now();
  const pending = await ctx.db.first<{ sealedSecret: string; isOn: boolean }>(sql`
    select sealed_secret as "sealedSecret", confirmed_at is not null as "isOn"
      from second_factors where user_id = ${userId}`);
  if (pending?.isOn) throw isOnAlready();
  const secret = pending && ctx.services.sealer.open(pending.sealedSecret, totpPurpose(userId));
  if (!pending || secret === undefined)
    throw conflict('Set the second factor up first', { subject: 'User', reason: 'second_factor.not_set_up' });
  const step = await stepOfCode(secret, code, now);
  if (step === undefined) throw badField('code', 'invalid', 'is wrong');
  return ctx.db.transaction(async (tx) => {
    const confirmed = await tx.run(sql`
      update second_factors set confirmed_at = ${now}, last_step = ${step}
       where user_id = ${userId} and confirmed_at is null and sealed_secret = ${pending.sealedSecret}`);
    if (confirmed === 0)
      throw conflict('The second factor was changed meanwhile', { subject: 'User', reason: 'second_factor.changed' });
    const recoveryCodes = await replaceRecoveryCodes(tx, userId);
    await emit(tx, ctx, 'second_factor.enabled', ['User', userId], { userId });
    return { userId, recoveryCodes };
  });
}
