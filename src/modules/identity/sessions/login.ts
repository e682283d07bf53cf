import type { Context } from '../../../kernel/context.js';
import { deviceCookie, sessionCookie } from '../../../lib/browser-cookies.js';
import { keepDevice } from './known-devices.js';
import { type Credentials, proveByPassword } from './prove-identity.js';
import { SessionKind } from './session.entity.js';
import { type IssuedCookie, type IssuedTokens, startCookieSession, startTokenSession } from './start-session.js';

export interface Login extends Credentials {
  /** Makes the device a known one, unless it is. Default: false. */
  rememberDevice?: boolean | null;
  kind: SessionKind;
}

export interface OpenedSession {
  userId: number;
  tokens?: IssuedTokens;
  cookie?: IssuedCookie;
  deviceToken: string | undefined;
}

/**
 * Starts a session, with tokens or with a cookie as `kind` says; a browser that asks the graph keeps the cookie. Throws
 * UNAUTHENTICATED, with one message for everything that may be wrong.
 */
export async function login(ctx: Context, given: Login): Promise<OpenedSession> {
  const input = { ...given, deviceToken: given.deviceToken ?? ctx.browser?.deviceToken };
  const proven = await proveByPassword(ctx, input);
  const { userId } = proven;
  if (input.kind === SessionKind.TOKEN) {
    return ctx.db.transaction(async (tx) => ({
      userId,
      tokens: await startTokenSession(tx, ctx, proven),
      deviceToken: await keepDevice(tx, ctx, proven, input),
    }));
  }
  const opened = await ctx.db.transaction(async (tx) => ({
    userId,
    cookie: await startCookieSession(tx, ctx, proven),
    deviceToken: await keepDevice(tx, ctx, proven, input),
  }));
  ctx.browser?.keep(sessionCookie, opened.cookie.value);
  if (opened.deviceToken) ctx.browser?.keep(deviceCookie, opened.deviceToken);
  return opened;
}
