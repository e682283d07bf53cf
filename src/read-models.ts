import { documentReads } from './domain/documents/document.reads.js';
import { correspondentReads, documentTypeReads, tagReads } from './domain/documents/filing.reads.js';
import { apiTokenReads, permissionReads, roleReads, sessionReads, userReads } from './domain/identity/identity.reads.js';
import { ingestReads } from './domain/ingests/ingest.reads.js';
import { invoiceLineReads, invoiceReads } from './domain/invoicing/invoice.reads.js';

/** What the graph can read; an entity that is missing here cannot be reached. */
export const readModels = [
  userReads, roleReads, permissionReads, sessionReads, apiTokenReads,
  documentTypeReads, correspondentReads, tagReads, documentReads,
  invoiceReads, invoiceLineReads,
  ingestReads,
] as const;
