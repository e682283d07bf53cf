import { type ReadModel, rowsOfParent } from '../../../kernel/read-model.js';
import { visibleInvoices } from '../invoice.policy.js';
import { InvoiceReminder } from './invoice-reminder.entity.js';

/** Whoever sees an invoice sees its reminders: also its customer, who got them. */
export const invoiceReminderReads: ReadModel<InvoiceReminder> = {
  entity: InvoiceReminder,
  visibleTo: (viewer) => rowsOfParent('invoices', 'invoice_id', visibleInvoices(viewer)),
};
