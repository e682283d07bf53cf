import type { Module } from '../kernel/module.js';
import { approvalsModule } from '../modules/approvals/module.js';
import { auditModule } from '../modules/audit/module.js';
import { bankingModule } from '../modules/banking/module.js';
import { documentsModule } from '../modules/documents/module.js';
import { identityModule } from '../modules/identity/module.js';
import { ingestsModule } from '../modules/ingests/module.js';
import { invoicingModule } from '../modules/invoicing/module.js';
import { notificationsModule } from '../modules/notifications/module.js';
import { supplierInvoicesModule } from '../modules/supplier-invoices/module.js';
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
  bankingModule,
  invoicingModule,
  supplierInvoicesModule,
  webhooksModule,
  notificationsModule,
  auditModule,
];
