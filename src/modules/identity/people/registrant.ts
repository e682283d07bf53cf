import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { hashSecret } from '../sessions/resolve-viewer.js';
import { newSecret } from '../sessions/secrets.js';
import { momentAfter } from '../sessions/start-session.js';
import { personNumber } from './person-number.js';

/** Life of a registration's session. */
const registrationSeconds = 10 * 60;

/** For whom a passkey is being made. */
export interface Registrant {
  userId: number;
  /** The session of their registration; undefined when they are signed in. */
  registrationId: string | undefined;
}

/** A session that opens nothing but the registration of a passkey, in the transaction of `em`. */
export async function openRegistration(
  em: SqlEntityManager,
  ctx: Context,
  userId: number,
): Promise<{ registrationToken: string; expiresAt: string }> {
  const { secret, hash } = newSecret('reg');
  const expiresAt = momentAfter(ctx.services.now(), registrationSeconds);
  await em.execute(
    `insert into sessions (user_id, kind, token_hash, ip, user_agent, expires_at) values (?, 'ceremony', ?, ?, ?, ?::timestamptz)`,
    [userId, hash, ctx.ip ?? null, ctx.userAgent?.slice(0, 300) ?? null, expiresAt],
  );
  return { registrationToken: secret, expiresAt };
}

/**
 * Whom the registration's token or, in person, the viewer's credential stands for. Throws UNAUTHENTICATED without either,
 * FORBIDDEN for an API token or key, and NOT_FOUND when `userId` is somebody else.
 */
export async function requireRegistrant(
  ctx: Context,
  { userId, registrationToken }: { userId?: string | null; registrationToken?: string | null },
): Promise<Registrant> {
  const wanted = userId == null ? undefined : ((await personNumber(ctx.em, userId)) ?? 0);
  const isWanted = (id: number): boolean => wanted === undefined || wanted === id;
  const newcomer = registrationToken ? await newcomerOf(ctx, registrationToken) : undefined;
  if (newcomer && isWanted(newcomer.userId)) return newcomer;
  if (newcomer && ctx.viewer.userId === undefined) throw notFound('User');
  const viewer = requireInPerson(ctx.viewer);
  if (!isWanted(viewer.userId)) throw notFound('User');
  return { userId: viewer.userId, registrationId: undefined };
}

async function newcomerOf({ em, services }: Context, registrationToken: string): Promise<Registrant | undefined> {
  const [newcomer] = await em.execute<Registrant[]>(
    `select s.user_id as "userId", s.id as "registrationId" from sessions s join users u on u.id = s.user_id
      where s.token_hash = ? and s.kind = 'ceremony' and s.revoked_at is null and s.expires_at > ?::timestamptz and u.is_active`,
    [hashSecret(registrationToken), services.now().toISOString()],
  );
  return newcomer;
}

/** Ends a registration's session in the transaction of `em`; false when it has ended before. */
export async function endRegistration(em: SqlEntityManager, registrationId: string, now: Date): Promise<boolean> {
  const at = now.toISOString();
  const ended = await em.execute<unknown[]>(
    'update sessions set revoked_at = ?::timestamptz where id = ?::uuid and revoked_at is null and expires_at > ?::timestamptz returning id',
    [at, registrationId, at],
  );
  return ended.length > 0;
}
