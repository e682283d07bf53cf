import { registerEnumType } from 'type-graphql';
import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';

export enum ImportKeptReason {
  EDITED = 'edited',
  SPLIT = 'split',
  RECONCILED = 'reconciled',
  MATCHED = 'matched',
}

registerEnumType(ImportKeptReason, {
  name: 'ImportKeptReason',
  description: 'Why a transaction outlives the undoing of its import.',
  valuesConfig: {
    EDITED: { description: 'Somebody has changed it, or moved it to another account.' },
    SPLIT: { description: 'Somebody has split it.' },
    RECONCILED: { description: 'It is reconciled with a statement of the bank.' },
    MATCHED: { description: 'Something else refers to it: an invoice that it pays, a receipt, a transfer.' },
  },
});

/**
 * The transactions of an import that somebody has touched since, by their number, each with the first reason. Those of
 * the import stay locked, so that nothing comes to refer to one that is about to go.
 */
export async function reasonsToKeep(
  tx: Transaction,
  ctx: CommandContext,
  importId: number,
): Promise<Map<number, ImportKeptReason>> {
  const rows = await tx.all<{ id: number; reason: ImportKeptReason | null }>(sql`
    select t.id, case when t.reconciliation_id is not null then 'reconciled'
                      when t.transfer_id is not null then 'matched'
                      when t.is_split then 'split'
                      when t.account_id <> r.account_id or t.amount <> r.amount or t.description <> r.description
                        or t.transaction_date <> r.transaction_date or t.updated_at <> t.created_at then 'edited'
                 end as reason
      from import_rows r join transactions t on t.id = r.transaction_id
     where r.import_id = ${importId}::int and r.is_known order by t.id for update of t`);
  const reasons = new Map(rows.flatMap(({ id, reason }) => (reason ? [[id, reason] as const] : [])));
  const matched = new Set<number>();
  const untouched = rows.filter(({ reason }) => reason === null).map(({ id }) => id);
  await ctx.services.runHook('transactionsTied', tx, ctx, untouched, matched);
  for (const id of matched) reasons.set(id, ImportKeptReason.MATCHED);
  return new Map([...reasons].toSorted(([left], [right]) => left - right));
}
