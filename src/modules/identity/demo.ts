import type { DemoFirm } from '../../kernel/demo.js';

const people = [
  { username: 'claire.demo', first: 'Claire', last: 'Vasseur (démo)', role: 'manager' },
  { username: 'hugo.demo', first: 'Hugo', last: 'Lambert (démo)', role: 'technicien' },
  { username: 'nadia.demo', first: 'Nadia', last: 'Benali (démo)', role: 'VALIDATOR_L1' },
] as const;

/** The people cannot sign in until an administrator gives them a password. */
export async function fillIdentityDemo({ people: numbers, asServer }: DemoFirm): Promise<void> {
  const connection = asServer().em.getConnection();
  for (const { username, first, last, role } of people) {
    const [user] = await connection.execute<{ id: number }[]>(
      'insert into users (username, email, first_name, last_name) values (?, ?, ?, ?) returning id',
      [username, `${username}@demo.invalid`, first, last],
    );
    const { id } = user as { id: number };
    numbers.set(username, id);
    await connection.execute('insert into role_assignments (user_id, role_id) select ?, id from roles where name = ?', [
      id,
      role,
    ]);
  }
}
