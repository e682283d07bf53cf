import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { type Booking, classifyRows } from '../imports/classify-rows.js';
import { findKnownBookings } from '../imports/known-bookings.js';

type TrashedBooking = Booking & { transactionId: number };

/**
 * The transactions of an undone import that lie in the trash, but for those whose bookings another import has brought
 * to the account since, which is locked. Which those are is judged as when a file is taken in.
 */
export async function bookingsAway(tx: Transaction, importId: number, accountId: number): Promise<number[]> {
  const bookings = await tx.all<TrashedBooking>(sql`
    select t.id as "transactionId", r.line, r.transaction_date as "transactionDate", r.amount, r.description,
           r.bank_reference as "bankReference"
      from trashed_transactions t cross join lateral jsonb_array_elements(t.content -> 'importRows') e
      join import_rows r on r.id = e::int and r.import_id = t.undone_import_id and r.status <> 'duplicate'
     where t.undone_import_id = ${importId}::int order by r.line`);
  const since = await tx.all<{ rowId: number }>(sql`
    select r.id as "rowId" from import_rows r join imports i on i.id = r.import_id
     where i.account_id = ${accountId}::int and i.id <> ${importId}::int and r.is_known
       and greatest(i.created_at, i.restored_at) >= (
             select min(t.deleted_at) from trashed_transactions t where t.undone_import_id = ${importId}::int)`);
  const rowIds = new Set(since.map(({ rowId }) => rowId));
  if (rowIds.size === 0) return bookings.map(({ transactionId }) => transactionId);
  const known = await findKnownBookings(tx, accountId, bookings);
  const brought = known.filter(({ rowId }) => rowId !== null && rowIds.has(rowId));
  const judged = classifyRows(bookings, brought);
  return judged.flatMap(({ booking, known: match }) => (match ? [] : [(booking as TrashedBooking).transactionId]));
}
