import { raw, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { DomainError } from '../../../lib/errors.js';
import { dayIn } from '../../../lib/zoned-day.js';
import { postDue } from './post-due.js';
import { endRule } from './stop-recurrence-rule.js';

const pageSize = 500;

/** Where a day begins first. */
const earliestZone = 'Pacific/Kiritimati';

interface DueRule {
  id: number;
  nextOccurrence: string;
  refusedOn: string | null;
  timeZone: string | null;
}

/**
 * Writes the transactions of all rules whose day has come, in the time zone of whoever made them, however long nobody
 * did. Harmless when run twice, by several processes at once, or ended in the middle: every hundred transactions of a
 * rule are committed together with its move, and a unique index stands behind that. A rule that fails does not stop the
 * others.
 */
export async function postRecurrences(ctx: CommandContext): Promise<void> {
  const { db, services, log } = ctx;
  const [latest, now] = [dayIn(earliestZone, services.now()), services.now()];
  let after = { nextOccurrence: '-infinity', id: 0 };
  for (;;) {
    const page = await db.all<DueRule>(sql`
      select r.id, r.next_occurrence as "nextOccurrence", r.refused_on as "refusedOn", u.time_zone as "timeZone"
        from recurrence_rules r join users u on u.id = r.created_by_id and u.is_active
       where r.next_occurrence <= ${latest}::date
         and (r.next_occurrence, r.id) > (${after.nextOccurrence}::date, ${after.id}::int)
       order by r.next_occurrence, r.id limit ${raw(String(pageSize))}`);
    for (const { id, nextOccurrence, refusedOn, timeZone } of page) {
      const today = dayIn(timeZone ?? services.config.timeZone, now);
      if (nextOccurrence > today || refusedOn === today) continue;
      try {
        await postRule(ctx, { ruleId: id, today });
      } catch (err) {
        log.error({ err, rule: id }, 'a recurrence could not be posted');
      }
    }
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last;
  }
}

/** A rule of somebody who may no longer write into its account ends, and they are told. */
async function postRule(ctx: CommandContext, due: { ruleId: number; today: string }): Promise<void> {
  try {
    while (await ctx.db.transaction((tx) => postDue(tx, ctx, due)));
  } catch (error) {
    if (!(error instanceof DomainError) || !['NOT_FOUND', 'FORBIDDEN'].includes(error.code)) throw error;
    await ctx.db.transaction((tx) => endRule(tx, ctx, due.ruleId, 'access_lost'));
  }
}
