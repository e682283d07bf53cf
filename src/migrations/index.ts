import { Migration0001 } from './0001-documents-people-invoices.js';
import { Migration0002 } from './0002-credentials-and-audit.js';
import { Migration0003 } from './0003-jobs-and-consumers.js';
import { Migration0006 } from './0006-search.js';

/** In order; a migration that has been released is never changed. */
export const migrations = [
  { name: '0001-documents-people-invoices', class: Migration0001 },
  { name: '0002-credentials-and-audit', class: Migration0002 },
  { name: '0003-jobs-and-consumers', class: Migration0003 },
  { name: '0006-search', class: Migration0006 },
];
