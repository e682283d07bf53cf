import { sql } from '../../../db/sql.js';
import type { HookSteps } from '../../../kernel/hooks.js';
import { releaseReceipts } from './release-receipts.js';

/** A transaction that goes takes its receipts along; undoing an import keeps one that somebody gave a receipt. */
export const receiptHooks: HookSteps = {
  transactionsRemoved: releaseReceipts,
  transactionsTied: async (tx, _ctx, ids, tied) => {
    const rows = await tx.all<{ id: number }>(sql`
      select distinct transaction_id as id from receipts where transaction_id = any(${ids}::int[])`);
    for (const { id } of rows) tied.add(id);
  },
};
