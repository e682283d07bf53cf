import type { ApprovalJobs } from '../modules/approvals/jobs.js';
import type { AuditJobs } from '../modules/audit/jobs.js';
import type { BankingJobs } from '../modules/banking/jobs.js';
import type { DocumentJobs } from '../modules/documents/jobs.js';
import type { InterventionJobs } from '../modules/interventions/jobs.js';
import type { InvoicingJobs } from '../modules/invoicing/jobs.js';
import type { MediaJobs } from '../modules/media/jobs.js';
import type { MonitoringJobs } from '../modules/monitoring/jobs.js';
import type { NotificationJobs } from '../modules/notifications/jobs.js';
import type { ReportJobs } from '../modules/reports/jobs.js';
import type { SupplierInvoiceJobs } from '../modules/supplier-invoices/jobs.js';
import type { TaskJobs } from '../modules/tasks/jobs.js';
import type { WebhookJobs } from '../modules/webhooks/jobs.js';

/**
 * Every job of the core, with what it carries, for the compiler. Each is declared once, in its module's `jobs.ts`; the
 * queue gets them from the manifests: `app/compose.ts`.
 */
export interface JobCatalog
  extends
    ApprovalJobs,
    AuditJobs,
    BankingJobs,
    DocumentJobs,
    InterventionJobs,
    InvoicingJobs,
    MonitoringJobs,
    MediaJobs,
    NotificationJobs,
    ReportJobs,
    SupplierInvoiceJobs,
    TaskJobs,
    WebhookJobs {}

export type JobName = keyof JobCatalog;
