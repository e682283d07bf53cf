import type { Config } from '../../../config/config.js';
import { takeLock } from '../../../db/locks.js';
import type { SqlClient } from '../../../db/sql-client.js';
import { sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { theSystem } from '../../../kernel/viewer.js';
import { hashPassword, readablePassword } from '../sessions/passwords.js';
import { User } from './user.entity.js';

export interface FirstAdmin {
  username: string;
  email: string;
  /** The password when it was generated here: print it once. Undefined for a configured one. */
  password: string | undefined;
}

/**
 * Creates the administrator when there are no people at all; returns undefined when there are. Several processes may
 * call it at once: one creates the person, the others find it. `beforeCommit` does what the start may still fail at:
 * when it throws, nobody was created, and the next start creates and shows another password.
 */
export async function bootstrapAdmin(
  db: SqlClient,
  { admin }: Pick<Config, 'admin'>,
  beforeCommit: () => Promise<unknown> = async () => undefined,
): Promise<FirstAdmin | undefined> {
  const anybody = sql`select 1 from users limit 1`;
  if (await db.first(anybody)) return undefined;
  const password = admin.password ?? readablePassword();
  const passwordHash = await hashPassword(password);
  return db.transaction(async (tx) => {
    await tx.all(takeLock('firstAdministrator'));
    if (await tx.first(anybody)) return undefined;
    const { username, email } = admin;
    const row = { username, email, passwordHash, firstName: 'Admin' };
    const inserted = await tx.first<{ id: number }>(sql`insert into users ${values(User, row)} returning id`);
    const { id } = inserted as { id: number };
    await tx.send(sql`
      insert into role_assignments (user_id, role_id) select ${id}::int, id from roles where name = 'admin'`);
    const origin = { viewer: theSystem, requestId: 'bootstrap', ip: undefined };
    await emit(tx, origin, 'user.registered', ['User', id], { username });
    await beforeCommit();
    return { username, email, password: admin.password === undefined ? password : undefined };
  });
}
