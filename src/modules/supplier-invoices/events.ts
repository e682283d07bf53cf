import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';

interface SupplierInvoiceEventData {
  documentId: number;
  /** Of the document. */
  ownerId: number;
}

export const supplierInvoiceEvents = declareEvents({
  /** The data of a document's file were read; `number` is null when they cannot be. */
  'supplier_invoice.received': payload<SupplierInvoiceEventData & { number: string | null; isDuplicate: boolean }>(),
  'supplier_invoice.settled': payload<SupplierInvoiceEventData & { transactionId: number | null }>(),
  'supplier_invoice.reopened': payload<SupplierInvoiceEventData>(),
});

export type SupplierInvoiceEvents = PayloadsOf<typeof supplierInvoiceEvents>;
