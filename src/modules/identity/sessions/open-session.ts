import type { Context } from '../../../kernel/context.js';
import { keepDevice } from './known-devices.js';
import { type Credentials, proveByPassword } from './prove-identity.js';
import { cookieIdleSeconds } from './resolve-viewer.js';
import { newSecret } from './secrets.js';
import { momentAfter, type SessionTokens, startSession, startTokenSession } from './start-session.js';

export interface Login extends Credentials {
  /** Makes the device a known one, unless it is. Default: false. */
  rememberDevice?: boolean | null;
}

/**
 * Starts a session with access and refresh tokens. Throws UNAUTHENTICATED, with one message for everything that may be
 * wrong.
 */
export async function login(ctx: Context, input: Login): Promise<SessionTokens & { deviceToken: string | undefined }> {
  const proven = await proveByPassword(ctx, input);
  return ctx.db.transaction(async (tx) => ({
    ...(await startTokenSession(tx, ctx, proven)),
    deviceToken: await keepDevice(tx, ctx, proven, input),
  }));
}

/** Starts a session for a browser; `token` is the cookie's value. Throws as `login` does. */
export async function openSession(
  ctx: Context,
  input: Login,
): Promise<{ userId: number; token: string; expiresAt: string; deviceToken: string | undefined }> {
  const proven = await proveByPassword(ctx, input);
  const { secret, hash } = newSecret('ses');
  const expiresAt = momentAfter(ctx.services.now(), cookieIdleSeconds);
  const deviceToken = await ctx.db.transaction(async (tx) => {
    await startSession(tx, ctx, proven, { kind: 'cookie', tokenHash: hash, expiresAt });
    return keepDevice(tx, ctx, proven, input);
  });
  return { userId: proven.userId, token: secret, expiresAt, deviceToken };
}
