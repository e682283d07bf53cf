import { declareJobs, type JobPayloadsOf } from '../../jobs/declare.js';
import type { Context } from '../../kernel/context.js';
import { receiveInvoice } from './receive-invoice.js';

export const supplierInvoiceJobs = declareJobs({
  /** Reads the data of an invoice in a document's file. */
  'supplier_invoices.receive': {
    batchSize: 2,
    run: (ctx: Context, { documentId }: { documentId: number }): Promise<void> => receiveInvoice(ctx, documentId),
  },
});

export type SupplierInvoiceJobs = JobPayloadsOf<typeof supplierInvoiceJobs>;
