import type { Transaction } from '../../db/sql-client.js';
import { json, sql } from '../../db/sql.js';
import type { FieldProblem } from '../../lib/errors.js';
import { type NamedPerson, namedPerson } from '../identity/people/named-person.js';

const mostTechnicians = 20;

/** Who works at it beside the one who leads: each once. Adds a problem for each that is wrong. */
export async function checkedTechnicians(
  tx: Transaction,
  { otherTechnicians }: { otherTechnicians?: readonly string[] | null | undefined },
  problems: FieldProblem[],
): Promise<NamedPerson[]> {
  const given = otherTechnicians ?? [];
  if (given.length > mostTechnicians) {
    problems.push({ path: ['otherTechnicians'], code: 'too_long', message: `at most ${mostTechnicians}` });
    return [];
  }
  const people = new Map<string, NamedPerson>();
  for (const [index, text] of given.entries()) {
    const person = await namedPerson(tx, text, ['otherTechnicians', String(index)], problems);
    const key = String(person.userId ?? person.text?.toLowerCase());
    if (person.text !== null && !people.has(key)) people.set(key, person);
  }
  return [...people.values()];
}

/** Who works at it now, in their order. */
export const techniciansOf = (tx: Transaction, interventionId: string): Promise<NamedPerson[]> =>
  tx.all<NamedPerson>(sql`
    select name as text, user_id as "userId" from intervention_technicians
     where intervention_id = ${interventionId}::uuid order by position`);

/** Writes them in the place of those before. */
export async function writeTechnicians(
  tx: Transaction,
  interventionId: string,
  people: readonly NamedPerson[],
): Promise<void> {
  await tx.send(sql`delete from intervention_technicians where intervention_id = ${interventionId}::uuid`);
  if (people.length === 0) return;
  await tx.send(sql`
    insert into intervention_technicians (intervention_id, position, name, user_id)
    select ${interventionId}::uuid, p.position, p.value ->> 'text', (p.value ->> 'userId')::int
      from jsonb_array_elements(${json(people)}::jsonb) with ordinality as p (value, position)`);
}
