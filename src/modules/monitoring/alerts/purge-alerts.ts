import { sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';

const keptMs = 400 * 24 * 3_600_000;

/** Deletes alerts that ended more than 400 days ago. */
export const purgeAlerts = ({ db, services }: CommandContext): Promise<number> =>
  db.run(sql`delete from alerts where ended_at < ${new Date(services.now().getTime() - keptMs)}`);
