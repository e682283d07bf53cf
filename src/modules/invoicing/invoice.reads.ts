import { column, equals, type ListedReadModel, nullableColumn, type ReadModel } from '../../kernel/read-model.js';
import { InvoiceLine } from './invoice-line.entity.js';
import { Invoice } from './invoice.entity.js';
import { visibleInvoiceLines, visibleInvoices } from './invoice.policy.js';

export const invoiceReads: ListedReadModel<Invoice> = {
  entity: Invoice,
  visibleTo: visibleInvoices,
  list: {
    largestPage: 1000,
    defaultOrder: 'CREATED_AT_DESC',
    orders: {
      ID: column('id', 'int'),
      CREATED_AT: column('created_at', 'timestamptz'),
      ISSUED_AT: nullableColumn('issued_at', 'timestamptz'),
      DUE_DATE: nullableColumn('due_at', 'date'),
      TOTAL: column('total', 'numeric'),
    },
    filters: {
      customerId: equals('customer_id', 'int'),
      clientId: equals('client_id', 'uuid'),
      createdById: equals('created_by_id', 'int'),
      status: equals('status', 'text'),
      type: equals('type', 'text'),
      number: equals('number', 'text'),
    },
  },
};

export const invoiceLineReads: ReadModel<InvoiceLine> = { entity: InvoiceLine, visibleTo: visibleInvoiceLines };
