import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { isOnAlready, totpPurpose } from './second-factor-state.js';
import { newTotpSecret, totpUri } from './totp.js';

/**
 * Returns a secret for the person's authenticator app, this once. It takes effect with its confirmation; until then
 * another set-up replaces it. Only in person. Throws CONFLICT when a second factor is on.
 */
export async function setUpSecondFactor(ctx: Context): Promise<{ secret: string; otpauthUrl: string }> {
  const { userId } = requireInPerson(ctx.viewer);
  const secret = newTotpSecret();
  const sealed = ctx.services.sealer.seal(secret, totpPurpose(userId));
  const stored = await ctx.db.first<{ email: string }>(sql`
    insert into second_factors (user_id, sealed_secret, created_at)
    values (${userId}, ${sealed}, ${ctx.services.now()})
    on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, created_at = excluded.created_at
      where second_factors.confirmed_at is null
    returning (select email from users where id = user_id) as email`);
  if (!stored) throw isOnAlready();
  return { secret, otpauthUrl: totpUri(secret, stored.email) };
}
