import { sql } from '../../../db/sql.js';
import { emit, originAs } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { badField, unauthenticated } from '../../../lib/errors.js';
import { provePasskey } from '../passkeys/prove-passkey.js';
import { verifyPassword } from '../sessions/passwords.js';
import { countAttempt, type LoginAttempt } from '../sessions/throttle-login.js';
import { useRecoveryCode } from './recovery-codes.js';
import { totpPurpose } from './second-factor-state.js';
import { isTotpCode, stepOfCode } from './totp.js';

/** What a login answers when the password is right and the code is missing or wrong. */
export const secondFactorNeeded = (message: string) => unauthenticated(message, 'two_factor_required');

/**
 * Uses up a code of the app or a recovery code: returns true once for each, also for two requests at the same moment.
 * Call it outside a transaction. Throws RATE_LIMITED after five wrong codes of the app, whatever addresses they came
 * from: whoever gets this far knows the password, and six digits could be guessed from many addresses. The owner can
 * still sign in with a recovery code.
 */
export async function spendCode(ctx: Context, userId: number, code: string): Promise<boolean> {
  if (!isTotpCode(code)) return spendRecoveryCode(ctx, userId, code);
  const { db, services } = ctx;
  const attempt = await countAttempt(db, attemptOf(ctx, userId));
  const factor = await db.first<{ sealedSecret: string }>(sql`
    select sealed_secret as "sealedSecret" from second_factors
     where user_id = ${userId} and confirmed_at is not null`);
  const secret = factor && services.sealer.open(factor.sealedSecret, totpPurpose(userId));
  const step = secret === undefined ? undefined : await stepOfCode(secret, code, services.now());
  if (!factor || step === undefined) return false;
  // RFC 6238, section 5.2: not twice. The secret may have been replaced since it was read.
  const spent = await db.run(sql`
    update second_factors set last_step = ${step}
     where user_id = ${userId} and last_step < ${step} and confirmed_at is not null
       and sealed_secret = ${factor.sealedSecret}`);
  if (spent === 0) return false;
  await attempt.succeeded();
  return true;
}

const spendRecoveryCode = (ctx: Context, userId: number, code: string): Promise<boolean> =>
  ctx.db.transaction(async (tx) => {
    if (!(await useRecoveryCode(tx, userId, code, ctx.services.now()))) return false;
    const { left } = (await tx.first<{ left: number }>(
      sql`select count(*)::int as left from recovery_codes where user_id = ${userId} and used_at is null`,
    )) as { left: number };
    // During a login the viewer is still nobody.
    const origin = originAs(userId, ctx);
    await emit(tx, origin, 'second_factor.recovery_code_used', ['User', userId], { userId, left });
    return true;
  });

export interface OwnProof {
  password?: string | null;
  /** Of the app, or a recovery code. */
  code?: string | null;
  /** A passkey's answer to a login's challenge. */
  credential?: unknown;
}

/**
 * Asked for before what a session left open somewhere must not be enough for. Verifies every proof that is given.
 * Throws BAD_USER_INPUT without any or for a wrong one, RATE_LIMITED after five wrong ones.
 */
export async function requireOwnProof(
  ctx: Context,
  userId: number,
  { password, code, credential }: OwnProof,
): Promise<void> {
  if (!password && !code?.trim() && credential == null)
    throw badField('password', 'required', 'or a current code or a passkey is required');
  if (password) {
    const person = await ctx.db.first<{ passwordHash: string | null }>(
      sql`select password_hash as "passwordHash" from users where id = ${userId}`,
    );
    if (!(await isOwnPassword(ctx, userId, { passwordHash: person?.passwordHash, password })))
      throw badField('password', 'invalid', 'is wrong');
  }
  if (code?.trim() && !(await spendCode(ctx, userId, code)))
    throw badField('code', 'invalid', 'is wrong or was used before');
  if (credential != null && (await provePasskey(ctx, credential, async (_tx, owner) => owner)) !== userId)
    throw badField('credential', 'invalid', 'is no passkey of this person');
}

/**
 * Returns whether this is the viewer's own password. Throws RATE_LIMITED after five wrong ones, whatever addresses they
 * came from: it must not be guessed in a session left open somewhere.
 */
export async function isOwnPassword(
  ctx: Context,
  userId: number,
  { passwordHash, password }: { passwordHash: string | null | undefined; password: string },
): Promise<boolean> {
  const attempt = await countAttempt(ctx.db, attemptOf(ctx, userId));
  const matches = await verifyPassword(passwordHash, password);
  if (matches) await attempt.succeeded();
  return matches;
}

/**
 * The name under which wrong codes, and wrong passwords within a session, are counted: apart from logins, by person and
 * not by address. No user name holds a colon.
 */
export const secondFactorAttempts = (userId: number): string => `second_factor:${userId}`;

const attemptOf = ({ services }: Context, userId: number): LoginAttempt => ({
  name: secondFactorAttempts(userId),
  ip: undefined,
  at: services.now(),
});
