import type { SqlRunner } from '../../../db/sql-client.js';
import { json, sql } from '../../../db/sql.js';
import type { Booking } from './classify-rows.js';

/** A booking that an account has, or had until somebody deleted it. */
export interface KnownBooking {
  /** The row of an earlier import that brought it; null for a transaction that no file brought. */
  rowId: number | null;
  /** Null when it was deleted. */
  transactionId: number | null;
  /** As the bank wrote it then, whatever people changed since. */
  transactionDate: string;
  amount: string;
  description: string;
  bankReference: string | null;
}

/** What the account knows that one of these may be: of the same day and amount, or with the same id of the bank. */
export async function findKnownBookings(
  db: SqlRunner,
  accountId: number,
  bookings: readonly Booking[],
): Promise<KnownBooking[]> {
  const days = new Set(bookings.map(({ transactionDate, amount }) => `${transactionDate} ${amount}`));
  const asked = [...days].map((day) => {
    const [date, amount] = day.split(' ');
    return { d: date, a: amount };
  });
  const references = [...new Set(bookings.flatMap(({ bankReference }) => bankReference ?? []))];
  return db.all<KnownBooking>(sql`
    with asked as materialized (select d, a from jsonb_to_recordset(${json(asked)}) as r(d date, a numeric)),
    brought as (
      select r.* from asked join import_rows r
          on r.account_id = ${accountId}::int and r.is_known and r.transaction_date = asked.d and r.amount = asked.a
      union
      select r.* from import_rows r
       where r.account_id = ${accountId}::int and r.is_known and r.bank_reference = any(${references}::text[]))
    select id as "rowId", transaction_id as "transactionId", transaction_date as "transactionDate", amount, description,
           bank_reference as "bankReference"
      from brought
    union all
    select null, t.id, t.transaction_date, t.amount, t.description, null
      from asked join transactions t
        on t.account_id = ${accountId}::int and t.import_id is null and t.transaction_date = asked.d
       and t.amount = asked.a`);
}
