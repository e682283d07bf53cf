import { Temporal } from 'temporal-polyfill';
import { raw, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { badField } from '../../../lib/errors.js';
import { moneyScope, type ScopeArgs } from './money-scope.js';
import type { BalanceEvolution, BalancePoint, Granularity } from './statistics.types.js';

export interface EvolutionArgs extends ScopeArgs {
  /** `YYYY-MM-DD` */
  startDate: string;
  endDate: string;
  granularity: Granularity;
}

export const mostPoints = 3700;

/**
 * The balance at the end of each day, week (Sunday) or month, from the start to the end; a week or month that the end
 * cuts short has its point there. The opening balance counts on every day. Throws NOT_FOUND, and BAD_USER_INPUT for
 * more than 3,700 points.
 */
export async function balanceEvolution(
  ctx: Pick<Context, 'db' | 'viewer' | 'services'>,
  { startDate, endDate, granularity, ...args }: EvolutionArgs,
): Promise<BalanceEvolution> {
  if (endDate < startDate) throw badField('endDate', 'too_small', 'must not be before the start');
  if (pointsBetween(startDate, endDate, granularity) > mostPoints)
    throw badField('endDate', 'too_large', `at most ${mostPoints} points: ask for fewer, or for larger steps`);
  const { accountIds, currency, account } = await moneyScope(ctx, args);
  // Of now, less what came after each point: what is asked for most, the latest, costs least.
  const step = raw(`interval '1 ${granularity}'`);
  const data = await ctx.db.all<BalancePoint>(sql`
    with points as (
      select least((g + ${step})::date - 1, ${endDate}::date) as day
        from generate_series(date_trunc('${raw(granularity)}', ${startDate}::timestamp), ${endDate}::timestamp,
                             ${step}) g),
    days as (
      select transaction_date as day, sum(amount) as change from transactions
       where account_id = any(${accountIds}::int[]) and transaction_date > ${startDate}::date group by 1),
    changes as (
      select case when day <= ${endDate}::date
                  then least((date_trunc('${raw(granularity)}', day::timestamp) + ${step})::date - 1, ${endDate}::date)
             end as day, sum(change) as change
        from days group by 1),
    held as (
      select coalesce(sum(balance), 0.00) - (select coalesce(sum(change), 0) from changes where day is null) as balance
        from bank_accounts where id = any(${accountIds}::int[]))
    select p.day as date, (held.balance - coalesce(sum(c.change) over (
             order by p.day desc rows between unbounded preceding and 1 preceding), 0))::text as balance
      from held cross join points p left join changes c on c.day = p.day
     order by p.day`);
  return { account, currency, startDate, endDate, granularity, data };
}

function pointsBetween(start: string, end: string, granularity: Granularity): number {
  const [from, to] = [Temporal.PlainDate.from(start), Temporal.PlainDate.from(end)];
  if (granularity === 'month') return (to.year - from.year) * 12 + to.month - from.month + 1;
  const days = from.until(to).days;
  return granularity === 'day' ? days + 1 : Math.floor((days + from.dayOfWeek - 1) / 7) + 1;
}
