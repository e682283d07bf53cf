import type { Context } from '../context.js';
import { noteFailedLogin } from './note-failed-login.js';
import { isPlain } from './person-fields.js';
import { verifyPassword } from './passwords.js';
import { type Proven, wrongCredentials } from './start-session.js';
import { countAttempt } from './throttle-login.js';

export interface Credentials {
  /** User name or e-mail. */
  identifier: string;
  password: string;
}

/** Who has this password. Throws UNAUTHENTICATED, or RATE_LIMITED while the name is locked for the address. */
export async function proveByPassword(ctx: Context, { identifier, password }: Credentials): Promise<Required<Proven>> {
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
  if (!person?.isActive || !person.passwordHash || !matches) {
    await noteFailedLogin(ctx, person?.id, 'password');
    throw wrongCredentials();
  }
  await attempt.succeeded();
  return { userId: person.id, passwordHash: person.passwordHash };
}
