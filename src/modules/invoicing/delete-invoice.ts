import { emit } from '../../events/outbox.js';
import type { Context } from '../../kernel/context.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { Invoice, InvoiceStatus } from './invoice.entity.js';
import { invoiceIsFixed, reachOwnInvoice } from './reach-invoice.js';

/** Deletes a draft and answers the id that it had. Throws BAD_USER_INPUT (`invoice_issued`) once it has a number. */
export async function deleteInvoice(ctx: Context, id: string): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  const { id: deletedId, pdfKey } = await ctx.em.transactional(async (em) => {
    const invoice = await reachOwnInvoice(em, ctx, id);
    if (invoice.status !== InvoiceStatus.DRAFT) throw invoiceIsFixed();
    const gone = { id: invoice.id, pdfKey: invoice.pdfKey };
    const facts = { customerId: invoice.customer.id, createdById: invoice.createdBy.id };
    // The lines go with it: the database cascades.
    await em.nativeDelete(Invoice, { id: invoice.id });
    em.clear();
    await emit(em, ctx, 'invoice.deleted', ['Invoice', gone.id], facts);
    return gone;
  });
  if (pdfKey) await ctx.services.store.remove(pdfKey);
  return deletedId;
}
