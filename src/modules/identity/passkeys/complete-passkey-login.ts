import type { Context } from '../../../kernel/context.js';
import { sessionCookie } from '../../../lib/browser-cookies.js';
import { unauthenticated } from '../../../lib/errors.js';
import type { OpenedSession } from '../sessions/login.js';
import { SessionKind } from '../sessions/session.entity.js';
import { startCookieSession, startTokenSession } from '../sessions/start-session.js';
import { provePasskey } from './prove-passkey.js';

/**
 * Signs in by a passkey; a browser that asks the graph for a cookie keeps it. Throws BAD_USER_INPUT for what is no
 * credential by its form, and UNAUTHENTICATED with one message for everything else; only whoever proved the passkey
 * learns that it must verify its user too.
 */
export async function completePasskeyLogin(
  ctx: Context,
  { credential, kind }: { credential: unknown; kind: SessionKind },
): Promise<Omit<OpenedSession, 'deviceToken'>> {
  const session = await provePasskey(ctx, credential, async (tx, userId) =>
    kind === SessionKind.COOKIE
      ? { userId, cookie: await startCookieSession(tx, ctx, { userId }) }
      : { userId, tokens: await startTokenSession(tx, ctx, { userId }) },
  );
  if (!session) throw unauthenticated('The passkey does not open an account', 'webauthn.login');
  if (session.cookie) ctx.browser?.keep(sessionCookie, session.cookie.value);
  return session;
}
