import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { forbidden, unauthenticated } from '../../../lib/errors.js';
import { isDevice } from './refreshing-device.js';
import { hashSecret } from './resolve-viewer.js';
import { type IssuedTokens, issueTokens, momentAfter } from './start-session.js';

const refused = () => unauthenticated('The refresh token is wrong, expired or revoked', 'bad_refresh_token');

export interface RefreshedSession {
  userId: number;
  tokens: IssuedTokens;
}

/**
 * Gives a session new tokens: that of the refresh token, or without one that of the current access token. Throws
 * UNAUTHENTICATED, and FORBIDDEN without a refresh token for another credential than an access token.
 */
export const refreshSession = (ctx: Context, refreshToken: string | null | undefined): Promise<RefreshedSession> =>
  refreshToken == null ? renewCurrent(ctx) : exchange(ctx, refreshToken);

/** Two tabs of one device may refresh with the same token at the same moment (DECISIONS.md, section 8). */
const raceSeconds = 10;

/**
 * A refresh token is good once, and for ten seconds more from the device that it was given to. One that comes again
 * later, or from elsewhere, may have been stolen, so its whole session ends (RFC 9700, section 4.14.2).
 */
async function exchange(ctx: Context, refreshToken: string): Promise<RefreshedSession> {
  const tokenHash = hashSecret(refreshToken);
  const now = ctx.services.now();
  const refreshed = await ctx.db.transaction(async (tx) => {
    const known = await tx.first<{
      userId: number;
      sessionId: string;
      isUsed: boolean;
      isLate: boolean;
      deviceMark: string | null;
      isLive: boolean;
    }>(sql`
      select s.user_id as "userId", s.id as "sessionId", r.used_at is not null as "isUsed",
             r.used_at <= ${momentAfter(now, -raceSeconds)} as "isLate", r.device_hash as "deviceMark",
             r.expires_at > ${now} and s.revoked_at is null and u.is_active as "isLive"
        from refresh_tokens r join sessions s on s.id = r.session_id join users u on u.id = s.user_id
       where r.token_hash = ${tokenHash} for update of r, s`);
    if (!known) return undefined;
    const { userId, sessionId } = known;
    if (known.isUsed && (known.isLate || !isDevice(known.deviceMark, ctx))) {
      const ended = await tx.run(
        sql`update sessions set revoked_at = now() where id = ${sessionId} and revoked_at is null`,
      );
      if (ended > 0) await emit(tx, ctx, 'session.revoked', ['Session', sessionId], { userId, reason: 'reuse' });
      return undefined;
    }
    if (!known.isLive) return undefined;
    if (!known.isUsed) await tx.send(sql`update refresh_tokens set used_at = ${now} where token_hash = ${tokenHash}`);
    return { userId, tokens: await issueTokens(tx, ctx, userId, sessionId) };
  });
  // Thrown outside the transaction: inside, it would undo the revocation.
  if (!refreshed) throw refused();
  return refreshed;
}

async function renewCurrent(ctx: Context): Promise<RefreshedSession> {
  const { userId, credential } = requireInPerson(ctx.viewer);
  if (credential.kind !== 'token') throw forbidden('This needs an access token', 'session_needed');
  const { sessionId } = credential;
  return ctx.db.transaction(async (tx) => {
    const live = await tx.first(sql`select 1 from sessions where id = ${sessionId} and revoked_at is null for update`);
    if (!live) throw unauthenticated('The session has ended', 'bad_credential');
    // The new refresh token takes the place of those that were not used, but for another tab's of the same moment.
    await tx.send(sql`
      delete from refresh_tokens
       where session_id = ${sessionId} and used_at is null
         and created_at <= ${momentAfter(ctx.services.now(), -raceSeconds)}`);
    return { userId, tokens: await issueTokens(tx, ctx, userId, sessionId) };
  });
}
