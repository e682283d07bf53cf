import type { Context } from '../context.js';
import { type Credentials, proveByPassword } from './prove-identity.js';
import { cookieIdleSeconds } from './resolve-viewer.js';
import { newSecret } from './secrets.js';
import { momentAfter, type SessionTokens, startSession, startTokenSession } from './start-session.js';

/** A session with access and refresh tokens. Throws UNAUTHENTICATED, with one message for everything that may be wrong. */
export async function login(ctx: Context, credentials: Credentials): Promise<SessionTokens> {
  return startTokenSession(ctx, await proveByPassword(ctx, credentials));
}

/** A session for a browser's cookie, by its secret. Throws as `login` does. */
export async function openSession(ctx: Context, credentials: Credentials): Promise<{ userId: number; token: string; expiresAt: string }> {
  const proven = await proveByPassword(ctx, credentials);
  const { secret, hash } = newSecret('ses');
  const expiresAt = momentAfter(ctx.services.now(), cookieIdleSeconds);
  await ctx.em.transactional((em) => startSession(em, ctx, proven, { kind: 'cookie', tokenHash: hash, expiresAt }));
  return { userId: proven.userId, token: secret, expiresAt };
}
