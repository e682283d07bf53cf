import type { Transaction } from '../../../db/sql-client.js';
import { sql, values } from '../../../db/sql.js';
import { emit, type EventOrigin, originAs } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { can, requireInPerson } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { isUuid } from '../../../lib/uuid.js';
import { KnownDevice } from './known-device.entity.js';
import type { Login } from './login.js';
import type { ProvenByPassword } from './prove-identity.js';
import { newSecret } from './secrets.js';
import { momentAfter } from './start-session.js';

/**
 * Devices of a person at most. Of more, those that were used only once go first, then those unused for the longest
 * time.
 */
const mostDevices = 20;

/** Forgotten devices that a person still sees. */
const mostForgotten = 100;

/** After this time without use a device is no longer known. */
const idleSeconds = 180 * 86_400;

/** A device is known only when it was last used after this moment. */
export const knownSince = (now: Date): string => momentAfter(now, -idleSeconds);

/**
 * Notes that a known device was used, or adds a new one when `rememberDevice` asks for it. Returns the device's token.
 * Call it after `startSession`, whose update of the person makes logins of one person wait for each other.
 */
export async function keepDevice(
  tx: Transaction,
  ctx: Context,
  { userId, deviceId }: ProvenByPassword,
  { deviceToken, rememberDevice }: Login,
): Promise<string | undefined> {
  const now = ctx.services.now();
  const userAgent = ctx.userAgent?.slice(0, 300) ?? null;
  const ip = ctx.ip ?? null;
  if (deviceId && deviceToken) {
    const updated = await tx.run(sql`
      update known_devices set user_agent = ${userAgent}, ip = ${ip}, last_used_at = ${now}
       where id = ${deviceId} and revoked_at is null`);
    if (updated > 0) return deviceToken;
  }
  if (!rememberDevice) return undefined;

  const { secret, hash } = newSecret('dev');
  // A program that keeps no cookies would fill the table: its next login takes over the row that was never used again.
  const replaced = await tx.run(sql`
    update known_devices set token_hash = ${hash}, created_at = ${now}, last_used_at = ${now}
     where id = (select id from known_devices
                  where user_id = ${userId} and user_agent is not distinct from ${userAgent}
                    and ip is not distinct from ${ip} and revoked_at is null and last_used_at = created_at
                  order by created_at desc limit 1)`);
  if (replaced > 0) return secret;

  const origin = originAs(userId, ctx);
  const row = { user: userId, tokenHash: hash, userAgent, ip, createdAt: now, lastUsedAt: now };
  const device = await tx.first<{ id: string }>(
    sql`insert into known_devices ${values(KnownDevice, row)} returning id`,
  );
  const { id } = device as { id: string };
  await emit(tx, origin, 'device.added', ['Device', id], { userId });
  await makeRoom(tx, origin, { userId, newest: id, now });
  return secret;
}

/**
 * Keeps the table bounded: devices out of use are deleted, those beyond the number are forgotten, and of the forgotten
 * ones the last stay.
 */
async function makeRoom(
  tx: Transaction,
  origin: EventOrigin,
  { userId, newest, now }: { userId: number; newest: string; now: Date },
): Promise<void> {
  await tx.send(sql`delete from known_devices where user_id = ${userId} and last_used_at <= ${knownSince(now)}`);
  const forgotten = await tx.all<{ id: string }>(sql`
    update known_devices set revoked_at = ${now}
     where id in (select id from known_devices where user_id = ${userId} and revoked_at is null
                   order by id = ${newest} desc, last_used_at > created_at desc, last_used_at desc, id desc
                  offset ${mostDevices})
    returning id`);
  for (const { id } of forgotten) await emit(tx, origin, 'device.revoked', ['Device', id], { userId });
  await tx.send(sql`
    delete from known_devices
     where id in (select id from known_devices where user_id = ${userId} and revoked_at is not null
                   order by revoked_at desc, id desc offset ${mostForgotten} for update skip locked)`);
}

/**
 * Forgets one of one's own devices, or, as an administrator, anybody's. Only in person. For a forgotten one it changes
 * nothing.
 */
export async function revokeDevice(ctx: Context, id: string): Promise<{ deviceId: string }> {
  const viewer = requireInPerson(ctx.viewer);
  if (!isUuid(id)) throw notFound('KnownDevice');
  const deviceId = id.toLowerCase();
  await ctx.db.transaction(async (tx) => {
    const device = await tx.first<{ userId: number; isRevoked: boolean }>(sql`
      select user_id as "userId", revoked_at is not null as "isRevoked"
        from known_devices where id = ${deviceId} for update`);
    if (!device || (device.userId !== viewer.userId && !can(viewer, '*:*'))) throw notFound('KnownDevice');
    if (device.isRevoked) return;
    await tx.send(sql`update known_devices set revoked_at = ${ctx.services.now()} where id = ${deviceId}`);
    await emit(tx, ctx, 'device.revoked', ['Device', deviceId], { userId: device.userId });
  });
  return { deviceId };
}

/** Forgets all devices of a person. */
export async function forgetDevicesOf(tx: Transaction, ctx: Context, userId: number): Promise<void> {
  const forgotten = await tx.all<{ id: string }>(sql`
    update known_devices set revoked_at = ${ctx.services.now()}
     where user_id = ${userId} and revoked_at is null returning id`);
  for (const { id } of forgotten) await emit(tx, ctx, 'device.revoked', ['Device', id], { userId });
}
