import type { Module } from '../../kernel/module.js';
import { fillSupplierInvoicesDemo } from './demo.js';
import { supplierInvoiceEvents } from './events.js';
import { mayHearOfSupplierInvoice } from './hear-supplier-invoice.js';
import { supplierInvoiceJobs } from './jobs.js';
import { supplierInvoicePersonalData } from './personal-data.js';
import { supplierInvoiceHooks } from './supplier-invoice-hooks.js';
import { SupplierInvoice } from './supplier-invoice.entity.js';
import { supplierInvoiceLoaders } from './supplier-invoice.loaders.js';
import { supplierInvoiceReads } from './supplier-invoice.reads.js';
import { SupplierInvoiceResolver } from './supplier-invoice.resolver.js';

export const supplierInvoicesModule: Module = {
  name: 'supplier-invoices',
  entities: [SupplierInvoice],
  reads: [supplierInvoiceReads],
  resolvers: [SupplierInvoiceResolver],
  loaders: supplierInvoiceLoaders,
  events: supplierInvoiceEvents,
  jobs: supplierInvoiceJobs,
  hears: { SupplierInvoice: mayHearOfSupplierInvoice },
  hooks: supplierInvoiceHooks,
  personalData: supplierInvoicePersonalData,
  demo: fillSupplierInvoicesDemo,
};
