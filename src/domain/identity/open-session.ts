import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit, type EventOrigin } from '../../events/outbox.js';
import { unauthenticated } from '../../errors.js';
import type { Context } from '../context.js';
import { accessTokenSeconds } from './access-tokens.js';
import { isPlain } from './person-fields.js';
import { verifyPassword } from './passwords.js';
import { cookieIdleSeconds } from './resolve-viewer.js';
import { newSecret } from './secrets.js';
import { countAttempt } from './throttle-login.js';

/** Life of a refresh token, renewed with each rotation. */
export const refreshTokenSeconds = 7 * 24 * 3600;

export interface Credentials {
  /** User name or e-mail. */
  identifier: string;
  password: string;
}

export interface SessionTokens {
  userId: number;
  accessToken: string;
  refreshToken: string;
  tokenType: 'bearer';
  /** Seconds. */
  expiresIn: number;
}

const after = (now: Date, seconds: number): string => new Date(now.valueOf() + seconds * 1000).toISOString();

/** A session with access and refresh tokens. Throws UNAUTHENTICATED, with one message for everything that may be wrong. */
export async function login(ctx: Context, credentials: Credentials): Promise<SessionTokens> {
  const proven = await proveIdentity(ctx, credentials);
  return ctx.em.transactional(async (em) => {
    const expiresAt = after(ctx.services.now(), refreshTokenSeconds);
    const sessionId = await startSession(em, ctx, proven, { kind: 'token', tokenHash: null, expiresAt });
    return issueTokens(em, ctx, proven.userId, sessionId);
  });
}

/** A session for a browser's cookie, by its secret. Throws as `login` does. */
export async function openSession(ctx: Context, credentials: Credentials): Promise<{ userId: number; token: string; expiresAt: string }> {
  const proven = await proveIdentity(ctx, credentials);
  const { secret, hash } = newSecret('ses');
  const expiresAt = after(ctx.services.now(), cookieIdleSeconds);
  await ctx.em.transactional((em) => startSession(em, ctx, proven, { kind: 'cookie', tokenHash: hash, expiresAt }));
  return { userId: proven.userId, token: secret, expiresAt };
}

/** New tokens of a session, in the transaction of `em`. Tokens of it that expired are swept. */
export async function issueTokens(em: SqlEntityManager, { services }: Context, userId: number, sessionId: string): Promise<SessionTokens> {
  const now = services.now();
  const expiresAt = after(now, refreshTokenSeconds);
  const { secret, hash } = newSecret('rft');
  await em.execute('delete from refresh_tokens where session_id = ?::uuid and expires_at < ?::timestamptz', [sessionId, now.toISOString()]);
  await em.execute('insert into refresh_tokens (token_hash, session_id, created_at, expires_at) values (?, ?::uuid, ?::timestamptz, ?::timestamptz)', [hash, sessionId, now.toISOString(), expiresAt]);
  await em.execute('update sessions set last_used_at = ?::timestamptz, expires_at = ?::timestamptz where id = ?::uuid', [now.toISOString(), expiresAt, sessionId]);
  return {
    userId,
    accessToken: services.accessTokens.sign(userId, sessionId, now),
    refreshToken: secret,
    tokenType: 'bearer',
    expiresIn: accessTokenSeconds,
  };
}

interface Proven {
  userId: number;
  passwordHash: string;
}

const wrong = () => unauthenticated('Wrong user name or password', 'bad_credentials');

async function proveIdentity({ em, ip, services }: Context, { identifier, password }: Credentials): Promise<Proven> {
  const name = identifier.trim();
  const attempt = await countAttempt(em, { name, ip, at: services.now() });
  const column = name.includes('@') ? 'email' : 'username';
  const [person] = isPlain(name)
    ? await em.execute<{ id: number; passwordHash: string | null; isActive: boolean }[]>(
        `select id, password_hash as "passwordHash", is_active as "isActive" from users where lower(${column}) = lower(?)`,
        [name],
      )
    : [];
  const matches = await verifyPassword(person?.passwordHash, password);
  if (!person?.isActive || !person.passwordHash || !matches) throw wrong();
  await attempt.succeeded();
  return { userId: person.id, passwordHash: person.passwordHash };
}

interface NewSession {
  kind: 'token' | 'cookie';
  tokenHash: string | null;
  expiresAt: string;
}

async function startSession(em: SqlEntityManager, ctx: Context, { userId, passwordHash }: Proven, session: NewSession): Promise<string> {
  // The password may have been changed, or the person deactivated, while it was verified.
  const [still] = await em.execute<{ id: number }[]>(
    'update users set last_login_at = ?::timestamptz where id = ? and is_active and password_hash = ? returning id',
    [ctx.services.now().toISOString(), userId, passwordHash],
  );
  if (!still) throw wrong();
  const [row] = await em.execute<{ id: string }[]>(
    `insert into sessions (user_id, kind, token_hash, ip, user_agent, expires_at) values (?, ?, ?, ?, ?, ?::timestamptz) returning id`,
    [userId, session.kind, session.tokenHash, ctx.ip ?? null, ctx.userAgent?.slice(0, 300) ?? null, session.expiresAt],
  );
  const origin: EventOrigin = { viewer: { userId }, requestId: ctx.requestId, ip: ctx.ip };
  await emit(em, origin, 'user.login', ['User', userId], { kind: session.kind });
  return (row as { id: string }).id;
}
