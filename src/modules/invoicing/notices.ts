import type { EventType } from '../../events/catalog.js';
import type { Notices } from '../../kernel/notice.js';
import { InvoiceStatus } from './invoice.entity.js';

/** A new event of invoices must say here whom it is told to. */
export const invoicingNotices: Required<Pick<Notices, Extract<EventType, `invoice.${string}`>>> = {
  // Who marks it by hand knows, and a customer is reminded by letter.
  'invoice.status_changed': ({ subjectId, data }) => ({
    type: 'invoice_overdue',
    recipients: data.to === InvoiceStatus.OVERDUE ? [data.createdById] : [],
    fr: { title: 'Facture en retard', message: `${data.number} n’est pas réglée à son échéance` },
    en: { title: 'Overdue invoice', message: `${data.number} was not paid by its due date` },
    link: `/invoices/${subjectId}`,
  }),
  'invoice.created': null,
  'invoice.updated': null,
  'invoice.issued': null,
  'invoice.credited': null,
  'invoice.reminded': null,
  'invoice.deleted': null,
};
