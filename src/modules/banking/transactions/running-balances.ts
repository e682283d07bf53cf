import { type Sql, sql } from '../../../db/sql.js';

/**
 * The statement that gives `id` and `balance` for transactions: the balance of its account right after each, by date
 * and then id. It is the balance of now less all that came later, so that the latest rows, which are asked for most,
 * cost least: of each account its index is read from the newest row to the earliest that is asked for.
 */
export const runningBalances = (ids: readonly number[]): Sql => sql`
  with earliest as materialized (
    select distinct on (account_id) account_id, transaction_date, id from transactions where id = any(${ids}::int[])
     order by account_id, transaction_date, id)
  select later.id, later.balance
    from earliest e cross join lateral (
      select t.id, a.balance - coalesce(sum(t.amount) over (
                order by t.transaction_date desc, t.id desc
                rows between unbounded preceding and 1 preceding), 0) as balance
        from bank_accounts a join transactions t on t.account_id = a.id
       where a.id = e.account_id and t.account_id = e.account_id
         and (t.transaction_date, t.id) >= (e.transaction_date, e.id)) later
   where later.id = any(${ids}::int[])`;
