import { raw, sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';

/** So long what was deleted can be brought back; contracts/DECISIONS.md, section 8. */
const trashDays = 30;

/** Removes files that have lain in the trash for 30 days, with their bytes. For the queue. */
export async function purgeMedia({ db, services, signal }: Context): Promise<void> {
  const purgeOne = (): Promise<boolean> =>
    db.transaction(async (tx) => {
      const medium = await tx.first<{ id: string; contentKey: string; thumbnailKey: string | null }>(sql`
        select id, content_key as "contentKey", thumbnail_key as "thumbnailKey" from media
         where deleted_at < ${services.now()}::timestamptz - interval '${raw(String(trashDays))} days'
         order by deleted_at limit 1 for update skip locked`);
      if (!medium) return false;
      // Before the row: when this ends in between, the row is what remembers the rest.
      await services.store.remove(medium.contentKey);
      if (medium.thumbnailKey !== null) await services.store.remove(medium.thumbnailKey);
      await tx.send(sql`delete from media where id = ${medium.id}::uuid`);
      return true;
    });
  while (!signal?.aborted && (await purgeOne()));
}
