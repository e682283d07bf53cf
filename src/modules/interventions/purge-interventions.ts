import { raw, sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';
import { signaturePrefix } from './signature/sign-intervention.js';

/** So long what was deleted can be brought back; contracts/DECISIONS.md, section 8. */
const trashDays = 30;

/**
 * Removes interventions that have lain in the trash for 30 days, with what belongs to them and the pictures of
 * signatures. Those with media or reports wait until these are purged with their files; appointments stay as long as
 * calendars show that they were cancelled. Contracts follow when no intervention is theirs. For the queue.
 */
export async function purgeInterventions({ db, services, signal }: Context): Promise<void> {
  const { store, now } = services;
  const isOver = sql`deleted_at < ${now()}::timestamptz - interval '${raw(String(trashDays))} days'`;
  const purgeOne = (): Promise<boolean> =>
    db.transaction(async (tx) => {
      const found = await tx.first<{ id: string }>(sql`
        select t.id from interventions t
         where ${isOver} and not exists (select 1 from media m where m.intervention_id = t.id)
           and not exists (select 1 from reports r where r.intervention_id = t.id)
         order by t.deleted_at limit 1 for update of t skip locked`);
      if (!found) return false;
      // Before the row: when this ends in between, the row is what remembers the rest.
      await store.removeAll(signaturePrefix(found.id));
      await tx.send(sql`update appointments set intervention_id = null where intervention_id = ${found.id}::uuid`);
      await tx.send(sql`delete from interventions where id = ${found.id}::uuid`);
      return true;
    });
  while (!signal?.aborted && (await purgeOne()));
  await db.run(sql`
    delete from maintenance_contracts t
     where ${isOver} and not exists (select 1 from interventions i where i.contract_id = t.id)`);
}
