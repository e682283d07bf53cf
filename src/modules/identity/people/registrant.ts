import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { hashSecret } from '../sessions/resolve-viewer.js';
import { newSecret } from '../sessions/secrets.js';
import { momentAfter } from '../sessions/start-session.js';
import { personNumber } from './person-number.js';

/** Lifetime of a registration's session. */
const registrationSeconds = 10 * 60;

/** For whom a passkey is being made. */
export interface Registrant {
  userId: number;
  /** The session of their registration; undefined when they are signed in. */
  registrationId: string | undefined;
}

/** Opens a session that allows nothing but the registration of a passkey. */
export async function openRegistration(
  tx: Transaction,
  ctx: Context,
  userId: number,
): Promise<{ registrationToken: string; expiresAt: string }> {
  const { secret, hash } = newSecret('reg');
  const expiresAt = momentAfter(ctx.services.now(), registrationSeconds);
  await tx.send(sql`
    insert into sessions (user_id, kind, token_hash, ip, user_agent, expires_at)
    values (${userId}, 'ceremony', ${hash}, ${ctx.ip ?? null}, ${ctx.userAgent?.slice(0, 300) ?? null}, ${expiresAt})`);
  return { registrationToken: secret, expiresAt };
}

/**
 * Returns the person of the registration's token or, in person, of the viewer's credential. Throws UNAUTHENTICATED
 * without either, FORBIDDEN for an API token or key, and NOT_FOUND when `userId` is somebody else.
 */
export async function requireRegistrant(
  ctx: Context,
  { userId, registrationToken }: { userId?: string | null; registrationToken?: string | null },
): Promise<Registrant> {
  const wanted = userId == null ? undefined : ((await personNumber(ctx.db, userId)) ?? 0);
  const isWanted = (id: number): boolean => wanted === undefined || wanted === id;
  const newcomer = registrationToken ? await newcomerOf(ctx, registrationToken) : undefined;
  if (newcomer && isWanted(newcomer.userId)) return newcomer;
  if (newcomer && ctx.viewer.userId === undefined) throw notFound('User');
  const viewer = requireInPerson(ctx.viewer);
  if (!isWanted(viewer.userId)) throw notFound('User');
  return { userId: viewer.userId, registrationId: undefined };
}

async function newcomerOf({ db, services }: Context, registrationToken: string): Promise<Registrant | undefined> {
  return db.first<Registrant>(sql`
    select s.user_id as "userId", s.id as "registrationId" from sessions s join users u on u.id = s.user_id
     where s.token_hash = ${hashSecret(registrationToken)} and s.kind = 'ceremony' and s.revoked_at is null
       and s.expires_at > ${services.now()} and u.is_active`);
}

/** Ends a registration's session. Returns false when it had ended before. */
export async function endRegistration(tx: Transaction, registrationId: string, now: Date): Promise<boolean> {
  const ended = await tx.run(sql`
    update sessions set revoked_at = ${now}
     where id = ${registrationId} and revoked_at is null and expires_at > ${now}`);
  return ended > 0;
}
