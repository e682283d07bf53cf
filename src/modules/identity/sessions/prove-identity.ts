import type { Context } from '../../../kernel/context.js';
import { isPlain } from '../people/person-fields.js';
import { secondFactorNeeded, spendCode } from '../second-factor/prove-second-factor.js';
import { hasSecondFactor } from '../second-factor/second-factor-state.js';
import { knownSince } from './known-devices.js';
import { noteFailedLogin } from './note-failed-login.js';
import { verifyPassword } from './passwords.js';
import { hashSecret } from './resolve-viewer.js';
import { type Proven, wrongCredentials } from './start-session.js';
import { countAttempt, foldedName } from './throttle-login.js';

export interface Credentials {
  /** User name or e-mail. */
  identifier: string;
  password: string;
  /** Of the second factor, for who has one: of the app, or a recovery code. */
  code?: string | null;
  /** Of an earlier login on this device; another person's, a forgotten one and none are the same. */
  deviceToken?: string | null;
}

export interface ProvenByPassword extends Required<Proven> {
  /** The known device that it was done on. */
  deviceId: string | null;
}

/**
 * Who has this password, and the second factor if they turned it on. Throws UNAUTHENTICATED (with the reason
 * `two_factor_required` for a missing or wrong code, only under the right password), or RATE_LIMITED while the name is
 * locked for the address, or the known device is.
 */
export async function proveByPassword(
  ctx: Context,
  { identifier, password, code, deviceToken }: Credentials,
): Promise<ProvenByPassword> {
  const { em, ip, services } = ctx;
  const typed = identifier.trim();
  const name = isPlain(typed) ? await foldedName(em, typed) : typed;
  const column = name.includes('@') ? 'email' : 'username';
  const [person] = isPlain(name)
    ? await em.execute<{ id: number; passwordHash: string | null; isActive: boolean; deviceId: string | null }[]>(
        `select u.id, u.password_hash as "passwordHash", u.is_active as "isActive", d.id as "deviceId"
           from users u left join known_devices d on d.user_id = u.id and d.token_hash = ? and d.revoked_at is null and d.last_used_at > ?::timestamptz
          where lower(u.${column}) = ?`,
        [hashSecret(deviceToken ?? ''), knownSince(services.now()), name],
      )
    : [];
  const attempt = await countAttempt(em, { name, ip, deviceId: person?.deviceId, at: services.now() });
  const matches = await verifyPassword(person?.passwordHash, password);
  if (!person?.isActive || !person.passwordHash || !matches) {
    await noteFailedLogin(ctx, person?.id, 'password');
    throw wrongCredentials();
  }
  if (await hasSecondFactor(ctx, person.id)) {
    if (!code?.trim()) {
      // The door asks for the code next: no failure, and no success that would forgive the ones before.
      await attempt.withdraw();
      throw secondFactorNeeded('A code of the second factor is needed');
    }
    if (!(await spendCode(ctx, person.id, code))) {
      await noteFailedLogin(ctx, person.id, 'second_factor');
      throw secondFactorNeeded('The code is wrong or was used before');
    }
  }
  await attempt.succeeded();
  return { userId: person.id, passwordHash: person.passwordHash, deviceId: person.deviceId };
}
