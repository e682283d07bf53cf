import type { Module } from '../kernel/module.js';
import { approvalsModule } from '../modules/approvals/module.js';
import { auditModule } from '../modules/audit/module.js';
import { bankingModule } from '../modules/banking/module.js';
import { clientsModule } from '../modules/clients/module.js';
import { documentsModule } from '../modules/documents/module.js';
import { identityModule } from '../modules/identity/module.js';
import { ingestsModule } from '../modules/ingests/module.js';
import { integrationsModule } from '../modules/integrations/module.js';
import { interventionsModule } from '../modules/interventions/module.js';
import { invoicingModule } from '../modules/invoicing/module.js';
import { mediaModule } from '../modules/media/module.js';
import { monitoringModule } from '../modules/monitoring/module.js';
import { notificationsModule } from '../modules/notifications/module.js';
import { planningModule } from '../modules/planning/module.js';
import { pluginsModule } from '../modules/plugins/module.js';
import { processesModule } from '../modules/processes/module.js';
import { reportsModule } from '../modules/reports/module.js';
import { supplierInvoicesModule } from '../modules/supplier-invoices/module.js';
import { tasksModule } from '../modules/tasks/module.js';
import { webhooksModule } from '../modules/webhooks/module.js';

/**
 * The modules of the core. A module may import those that stand before it; entities, which refer to each other both
 * ways, and types may point anywhere.
 */
export const modules: readonly Module[] = [
  identityModule,
  ingestsModule,
  documentsModule,
  approvalsModule,
  clientsModule,
  interventionsModule,
  planningModule,
  mediaModule,
  reportsModule,
  bankingModule,
  invoicingModule,
  supplierInvoicesModule,
  webhooksModule,
  integrationsModule,
  notificationsModule,
  monitoringModule,
  processesModule,
  tasksModule,
  pluginsModule,
  auditModule,
];
