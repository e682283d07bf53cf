import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { Context } from '../../kernel/context.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { removeDraftPdfs } from './draft-keys.js';
import { InvoiceStatus } from './invoice.entity.js';
import { invoiceIsFixed, reachOwnInvoice } from './reach-invoice.js';

/** Deletes a draft and returns the id that it had. Throws BAD_USER_INPUT (`invoice.issued`) once it has a number. */
export async function deleteInvoice(ctx: Context, invoiceId: string): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  const deletedId = await ctx.db.transaction(async (tx) => {
    const { id, status, customerId, createdById } = await reachOwnInvoice(tx, ctx, invoiceId);
    if (status !== InvoiceStatus.DRAFT) throw invoiceIsFixed();
    // The lines go with it: the database cascades.
    await tx.send(sql`delete from invoices where id = ${id}`);
    await emit(tx, ctx, 'invoice.deleted', ['Invoice', id], { customerId, createdById });
    return id;
  });
  await removeDraftPdfs(ctx, deletedId);
  return deletedId;
}
