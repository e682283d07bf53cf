import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { isOnAlready, totpPurpose } from './second-factor-state.js';
import { newTotpSecret, totpUri } from './totp.js';

/**
 * A secret for the person's authenticator app, shown this once. It counts from its confirmation on; until then another
 * set-up replaces it. Only in person. Throws CONFLICT when a second factor is on.
 */
export async function setUpSecondFactor(ctx: Context): Promise<{ secret: string; otpauthUrl: string }> {
  const { userId } = requireInPerson(ctx.viewer);
  const secret = newTotpSecret();
  const [set] = await ctx.em.execute<{ email: string }[]>(
    `insert into second_factors (user_id, sealed_secret, created_at) values (?, ?, ?::timestamptz)
     on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, created_at = excluded.created_at
       where second_factors.confirmed_at is null
     returning (select email from users where id = user_id) as email`,
    [userId, ctx.services.sealer.seal(secret, totpPurpose(userId)), ctx.services.now().toISOString()],
  );
  if (!set) throw isOnAlready();
  return { secret, otpauthUrl: totpUri(secret, set.email) };
}
