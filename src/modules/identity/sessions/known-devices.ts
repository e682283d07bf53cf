import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit, type EventOrigin } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { can, requireInPerson } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { isUuid } from '../../../lib/uuid.js';
import type { Login } from './open-session.js';
import type { ProvenByPassword } from './prove-identity.js';
import { newSecret } from './secrets.js';
import { momentAfter } from './start-session.js';

/** Devices that a person may have; of more, those that never came back are forgotten first, then those not used for the longest time. */
const mostDevices = 20;

/** A device that was not used for as long is no longer known. */
const idleSeconds = 180 * 86_400;

/** A device must have been used after this. */
export const knownSince = (now: Date): string => momentAfter(now, -idleSeconds);

/**
 * Notes that a known device was used, or makes a new one when that was asked for; in the transaction of `em`, after the
 * session's row, whose update of the person makes logins of one person wait for each other. Answers the token to keep.
 */
export async function keepDevice(
  em: SqlEntityManager,
  ctx: Context,
  { userId, deviceId }: ProvenByPassword,
  { deviceToken, rememberDevice }: Login,
): Promise<string | undefined> {
  const now = ctx.services.now().toISOString();
  const place = [ctx.userAgent?.slice(0, 300) ?? null, ctx.ip ?? null];
  if (deviceId && deviceToken) {
    const still = await em.execute<unknown[]>(
      'update known_devices set user_agent = ?, ip = ?, last_used_at = ?::timestamptz where id = ?::uuid and revoked_at is null returning id',
      [...place, now, deviceId],
    );
    if (still.length) return deviceToken;
  }
  if (!rememberDevice) return undefined;

  const { secret, hash } = newSecret('dev');
  // A program that keeps no cookies would fill the table: what never came back makes room for the same program's next login.
  const replaced = await em.execute<unknown[]>(
    `update known_devices set token_hash = ?, created_at = ?::timestamptz, last_used_at = ?::timestamptz
      where id = (select id from known_devices where user_id = ? and user_agent is not distinct from ? and ip is not distinct from ?
                    and revoked_at is null and last_used_at = created_at order by created_at desc limit 1) returning id`,
    [hash, now, now, userId, ...place],
  );
  if (replaced.length) return secret;

  const origin: EventOrigin = { viewer: { userId }, requestId: ctx.requestId, ip: ctx.ip };
  const [device] = await em.execute<{ id: string }[]>(
    `insert into known_devices (user_id, token_hash, user_agent, ip, created_at, last_used_at)
     values (?, ?, ?, ?, ?::timestamptz, ?::timestamptz) returning id`,
    [userId, hash, ...place, now, now],
  );
  const { id } = device as { id: string };
  await emit(em, origin, 'device.added', ['Device', id], { userId });
  await makeRoom(em, origin, { userId, newest: id, now: ctx.services.now() });
  return secret;
}

/** Keeps the table bounded: devices out of use are deleted, those beyond the number are forgotten. */
async function makeRoom(
  em: SqlEntityManager,
  origin: EventOrigin,
  { userId, newest, now }: { userId: number; newest: string; now: Date },
): Promise<void> {
  await em.execute('delete from known_devices where user_id = ? and last_used_at <= ?::timestamptz', [
    userId,
    knownSince(now),
  ]);
  const forgotten = await em.execute<{ id: string }[]>(
    `update known_devices set revoked_at = ?::timestamptz
      where id in (select id from known_devices where user_id = ? and revoked_at is null
                    order by id = ?::uuid desc, last_used_at > created_at desc, last_used_at desc, id desc offset ${mostDevices}) returning id`,
    [now.toISOString(), userId, newest],
  );
  for (const { id } of forgotten) await emit(em, origin, 'device.revoked', ['Device', id], { userId });
}

/** Forgets one of one's own devices, or, as an administrator, anybody's. Only in person. Forgetting a forgotten one changes nothing. */
export async function revokeDevice(ctx: Context, id: string): Promise<{ deviceId: string }> {
  const viewer = requireInPerson(ctx.viewer);
  if (!isUuid(id)) throw notFound('KnownDevice');
  const deviceId = id.toLowerCase();
  await ctx.em.transactional(async (em) => {
    const [device] = await em.execute<{ userId: number; revoked: boolean }[]>(
      'select user_id as "userId", revoked_at is not null as revoked from known_devices where id = ?::uuid for update',
      [deviceId],
    );
    if (!device || (device.userId !== viewer.userId && !can(viewer, '*:*'))) throw notFound('KnownDevice');
    if (device.revoked) return;
    await em.execute('update known_devices set revoked_at = ?::timestamptz where id = ?::uuid', [
      ctx.services.now().toISOString(),
      deviceId,
    ]);
    await emit(em, ctx, 'device.revoked', ['Device', deviceId], { userId: device.userId });
  });
  return { deviceId };
}

/** Forgets all devices of a person, in the transaction of `em`. */
export async function forgetDevicesOf(em: SqlEntityManager, ctx: Context, userId: number): Promise<void> {
  const forgotten = await em.execute<{ id: string }[]>(
    'update known_devices set revoked_at = ?::timestamptz where user_id = ? and revoked_at is null returning id',
    [ctx.services.now().toISOString(), userId],
  );
  for (const { id } of forgotten) await emit(em, ctx, 'device.revoked', ['Device', id], { userId });
}
