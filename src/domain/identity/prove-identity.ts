import type { Context } from '../context.js';
import { isPlain } from './person-fields.js';
import { knownSince } from './known-devices.js';
import { verifyPassword } from './passwords.js';
import { hashSecret } from './resolve-viewer.js';
import { type Proven, wrongCredentials } from './start-session.js';
import { countAttempt } from './throttle-login.js';

export interface Credentials {
  /** User name or e-mail. */
  identifier: string;
  password: string;
  /** Of an earlier login on this device; another person's, a forgotten one and none are the same. */
  deviceToken?: string | null;
}

export interface ProvenByPassword extends Required<Proven> {
  /** The known device that it was done on. */
  deviceId: string | null;
}

/** Who has this password. Throws UNAUTHENTICATED, or RATE_LIMITED while the name is locked for the address or the device is. */
export async function proveByPassword({ em, ip, services }: Context, { identifier, password, deviceToken }: Credentials): Promise<ProvenByPassword> {
  const name = identifier.trim();
  const column = name.includes('@') ? 'email' : 'username';
  const [person] = isPlain(name)
    ? await em.execute<{ id: number; passwordHash: string | null; isActive: boolean; deviceId: string | null }[]>(
        `select u.id, u.password_hash as "passwordHash", u.is_active as "isActive", d.id as "deviceId"
           from users u left join known_devices d on d.user_id = u.id and d.token_hash = ? and d.revoked_at is null and d.last_used_at > ?::timestamptz
          where lower(u.${column}) = lower(?)`,
        [hashSecret(deviceToken ?? ''), knownSince(services.now()), name],
      )
    : [];
  const attempt = await countAttempt(em, { name, ip, deviceId: person?.deviceId, at: services.now() });
  const matches = await verifyPassword(person?.passwordHash, password);
  if (!person?.isActive || !person.passwordHash || !matches) throw wrongCredentials();
  await attempt.succeeded();
  return { userId: person.id, passwordHash: person.passwordHash, deviceId: person.deviceId };
}
