import { raw, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { tidyName } from '../../../lib/names.js';
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
  /** Of the second factor, for those who have one: the app's code, or a recovery code. */
  code?: string | null;
  /** Of an earlier login on this device. Another person's or a forgotten one counts as none. */
  deviceToken?: string | null;
}

export interface ProvenByPassword extends Required<Proven> {
  /** The known device that the login came from; null for any other. */
  deviceId: string | null;
}

/**
 * Returns who has this password, and the second factor if they turned it on. Throws UNAUTHENTICATED (with the reason
 * `two_factor_required` for a missing or wrong code, only under the right password), or RATE_LIMITED while the name is
 * locked for the address, or the known device is.
 */
export async function proveByPassword(
  ctx: Context,
  { identifier, password, code, deviceToken }: Credentials,
): Promise<ProvenByPassword> {
  const { db, ip, services } = ctx;
  const typed = tidyName(identifier);
  const name = isPlain(typed) ? await foldedName(db, typed) : typed;
  const person = isPlain(name) ? await findPerson(ctx, name, identifier.trim(), deviceToken) : undefined;
  const attempt = await countAttempt(db, { name, ip, deviceId: person?.deviceId, at: services.now() });
  const matches = await verifyPassword(person?.passwordHash, password);
  if (!person?.isActive || !person.passwordHash || !matches) {
    await noteFailedLogin(ctx, person?.id, 'password');
    throw wrongCredentials();
  }
  if (await hasSecondFactor(ctx, person.id)) {
    if (!code?.trim()) {
      // The client asks for the code next: no failure, and no success that would forgive the failures before.
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

interface FoundPerson {
  id: number;
  passwordHash: string | null;
  isActive: boolean;
  /** Of the device that `deviceToken` names, when the person is known to use it. */
  deviceId: string | null;
}

const findPerson = (
  { db, services }: Context,
  name: string,
  /** As it was typed: an address of before is kept as it came, perhaps not in NFC. */
  asTyped: string,
  deviceToken: string | null | undefined,
): Promise<FoundPerson | undefined> =>
  db.first<FoundPerson>(sql`
    select u.id, u.password_hash as "passwordHash", u.is_active as "isActive", d.id as "deviceId"
      from users u
      left join known_devices d on d.user_id = u.id and d.token_hash = ${hashSecret(deviceToken ?? '')}
                               and d.revoked_at is null and d.last_used_at > ${knownSince(services.now())}
     where lower(${raw(name.includes('@') ? 'u.email' : 'u.username')}) in (${name}, lower(${asTyped}::text))
     order by lower(u.email) = ${name} desc limit 1`);
