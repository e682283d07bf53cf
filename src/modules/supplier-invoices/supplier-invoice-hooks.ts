import type { Transaction } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import type { HookSteps } from '../../kernel/hooks.js';
import { reopenPaidBy, settlePaidAgain } from './settle-supplier-invoice.js';

/** What this module adds to the commands of documents and transactions. */
export const supplierInvoiceHooks: HookSteps = {
  documentFiled: (tx, ctx, documentId) => queueReading(tx, ctx, [documentId]),
  documentsChanged: async (tx, ctx, { ids, facts }) => {
    if (facts.includes('file')) await queueReading(tx, ctx, ids);
  },
  transactionsRemoved: (tx, ctx, ids) => reopenPaidBy(tx, ctx, ids),
  transactionsTrashed: async (tx, _ctx, ids, kept) => {
    const rows = await tx.all<{ transactionId: number; ids: number[] }>(sql`
      select transaction_id as "transactionId", jsonb_agg(id) as ids
        from supplier_invoices where transaction_id = any(${ids}::int[]) group by transaction_id`);
    for (const { transactionId, ids: paid } of rows)
      kept.set(transactionId, { ...kept.get(transactionId), supplierInvoiceIds: paid });
  },
  transactionsPutBack: (tx, ctx, back, lost) => settlePaidAgain(tx, ctx, back, lost),
  transactionsTied: async (tx, _ctx, ids, tied) => {
    const rows = await tx.all<{ id: number }>(sql`
      select transaction_id as id from supplier_invoices where transaction_id = any(${ids}::int[])`);
    for (const { id } of rows) tied.add(id);
  },
};

/** Of the documents, those whose file may hold an invoice's data, and those whose former file did. */
async function queueReading(tx: Transaction, ctx: CommandContext, ids: readonly number[]): Promise<void> {
  const documents = await tx.all<{ id: number }>(sql`
    select id from documents d
     where id = any(${ids}::int[])
       and (mime_type = 'application/pdf' or (mime_type = 'text/plain' and left(content, 200) ~ '^\\s*<')
            or exists (select 1 from supplier_invoices s where s.document_id = d.id))`);
  const { trace } = ctx.notes;
  for (const { id } of documents)
    await ctx.services.jobs.send(tx, 'supplier_invoices.receive', { documentId: id }, { trace });
}
