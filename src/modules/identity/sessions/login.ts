import type { Context } from '../../../kernel/context.js';
import { keepDevice } from './known-devices.js';
import { type Credentials, proveByPassword } from './prove-identity.js';
import { cookieIdleSeconds } from './resolve-viewer.js';
import { newSecret } from './secrets.js';
import { SessionKind } from './session.entity.js';
import { type IssuedTokens, momentAfter, startSession, startTokenSession } from './start-session.js';

export interface Login extends Credentials {
  /** Makes the device a known one, unless it is. Default: false. */
  rememberDevice?: boolean | null;
  kind: SessionKind;
}

export interface OpenedSession {
  userId: number;
  tokens?: IssuedTokens;
  /** `expiresAt` as ISO 8601. */
  cookie?: { value: string; expiresAt: string };
  deviceToken: string | undefined;
}

/**
 * Starts a session, with tokens or with a cookie as `kind` says. Throws UNAUTHENTICATED, with one message for
 * everything that may be wrong.
 */
export async function login(ctx: Context, input: Login): Promise<OpenedSession> {
  const proven = await proveByPassword(ctx, input);
  const { userId } = proven;
  if (input.kind === SessionKind.TOKEN) {
    return ctx.db.transaction(async (tx) => ({
      userId,
      tokens: await startTokenSession(tx, ctx, proven),
      deviceToken: await keepDevice(tx, ctx, proven, input),
    }));
  }
  const { secret, hash } = newSecret('ses');
  const expiresAt = momentAfter(ctx.services.now(), cookieIdleSeconds);
  return ctx.db.transaction(async (tx) => {
    await startSession(tx, ctx, proven, { kind: input.kind, tokenHash: hash, expiresAt });
    return { userId, cookie: { value: secret, expiresAt }, deviceToken: await keepDevice(tx, ctx, proven, input) };
  });
}
