import type { Module } from '../../kernel/module.js';
import { CreditNoteResolver } from './credit-notes/credit-note.resolver.js';
import { fillInvoicingDemo } from './demo.js';
import { invoicingEvents } from './events.js';
import { InvoiceLine } from './invoice-line.entity.js';
import { Invoice } from './invoice.entity.js';
import { invoiceLoaders } from './invoice.loaders.js';
import { invoiceLineReads, invoiceReads } from './invoice.reads.js';
import { InvoiceResolver } from './invoice.resolver.js';
import { invoicingPersonalData } from './personal-data.js';

export const invoicingModule: Module = {
  name: 'invoicing',
  entities: [Invoice, InvoiceLine],
  reads: [invoiceReads, invoiceLineReads],
  resolvers: [InvoiceResolver, CreditNoteResolver],
  loaders: invoiceLoaders,
  events: invoicingEvents,
  personalData: invoicingPersonalData,
  demo: fillInvoicingDemo,
};
