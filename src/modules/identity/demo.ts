import { sql, values } from '../../db/sql.js';
import type { DemoFirm } from '../../kernel/demo.js';
import { User } from './people/user.entity.js';
import { hashPassword } from './sessions/passwords.js';

const people = [
  { username: 'claire.demo', first: 'Claire', last: 'Vasseur (démo)', role: 'manager' },
  { username: 'hugo.demo', first: 'Hugo', last: 'Lambert (démo)', role: 'technicien' },
  { username: 'nadia.demo', first: 'Nadia', last: 'Benali (démo)', role: 'VALIDATOR_L1' },
] as const;
const morePeople = [
  { username: 'karim.demo', first: 'Karim', last: 'Haddad (démo)', role: 'technicien' },
  { username: 'lea.demo', first: 'Léa', last: 'Fontaine (démo)', role: 'technicien' },
  { username: 'sofia.demo', first: 'Sofia', last: 'Marques (démo)', role: 'VALIDATOR_L2' },
  { username: 'paul.demo', first: 'Paul', last: 'Girard (démo)', role: 'user' },
] as const;

/** People of each role; all have one password, which the start prints. */
export async function fillIdentityDemo({ people: numbers, password, isWhole, asServer }: DemoFirm): Promise<void> {
  const { db } = asServer();
  const passwordHash = await hashPassword(password);
  for (const { username, first, last, role } of [...people, ...(isWhole ? morePeople : [])]) {
    const row = { username, email: `${username}@demo.invalid`, passwordHash, firstName: first, lastName: last };
    const inserted = await db.first<{ id: number }>(sql`insert into users ${values(User, row)} returning id`);
    const { id } = inserted as { id: number };
    numbers.set(username, id);
    await db.run(sql`
      insert into role_assignments (user_id, role_id) select ${id}::int, id from roles where name = ${role}`);
  }
}
