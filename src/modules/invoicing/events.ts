import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';
import type { ChangeEventData } from '../../kernel/stale-version.js';

interface InvoiceEventData {
  customerId: number;
  createdById: number;
}

interface PaymentEventData {
  customerId: number;
  /** Who recorded it. */
  createdById: number;
}

/** Amounts are decimal text. */
interface PaymentAmount {
  amount: string;
  currency: string;
}

interface Allocations {
  allocations: { invoiceId: number; amount: string }[];
}

export const invoicingEvents = declareEvents({
  'invoice.created': payload<InvoiceEventData>(),
  'invoice.updated': payload<InvoiceEventData & ChangeEventData>(),
  'invoice.issued': payload<InvoiceEventData & { number: string }>(),
  'invoice.status_changed': payload<InvoiceEventData & { number: string | null; from: string; to: string }>(),
  /** The subject is the invoice; `number` is the credit note's. */
  'invoice.credited': payload<InvoiceEventData & { creditNoteId: number; number: string }>(),
  'invoice.reminded': payload<InvoiceEventData & { reminderId: number; level: string }>(),
  'invoice.deleted': payload<InvoiceEventData>(),
  'payment.recorded': payload<PaymentEventData & PaymentAmount>(),
  /** It settles more than before; the amounts are what was added. */
  'payment.allocated': payload<PaymentEventData & Allocations>(),
  /** It settles less than before; the amounts are what was taken off. */
  'payment.unallocated': payload<PaymentEventData & Allocations>(),
  'payment.deleted': payload<PaymentEventData & PaymentAmount>(),
});

export type InvoicingEvents = PayloadsOf<typeof invoicingEvents>;
