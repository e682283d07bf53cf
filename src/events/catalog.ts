import type { ApprovalEvents } from '../modules/approvals/events.js';
import type { BankingEvents } from '../modules/banking/events.js';
import type { ClientEvents } from '../modules/clients/events.js';
import type { DocumentEvents } from '../modules/documents/events.js';
import type { IdentityEvents } from '../modules/identity/events.js';
import type { IngestEvents } from '../modules/ingests/events.js';
import type { IntegrationEvents } from '../modules/integrations/events.js';
import type { InterventionEvents } from '../modules/interventions/events.js';
import type { InvoicingEvents } from '../modules/invoicing/events.js';
import type { MediaEvents } from '../modules/media/events.js';
import type { MonitoringEvents } from '../modules/monitoring/events.js';
import type { NotificationEvents } from '../modules/notifications/events.js';
import type { PlanningEvents } from '../modules/planning/events.js';
import type { PluginEvents } from '../modules/plugins/events.js';
import type { ReportEvents } from '../modules/reports/events.js';
import type { SupplierInvoiceEvents } from '../modules/supplier-invoices/events.js';
import type { TaskEvents } from '../modules/tasks/events.js';
import type { WebhookEvents } from '../modules/webhooks/events.js';

/**
 * Every event of the core, with what it carries beside its subject, for the compiler. Each is declared once, in its
 * module's `events.ts`; the names at run time come from the manifests: `app/compose.ts`.
 */
export interface EventCatalog
  extends
    ApprovalEvents,
    BankingEvents,
    ClientEvents,
    DocumentEvents,
    IdentityEvents,
    IngestEvents,
    IntegrationEvents,
    InterventionEvents,
    InvoicingEvents,
    MediaEvents,
    MonitoringEvents,
    NotificationEvents,
    PlanningEvents,
    PluginEvents,
    ReportEvents,
    SupplierInvoiceEvents,
    TaskEvents,
    WebhookEvents {}

export type EventType = keyof EventCatalog;

/** An event as it stands in the log, once the relay gave it its position. */
export interface StoredEvent<T extends EventType = EventType> {
  /** Decimal text: positions may outgrow 2^53. */
  position: string;
  type: T;
  subjectType: string;
  subjectId: string;
  actorId: number | null;
  /** Whose account it is about; null for everything else. */
  accountId: number | null;
  /** ISO 8601, whole seconds. */
  occurredAt: string;
  data: EventCatalog[T];
  /** For those who follow the log: of the request that did it. */
  requestId?: string | null;
  /** For consumers: of the span that wrote it. */
  traceparent?: string | null;
}
