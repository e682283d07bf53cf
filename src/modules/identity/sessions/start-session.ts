import type { Transaction } from '../../../db/sql-client.js';
import { raw, sql, values } from '../../../db/sql.js';
import { emit, type EventOrigin, originAs } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { unauthenticated } from '../../../lib/errors.js';
import { accessTokenSeconds } from './access-tokens.js';
import { deviceMark } from './refreshing-device.js';
import { cookieIdleSeconds } from './resolve-viewer.js';
import { newSecret } from './secrets.js';
import { Session, type SessionKind } from './session.entity.js';

/** Lifetime of a refresh token; each refresh issues a new one. */
export const refreshTokenSeconds = 7 * 24 * 3600;

/** How long a person still sees the sessions that are over; the event log keeps the login itself. */
const endedSessionSeconds = 30 * 24 * 3600;

/**
 * A person's sessions at most: of more that hold, the one that was used the longest time ago ends. Of those that ended
 * as many are kept.
 */
const mostSessions = 100;

/** A person who has just proved who they are. */
export interface Proven {
  userId: number;
  /** The hash that the password was verified against: it must still be the person's. Absent after a passkey. */
  passwordHash?: string;
}

export interface IssuedTokens {
  accessToken: string;
  refreshToken: string;
  /** Seconds. */
  expiresIn: number;
}

/** One message, whatever is wrong. */
export const wrongCredentials = () => unauthenticated('Wrong user name or password', 'bad_credentials');

export const momentAfter = (now: Date, seconds: number): string =>
  new Date(now.valueOf() + seconds * 1000).toISOString();

/**
 * Starts a session with access and refresh tokens. Throws UNAUTHENTICATED when the person was deactivated meanwhile.
 */
export async function startTokenSession(tx: Transaction, ctx: Context, proven: Proven): Promise<IssuedTokens> {
  const expiresAt = momentAfter(ctx.services.now(), refreshTokenSeconds);
  const sessionId = await startSession(tx, ctx, proven, { kind: 'token', tokenHash: null, expiresAt });
  return issueTokens(tx, ctx, proven.userId, sessionId);
}

export interface IssuedCookie {
  value: string;
  /** When the session ends by itself unless it is used; ISO 8601. */
  expiresAt: string;
}

/** Starts a session for a browser. Throws as `startTokenSession`. */
export async function startCookieSession(tx: Transaction, ctx: Context, proven: Proven): Promise<IssuedCookie> {
  const { secret, hash } = newSecret('ses');
  const expiresAt = momentAfter(ctx.services.now(), cookieIdleSeconds);
  await startSession(tx, ctx, proven, { kind: 'cookie', tokenHash: hash, expiresAt });
  return { value: secret, expiresAt };
}

/** Issues new tokens of a session, to the device that asks. Its refresh tokens that expired are deleted. */
export async function issueTokens(
  tx: Transaction,
  ctx: Context,
  userId: number,
  sessionId: string,
): Promise<IssuedTokens> {
  const { services } = ctx;
  const now = services.now();
  const expiresAt = momentAfter(now, refreshTokenSeconds);
  const { secret, hash } = newSecret('rft');
  await tx.send(sql`delete from refresh_tokens where session_id = ${sessionId} and expires_at < ${now}`);
  await tx.send(sql`
    insert into refresh_tokens (token_hash, session_id, device_hash, created_at, expires_at)
    values (${hash}, ${sessionId}, ${deviceMark(ctx)}, ${now}, ${expiresAt})`);
  await tx.send(sql`update sessions set last_used_at = ${now}, expires_at = ${expiresAt} where id = ${sessionId}`);
  return {
    accessToken: services.accessTokens.sign(userId, sessionId, now),
    refreshToken: secret,
    expiresIn: accessTokenSeconds,
  };
}

export interface NewSession {
  kind: `${SessionKind}`;
  tokenHash: string | null;
  expiresAt: string;
}

/**
 * Inserts the session's row and emits the login, after making room. Returns the session's id. Throws UNAUTHENTICATED
 * when the proof no longer holds.
 */
export async function startSession(
  tx: Transaction,
  ctx: Context,
  { userId, passwordHash }: Proven,
  session: NewSession,
): Promise<string> {
  const now = ctx.services.now();
  // The password may have been changed, or the person deactivated, while the proof was verified.
  const hasPassword = passwordHash === undefined ? raw('') : sql`and password_hash = ${passwordHash}`;
  const stillHolds = await tx.run(sql`
    update users set last_login_at = ${now} where id = ${userId} and is_active ${hasPassword}`);
  if (stillHolds === 0) throw wrongCredentials();
  const origin = originAs(userId, ctx);
  await makeRoom(tx, origin, userId, now);
  const place = { ip: ctx.ip ?? null, userAgent: ctx.userAgent?.slice(0, 300) ?? null };
  const row = await tx.first<{ id: string }>(sql`
    insert into sessions ${values(Session, { user: userId, ...session, ...place })} returning id`);
  await emit(tx, origin, 'user.login', ['User', userId], { kind: session.kind });
  return (row as { id: string }).id;
}

/**
 * Keeps the table bounded: sessions that are long over are deleted, and those that ended before the last hundred did;
 * of the live ones as many stay as leave room for one more. Logins of one person wait for each other, so that together
 * they stay within the bound; a row that another transaction is just ending is left to it.
 */
async function makeRoom(tx: Transaction, origin: EventOrigin, userId: number, now: Date): Promise<void> {
  const longOver = momentAfter(now, -endedSessionSeconds);
  await tx.send(sql`delete from sessions where user_id = ${userId} and expires_at < ${longOver}`);
  const own = sql`user_id = ${userId} and kind <> 'ceremony'`;
  const endsAt = raw('least(revoked_at, expires_at)');
  await tx.send(sql`
    delete from sessions
     where id in (select id from sessions where ${own} and (revoked_at is not null or expires_at <= ${now})
                   order by ${endsAt} desc, id offset ${mostSessions} for update skip locked)`);
  const ended = await tx.all<{ id: string }>(sql`
    update sessions set revoked_at = ${now}
     where id in (select id from sessions where ${own} and revoked_at is null and expires_at > ${now}
                   order by last_used_at desc, id offset ${mostSessions - 1} for update skip locked) returning id`);
  for (const { id } of ended) await emit(tx, origin, 'session.revoked', ['Session', id], { userId, reason: 'revoked' });
}
