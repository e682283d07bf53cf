import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit, type EventOrigin } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { unauthenticated } from '../../../lib/errors.js';
import { accessTokenSeconds } from './access-tokens.js';
import { newSecret } from './secrets.js';

/** Life of a refresh token, renewed with each rotation. */
export const refreshTokenSeconds = 7 * 24 * 3600;

/** For how long a person still sees where they were signed in; the event log keeps the login itself. */
const endedSessionSeconds = 30 * 24 * 3600;

/** A person who has just proved who they are. */
export interface Proven {
  userId: number;
  /** The hash that a password was held against: it must still be the person's. Absent after a passkey. */
  passwordHash?: string;
}

export interface SessionTokens {
  userId: number;
  accessToken: string;
  refreshToken: string;
  tokenType: 'bearer';
  /** Seconds. */
  expiresIn: number;
}

/** One message for everything that may be wrong. */
export const wrongCredentials = () => unauthenticated('Wrong user name or password', 'bad_credentials');

export const momentAfter = (now: Date, seconds: number): string =>
  new Date(now.valueOf() + seconds * 1000).toISOString();

/** A session with access and refresh tokens. Throws UNAUTHENTICATED when the person has been deactivated meanwhile. */
export async function startTokenSession(ctx: Context, proven: Proven): Promise<SessionTokens> {
  return ctx.em.transactional(async (em) => {
    const expiresAt = momentAfter(ctx.services.now(), refreshTokenSeconds);
    const sessionId = await startSession(em, ctx, proven, { kind: 'token', tokenHash: null, expiresAt });
    return issueTokens(em, ctx, proven.userId, sessionId);
  });
}

/** New tokens of a session, in the transaction of `em`. Tokens of it that expired are swept. */
export async function issueTokens(
  em: SqlEntityManager,
  { services }: Context,
  userId: number,
  sessionId: string,
): Promise<SessionTokens> {
  const now = services.now();
  const expiresAt = momentAfter(now, refreshTokenSeconds);
  const { secret, hash } = newSecret('rft');
  await em.execute('delete from refresh_tokens where session_id = ?::uuid and expires_at < ?::timestamptz', [
    sessionId,
    now.toISOString(),
  ]);
  await em.execute(
    'insert into refresh_tokens (token_hash, session_id, created_at, expires_at) values (?, ?::uuid, ?::timestamptz, ?::timestamptz)',
    [hash, sessionId, now.toISOString(), expiresAt],
  );
  await em.execute(
    'update sessions set last_used_at = ?::timestamptz, expires_at = ?::timestamptz where id = ?::uuid',
    [now.toISOString(), expiresAt, sessionId],
  );
  return {
    userId,
    accessToken: services.accessTokens.sign(userId, sessionId, now),
    refreshToken: secret,
    tokenType: 'bearer',
    expiresIn: accessTokenSeconds,
  };
}

export interface NewSession {
  kind: 'token' | 'cookie';
  tokenHash: string | null;
  expiresAt: string;
}

/** The session's row and the login's event, in the transaction of `em`. Sessions of the person that are long over are swept. */
export async function startSession(
  em: SqlEntityManager,
  ctx: Context,
  { userId, passwordHash }: Proven,
  session: NewSession,
): Promise<string> {
  // The password may have been changed, or the person deactivated, while the proof was looked at.
  const [still] = await em.execute<{ id: number }[]>(
    `update users set last_login_at = ?::timestamptz where id = ? and is_active${passwordHash === undefined ? '' : ' and password_hash = ?'} returning id`,
    [ctx.services.now().toISOString(), userId, ...(passwordHash === undefined ? [] : [passwordHash])],
  );
  if (!still) throw wrongCredentials();
  await em.execute('delete from sessions where user_id = ? and expires_at < ?::timestamptz', [
    userId,
    momentAfter(ctx.services.now(), -endedSessionSeconds),
  ]);
  const [row] = await em.execute<{ id: string }[]>(
    `insert into sessions (user_id, kind, token_hash, ip, user_agent, expires_at) values (?, ?, ?, ?, ?, ?::timestamptz) returning id`,
    [userId, session.kind, session.tokenHash, ctx.ip ?? null, ctx.userAgent?.slice(0, 300) ?? null, session.expiresAt],
  );
  const origin: EventOrigin = { viewer: { userId }, requestId: ctx.requestId, ip: ctx.ip };
  await emit(em, origin, 'user.login', ['User', userId], { kind: session.kind });
  return (row as { id: string }).id;
}
