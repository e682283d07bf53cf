import type { Context } from '../../../kernel/context.js';
import { unauthenticated } from '../../../lib/errors.js';
import type { RefreshedSession } from '../sessions/refresh-session.js';
import { startTokenSession } from '../sessions/start-session.js';
import { provePasskey } from './prove-passkey.js';

/**
 * Signs in by a passkey. Throws BAD_USER_INPUT for what is no credential by its form, and UNAUTHENTICATED with one
 * message for everything else; only whoever proved the passkey learns that it must verify its user too.
 */
export async function completePasskeyLogin(ctx: Context, input: { credential: unknown }): Promise<RefreshedSession> {
  const session = await provePasskey(ctx, input.credential, async (tx, userId) => ({
    userId,
    tokens: await startTokenSession(tx, ctx, { userId }),
  }));
  if (!session) throw unauthenticated('The passkey does not open an account', 'webauthn.login');
  return session;
}
