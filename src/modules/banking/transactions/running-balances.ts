import { type Sql, sql } from '../../../db/sql.js';

/**
 * The statement that gives `id` and `balance` for transactions: the balance of its account right after each, by date
 * and then id. It is the balance of now less all that came later, so that the latest rows, which are asked for most,
 * cost least.
 */
export const runningBalances = (ids: readonly number[]): Sql => sql`
  with asked as (
    select id, account_id, transaction_date from transactions where id = any(${ids}::int[])),
  earliest as (
    select distinct on (account_id) account_id, transaction_date, id from asked
     order by account_id, transaction_date, id),
  later as (
    select t.id, a.balance - coalesce(sum(t.amount) over (
             partition by t.account_id order by t.transaction_date desc, t.id desc
             rows between unbounded preceding and 1 preceding), 0) as balance
      from earliest e join bank_accounts a on a.id = e.account_id
      join transactions t on t.account_id = e.account_id
       and (t.transaction_date, t.id) >= (e.transaction_date, e.id))
  select later.id, later.balance from later join asked on asked.id = later.id`;
