import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { notFound } from '../../../lib/errors.js';
import { changeablePerson } from '../roles/authority.js';
import { withDuplicates } from './duplicates.js';
import { checkPerson, type PersonFields, personFieldNames, tidyPerson, userKeys } from './person-fields.js';
import { User } from './user.entity.js';

/** Changes what is said of a person: the given fields only. Null empties a field. */
export async function updateUser(
  ctx: Context,
  { id, ...input }: PersonFields & { id?: string | null },
): Promise<{ userId: number }> {
  const userId = await changeablePerson(ctx, id);
  const person = tidyPerson(input);
  await checkPerson(ctx.em, person, { exceptId: userId });
  await withDuplicates(userKeys, () => ctx.em.transactional((em) => writePerson(em, ctx, userId, person)));
  return { userId };
}

/** Writes checked fields in the transaction of `em`. Throws NOT_FOUND for a person who was erased. */
export async function writePerson(
  em: SqlEntityManager,
  ctx: Context,
  userId: number,
  person: PersonFields,
): Promise<void> {
  const user = await em.findOne(User, { id: userId, erasedAt: null }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!user) throw notFound('User');
  const fields = personFieldNames.filter(
    (name) => person[name] !== undefined && (person[name] || null) !== (user[name] || null),
  );
  for (const name of fields) {
    const value = person[name] ?? '';
    if (name === 'phone' || name === 'street' || name === 'city' || name === 'postalCode' || name === 'country')
      user[name] = value || null;
    else user[name] = value;
  }
  if (!fields.length) return;
  await em.flush();
  await emit(em, ctx, 'user.updated', ['User', userId], { fields });
}
