import type { MayHear } from '../../kernel/event-subscription.js';
import { supplierInvoiceReads } from './supplier-invoice.reads.js';

/** Whoever may see the invoice, as of now, may hear of it. */
export const mayHearOfSupplierInvoice: MayHear = (event, { isVisible }) =>
  isVisible(supplierInvoiceReads, event.subjectId);
