import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';

export const supplierInvoicePersonalData: PersonalData = {
  exports: {
    /** What was read in the files of the person's documents. */
    supplierInvoices: {
      sql: `
        select si.id, si.document_id as "documentId", si.number, si.supplier_name as "supplierName",
               si.supplier_siren as "supplierSiren", si.issue_date as "issueDate", si.due_date as "dueDate", si.total,
               si.amount_due as "amountDue", si.currency, si.iban, si.payment_reference as "paymentReference",
               si.problems, ${at('si.paid_at', 'paidAt')}, si.transaction_id as "transactionId",
               ${at('si.created_at', 'createdAt')}
          from supplier_invoices si join documents sd on sd.id = si.document_id
         where sd.owner_id = me.id order by si.id`,
    },
  },
};
