import { randomInt } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Config } from '../../../config/config.js';
import { lockUntilCommit } from '../../../db/locks.js';
import { emit } from '../../../events/outbox.js';
import { theSystem } from '../../../kernel/viewer.js';
import { hashPassword } from '../sessions/passwords.js';
import { User } from './user.entity.js';

export interface FirstAdmin {
  username: string;
  email: string;
  /** Only when it was made now and not configured: print it once. */
  password: string | undefined;
}

/**
 * Makes the administrator when there is nobody at all; undefined when somebody is there. Several processes may call it
 * at once: one makes the person, the others find it.
 */
export async function bootstrapAdmin(
  em: SqlEntityManager,
  { admin }: Pick<Config, 'admin'>,
): Promise<FirstAdmin | undefined> {
  const anybody = 'select 1 from users limit 1';
  if ((await em.execute<unknown[]>(anybody)).length) return undefined;
  const password = admin.password ?? readablePassword();
  const passwordHash = await hashPassword(password);
  return em.transactional(async (inner) => {
    await inner.execute(lockUntilCommit('firstAdministrator'));
    if ((await inner.execute<unknown[]>(anybody)).length) return undefined;
    const { username, email } = admin;
    const user = inner.create(User, { username, email, passwordHash, firstName: 'Admin' });
    await inner.flush();
    await inner.execute(
      "insert into role_assignments (user_id, role_id) select ?, id from roles where name = 'admin'",
      [user.id],
    );
    await emit(
      inner,
      { viewer: theSystem, requestId: 'bootstrap', ip: undefined },
      'user.registered',
      ['User', user.id],
      { username },
    );
    return { username, email, password: admin.password === undefined ? password : undefined };
  });
}

/** 116 bits in groups that can be read out; satisfies the rules for passwords. */
function readablePassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  const group = (): string => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return `Pa5-${group()}-${group()}-${group()}-${group()}`;
}
