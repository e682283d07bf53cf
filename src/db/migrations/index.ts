import { Migration0001 } from './0001-documents-people-invoices.js';
import { Migration0002 } from './0002-credentials-and-audit.js';
import { Migration0003 } from './0003-jobs-and-consumers.js';
import { Migration0004 } from './0004-approvals.js';
import { Migration0005 } from './0005-notifications.js';
import { Migration0006 } from './0006-search.js';
import { Migration0007 } from './0007-document-extras.js';
import { Migration0008 } from './0008-ingest.js';
import { Migration0009 } from './0009-credential-changes.js';
import { Migration0010 } from './0010-notification-types.js';
import { Migration0011 } from './0011-invoice-files.js';
import { Migration0012 } from './0012-approval-corrections.js';
import { Migration0013 } from './0013-traces.js';
import { Migration0014 } from './0014-document-history.js';
import { Migration0015 } from './0015-document-notes.js';
import { Migration0018 } from './0018-account-states.js';
import { Migration0019 } from './0019-banking.js';
import { Migration0020 } from './0020-invoice-money.js';
import { Migration0021 } from './0021-supplier-invoices.js';
import { Migration0024 } from './0024-time-zones.js';
import { Migration0026 } from './0026-ledger.js';
import { Migration0034 } from './0034-recurrences.js';

/** In order; a migration that has been released is never changed. */
export const migrations = [
  { name: '0001-documents-people-invoices', class: Migration0001 },
  { name: '0002-credentials-and-audit', class: Migration0002 },
  { name: '0003-jobs-and-consumers', class: Migration0003 },
  { name: '0004-approvals', class: Migration0004 },
  { name: '0005-notifications', class: Migration0005 },
  { name: '0006-search', class: Migration0006 },
  { name: '0007-document-extras', class: Migration0007 },
  { name: '0008-ingest', class: Migration0008 },
  { name: '0009-credential-changes', class: Migration0009 },
  { name: '0010-notification-types', class: Migration0010 },
  { name: '0011-invoice-files', class: Migration0011 },
  { name: '0012-approval-corrections', class: Migration0012 },
  { name: '0013-traces', class: Migration0013 },
  { name: '0014-document-history', class: Migration0014 },
  { name: '0015-document-notes', class: Migration0015 },
  { name: '0018-account-states', class: Migration0018 },
  { name: '0019-banking', class: Migration0019 },
  { name: '0020-invoice-money', class: Migration0020 },
  { name: '0021-supplier-invoices', class: Migration0021 },
  { name: '0024-time-zones', class: Migration0024 },
  { name: '0034-recurrences', class: Migration0034 },
  { name: '0026-ledger', class: Migration0026 },
];
