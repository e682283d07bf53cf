import type { Context } from '../context.js';
import { isPlain } from './person-fields.js';
import { verifyPassword } from './passwords.js';
import { secondFactorNeeded, spendCode } from './prove-second-factor.js';
import { hasSecondFactor } from './second-factor-state.js';
import { type Proven, wrongCredentials } from './start-session.js';
import { countAttempt } from './throttle-login.js';

export interface Credentials {
  /** User name or e-mail. */
  identifier: string;
  password: string;
  /** Of the second factor, for who has one: of the app, or a recovery code. */
  code?: string | null;
}

/**
 * Who has this password, and the second factor if they turned it on. Throws UNAUTHENTICATED (with the reason
 * `two_factor_required` for a missing or wrong code, only under the right password), or RATE_LIMITED while the name is
 * locked for the address.
 */
export async function proveByPassword(ctx: Context, { identifier, password, code }: Credentials): Promise<Required<Proven>> {
  const { em, ip, services } = ctx;
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
  if (!person?.isActive || !person.passwordHash || !matches) throw wrongCredentials();
  if (await hasSecondFactor(ctx, person.id)) {
    if (!code?.trim()) {
      // The door asks for the code next: no failure, and no success that would forgive the ones before.
      await attempt.withdraw();
      throw secondFactorNeeded('A code of the second factor is needed');
    }
    if (!(await spendCode(ctx, person.id, code))) throw secondFactorNeeded('The code is wrong or was used before');
  }
  await attempt.succeeded();
  return { userId: person.id, passwordHash: person.passwordHash };
}
