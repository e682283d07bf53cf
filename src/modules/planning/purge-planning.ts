import { sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { daysKept } from './calendar/calendar-entries.js';

/**
 * Deletes for good what lies in the trash for so long that calendars show it no more, and links that have ended. What
 * hangs on a client or an intervention that is purged goes with it.
 */
export async function purgePlanning({ db, services }: Pick<CommandContext, 'db' | 'services'>): Promise<void> {
  const now = services.now();
  await db.run(sql`
    delete from appointments where deleted_at < ${now}::timestamptz - ${daysKept} * interval '1 day'`);
  await db.run(sql`delete from customer_links where expires_at < ${now}`);
}
