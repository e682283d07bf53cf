import { takeValueLock } from '../../db/locks.js';
import type { Transaction } from '../../db/sql-client.js';

/**
 * Until `tx` ends nobody else pays, credits or reminds these customers' invoices. Taken before any of their invoices or
 * payments is locked, so that no two transactions wait for each other.
 */
export async function lockMoneyOf(tx: Transaction, customerIds: Iterable<number>): Promise<void> {
  for (const id of [...new Set(customerIds)].toSorted((a, b) => a - b))
    await tx.send(takeValueLock('customerMoney', String(id)));
}
