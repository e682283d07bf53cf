import { raw, type Sql, set, sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';
import { anonymous } from './anonymize-client.js';
import { Client } from './client.entity.js';
import { purgeLimit, purgeTrash } from './purge-trash.js';

/** Whether the row `alias` of clients is a number only, of one that was purged and is kept for its invoices. */
export const isPurged = (alias: 'c' | 't'): Sql =>
  raw(`coalesce(${alias}.deleted_at <= ${alias}.anonymized_at, false)`);

const billed = sql`exists (select 1 from invoices where client_id = t.id)`;
/** Their files are removed as they are purged, before the cascade could lose them. */
const atWork = sql`exists (select 1 from interventions where client_id = t.id)`;

/**
 * Deletes clients for good that have lain in the trash for 30 days. Of those that were billed a number stays, without
 * anything that names them: the law demands that invoices are kept, and says to whom money belongs that is still due.
 */
export async function purgeClients(ctx: Context): Promise<void> {
  const now = ctx.services.now();
  const nothing = { ...anonymous, email: null, anonymizedAt: now, updatedAt: now };
  await ctx.db.run(sql`
    update clients t set ${set(Client, nothing)}
     where t.deleted_at < ${purgeLimit(now)} and not ${isPurged('t')} and not ${atWork} and ${billed}`);
  await purgeTrash(ctx, 'clients', { unless: sql`${atWork} or ${billed}` });
}
