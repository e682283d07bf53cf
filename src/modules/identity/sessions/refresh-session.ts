import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { forbidden, unauthenticated } from '../../../lib/errors.js';
import { hashSecret } from './resolve-viewer.js';
import { issueTokens, type SessionTokens } from './start-session.js';

const refused = () => unauthenticated('The refresh token is wrong, expired or revoked', 'bad_refresh_token');

/**
 * Exchanges a refresh token for new tokens; it is then used up. A used one that comes again was stolen from somebody, so
 * its whole session ends (RFC 9700, section 4.14.2). Throws UNAUTHENTICATED.
 */
export async function refreshSession(ctx: Context, refreshToken: string): Promise<SessionTokens> {
  const tokenHash = hashSecret(refreshToken);
  const now = ctx.services.now().toISOString();
  const tokens = await ctx.em.transactional(async (em) => {
    const [known] = await em.execute<{ userId: number; sessionId: string; isUsed: boolean; isLive: boolean }[]>(
      `select s.user_id as "userId", s.id as "sessionId", r.used_at is not null as "isUsed",
              r.expires_at > ?::timestamptz and s.revoked_at is null and u.is_active as "isLive"
         from refresh_tokens r join sessions s on s.id = r.session_id join users u on u.id = s.user_id
        where r.token_hash = ? for update of r, s`,
      [now, tokenHash],
    );
    if (!known) return undefined;
    const { userId, sessionId } = known;
    if (known.isUsed) {
      const ended = await em.execute<unknown[]>(
        'update sessions set revoked_at = now() where id = ?::uuid and revoked_at is null returning id',
        [sessionId],
      );
      if (ended.length) await emit(em, ctx, 'session.revoked', ['Session', sessionId], { userId, reason: 'reuse' });
      return undefined;
    }
    if (!known.isLive) return undefined;
    await em.execute('update refresh_tokens set used_at = ?::timestamptz where token_hash = ?', [now, tokenHash]);
    return issueTokens(em, ctx, userId, sessionId);
  });
  // Thrown only here: inside, it would undo the revocation.
  if (!tokens) throw refused();
  return tokens;
}

/** New tokens for the session of the current access token. Throws FORBIDDEN for other credentials. */
export async function renewAccess(ctx: Context): Promise<SessionTokens> {
  const { userId, credential } = requireInPerson(ctx.viewer);
  if (credential.kind !== 'token') throw forbidden('This needs an access token', 'session_needed');
  return ctx.em.transactional(async (em) => {
    const live = await em.execute<unknown[]>(
      'select 1 from sessions where id = ?::uuid and revoked_at is null for update',
      [credential.sessionId],
    );
    if (!live.length) throw unauthenticated('The session has ended', 'bad_credential');
    // The new refresh token takes the place of those that were not used.
    await em.execute('delete from refresh_tokens where session_id = ?::uuid and used_at is null', [
      credential.sessionId,
    ]);
    return issueTokens(em, ctx, userId, credential.sessionId);
  });
}
