import { raw, sql } from '../../db/sql.js';
import { emitEach } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { dayIn } from '../../lib/zoned-day.js';
import { InvoiceStatus } from './invoice.entity.js';

const batchSize = 100;

/**
 * Issued invoices on which something is due, and whose last day to pay is past in the firm's time zone, become overdue.
 * Harmless when run twice, or by several processes at once: each is taken by one of them, and one that is being paid at
 * this moment is left to the next run.
 */
export async function markOverdue(ctx: CommandContext): Promise<void> {
  while ((await markBatch(ctx)) === batchSize);
}

function markBatch(ctx: CommandContext): Promise<number> {
  const now = ctx.services.now();
  const today = dayIn(ctx.services.config.timeZone, now);
  return ctx.db.transaction(async (tx) => {
    const marked = await tx.all<{ id: number; customerId: number; createdById: number; number: string }>(sql`
      update invoices i set status = 'overdue', updated_at = ${now}
        from (select id from invoices
               where type = 'invoice' and status = 'issued' and due_at < ${today}::date and amount_due > 0
               order by due_at, id limit ${raw(String(batchSize))} for update skip locked) late
       where i.id = late.id
      returning i.id, i.customer_id as "customerId", i.created_by_id as "createdById", i.number`);
    const move = { from: InvoiceStatus.ISSUED, to: InvoiceStatus.OVERDUE };
    const subjects = marked.map(({ id, ...invoice }) => ({ id, data: { ...invoice, ...move } }));
    await emitEach(tx, ctx, 'invoice.status_changed', 'Invoice', subjects);
    return marked.length;
  });
}
