import type { Transaction } from '../../../db/sql-client.js';
import { raw, set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { notFound } from '../../../lib/errors.js';
import { changeablePerson } from '../roles/authority.js';
import { withDuplicates } from './duplicates.js';
import {
  checkPerson,
  personColumns,
  type PersonFields,
  personFieldNames,
  tidyPerson,
  userKeys,
} from './person-fields.js';
import { User } from './user.entity.js';

/** Changes a person: the given fields only. Null empties a field. */
export async function updateUser(
  ctx: Context,
  { id, ...input }: PersonFields & { id?: string | null },
): Promise<{ userId: number }> {
  const userId = await changeablePerson(ctx, id);
  const person = tidyPerson(input);
  await checkPerson(ctx.db, person, { exceptId: userId });
  await withDuplicates(userKeys, () => ctx.db.transaction((tx) => writePerson(tx, ctx, userId, person)));
  return { userId };
}

const columnNames = {
  username: 'username',
  email: 'email',
  firstName: 'first_name',
  lastName: 'last_name',
  phone: 'phone',
  street: 'street',
  city: 'city',
  postalCode: 'postal_code',
  country: 'country',
} satisfies { [field in keyof PersonFields]-?: string };

const currentFields = raw(
  Object.entries(columnNames)
    .map(([field, column]) => `${column} as "${field}"`)
    .join(', '),
);

/** Writes the checked fields that differ. Throws NOT_FOUND for a person who was erased. */
export async function writePerson(tx: Transaction, ctx: Context, userId: number, person: PersonFields): Promise<void> {
  const before = await tx.first<PersonFields>(
    sql`select ${currentFields} from users where id = ${userId} and erased_at is null for update`,
  );
  if (!before) throw notFound('User');
  const fields = personFieldNames.filter(
    (name) => person[name] !== undefined && (person[name] || null) !== (before[name] || null),
  );
  if (!fields.length) return;
  const columns = personColumns(person);
  const changes: Partial<typeof columns> = Object.fromEntries(fields.map((name) => [name, columns[name]]));
  await tx.send(sql`update users set ${set(User, { ...changes, updatedAt: sql`now()` })} where id = ${userId}`);
  await emit(tx, ctx, 'user.updated', ['User', userId], { fields });
}
