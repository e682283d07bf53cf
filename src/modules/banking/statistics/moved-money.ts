import { type Sql, sql } from '../../../db/sql.js';
import type { Period } from '../../../lib/periods.js';

/**
 * A select of the money that came in and went out of accounts in a period, from the first day to the last: rows of
 * `category_id`, `income` (0 or more), `expense` (0 or less) and `counted`. Every figure of income and expenses is made
 * of it, so that what counts is said once:
 *
 * - A split transaction counts by its parts: one row for each category of its parts, and `counted` is 1 in one of them.
 * - A transfer between a person's own accounts is neither income nor expense, and is not counted.
 */
export const movedMoney = (accountIds: readonly number[], { start, end }: Period): Sql => sql`
  select t.category_id, greatest(t.amount, 0) as income, least(t.amount, 0) as expense, 1 as counted
    from transactions t
   where t.account_id = any(${accountIds}::int[]) and t.transaction_date between ${start}::date and ${end}::date
     and not t.is_split and t.transfer_id is null
  union all
  select p.category_id, sum(greatest(p.amount, 0)), sum(least(p.amount, 0)), (min(p.position) = 1)::int
    from transactions t join transaction_splits p on p.transaction_id = t.id
   where t.account_id = any(${accountIds}::int[]) and t.transaction_date between ${start}::date and ${end}::date
     and t.is_split and t.transfer_id is null
   group by t.id, p.category_id`;
