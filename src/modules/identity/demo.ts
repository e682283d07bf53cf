import { sql, values } from '../../db/sql.js';
import type { DemoFirm } from '../../kernel/demo.js';
import { User } from './people/user.entity.js';

const people = [
  { username: 'claire.demo', first: 'Claire', last: 'Vasseur (démo)', role: 'manager' },
  { username: 'hugo.demo', first: 'Hugo', last: 'Lambert (démo)', role: 'technicien' },
  { username: 'nadia.demo', first: 'Nadia', last: 'Benali (démo)', role: 'VALIDATOR_L1' },
] as const;

/** The people cannot sign in until an administrator gives them a password. */
export async function fillIdentityDemo({ people: numbers, asServer }: DemoFirm): Promise<void> {
  const { db } = asServer();
  for (const { username, first, last, role } of people) {
    const row = { username, email: `${username}@demo.invalid`, firstName: first, lastName: last };
    const inserted = await db.first<{ id: number }>(sql`insert into users ${values(User, row)} returning id`);
    const { id } = inserted as { id: number };
    numbers.set(username, id);
    await db.run(sql`
      insert into role_assignments (user_id, role_id) select ${id}::int, id from roles where name = ${role}`);
  }
}
