import type { Module } from '../../kernel/module.js';
import { ClientInvoicesResolver } from './client-invoices.resolver.js';
import { CreditNoteResolver } from './credit-notes/credit-note.resolver.js';
import { fillInvoicingDemo } from './demo.js';
import { invoicingEvents } from './events.js';
import { InvoiceEventResolver, mayHearOfInvoice } from './invoice-event.resolver.js';
import { InvoiceLine } from './invoice-line.entity.js';
import { InvoiceSumsResolver } from './invoice-sums.resolver.js';
import { Invoice } from './invoice.entity.js';
import { invoiceLoaders } from './invoice.loaders.js';
import { invoiceLineReads, invoiceReads } from './invoice.reads.js';
import { InvoiceResolver } from './invoice.resolver.js';
import { invoicingHooks } from './invoicing-hooks.js';
import { invoicingJobs } from './jobs.js';
import { invoicingNotices } from './notices.js';
import { mayHearOfPayment } from './payments/hear-payment-event.js';
import { PaymentAllocation } from './payments/payment-allocation.entity.js';
import { Payment } from './payments/payment.entity.js';
import { paymentAllocationReads, paymentReads } from './payments/payment.reads.js';
import { PaymentResolver } from './payments/payment.resolver.js';
import { invoicingPersonalData } from './personal-data.js';
import { PaymentProposalResolver } from './proposals/payment-proposal.resolver.js';
import { InvoiceReminder } from './reminders/invoice-reminder.entity.js';
import { invoiceReminderReads } from './reminders/invoice-reminder.reads.js';
import { InvoiceReminderResolver } from './reminders/invoice-reminder.resolver.js';
import { SellerFactsResolver } from './seller-facts.resolver.js';

export const invoicingModule: Module = {
  name: 'invoicing',
  entities: [Invoice, InvoiceLine, Payment, PaymentAllocation, InvoiceReminder],
  reads: [invoiceReads, invoiceLineReads, paymentReads, paymentAllocationReads, invoiceReminderReads],
  resolvers: [
    InvoiceResolver,
    InvoiceSumsResolver,
    InvoiceEventResolver,
    ClientInvoicesResolver,
    CreditNoteResolver,
    PaymentResolver,
    PaymentProposalResolver,
    InvoiceReminderResolver,
    SellerFactsResolver,
  ],
  loaders: invoiceLoaders,
  events: invoicingEvents,
  notices: invoicingNotices,
  jobs: invoicingJobs,
  hooks: invoicingHooks,
  hears: { Invoice: mayHearOfInvoice, Payment: mayHearOfPayment },
  personalData: invoicingPersonalData,
  demo: fillInvoicingDemo,
  files: [
    {
      query: `
        select 'invoices/' || id || '-' || number || '.pdf' as key, null as sha256
          from invoices where number is not null`,
      mayBeMissing: true,
    },
    { query: `select 'reminders/' || id || '.pdf' as key, null as sha256 from invoice_reminders`, mayBeMissing: true },
  ],
};
