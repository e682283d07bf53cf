import { Migration0001 } from './0001-documents-people-invoices.js';

/** In order; a migration that has been released is never changed. */
export const migrations = [{ name: '0001-documents-people-invoices', class: Migration0001 }];
