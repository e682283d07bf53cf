import { column, equals, type ListedReadModel, nullableColumn } from '../../kernel/read-model.js';
import { SupplierInvoice } from './supplier-invoice.entity.js';
import { visibleSupplierInvoices } from './supplier-invoice.policy.js';

export const supplierInvoiceReads: ListedReadModel<SupplierInvoice> = {
  entity: SupplierInvoice,
  visibleTo: visibleSupplierInvoices,
  list: {
    defaultOrder: 'ID_DESC',
    orders: {
      ID: column('id', 'int'),
      DUE_DATE: nullableColumn('due_date', 'date'),
      ISSUE_DATE: nullableColumn('issue_date', 'date'),
    },
    filters: {
      documentId: equals('document_id', 'int'),
      isPaid: (value: boolean, a, bind) => `${a}.is_paid = ${bind(value)}::boolean`,
      isDuplicate: (value: boolean, a, bind) => `${a}.is_duplicate = ${bind(value)}::boolean`,
    },
    // What lies in the trash is not to be paid.
    always: (_, a) =>
      `exists (select 1 from documents filed where filed.id = ${a}.document_id and filed.deleted_at is null)`,
  },
};
