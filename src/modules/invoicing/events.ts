import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';

interface InvoiceEventData {
  customerId: number;
  createdById: number;
}

export const invoicingEvents = declareEvents({
  'invoice.created': payload<InvoiceEventData>(),
  'invoice.updated': payload<InvoiceEventData & { fields: string[] }>(),
  'invoice.issued': payload<InvoiceEventData & { number: string }>(),
  'invoice.status_changed': payload<InvoiceEventData & { from: string; to: string }>(),
  /** The subject is the invoice; `number` is the credit note's. */
  'invoice.credited': payload<InvoiceEventData & { creditNoteId: number; number: string }>(),
  'invoice.deleted': payload<InvoiceEventData>(),
});

export type InvoicingEvents = PayloadsOf<typeof invoicingEvents>;
