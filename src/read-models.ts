import { customFieldReads, documentFieldValueReads } from './domain/documents/custom-field.reads.js';
import { documentVersionReads } from './domain/documents/document-version.reads.js';
import { documentReads } from './domain/documents/document.reads.js';
import { correspondentReads, documentTypeReads, tagReads } from './domain/documents/filing.reads.js';
import { savedViewReads } from './domain/documents/saved-view.reads.js';
import { shareLinkReads } from './domain/documents/share-link.reads.js';
import { apiTokenReads, permissionReads, roleReads, sessionReads, userReads } from './domain/identity/identity.reads.js';
import { invoiceLineReads, invoiceReads } from './domain/invoicing/invoice.reads.js';

/** What the graph can read; an entity that is missing here cannot be reached. */
export const readModels = [
  userReads, roleReads, permissionReads, sessionReads, apiTokenReads,
  documentTypeReads, correspondentReads, tagReads, documentReads,
  documentVersionReads, customFieldReads, documentFieldValueReads, savedViewReads, shareLinkReads,
  invoiceReads, invoiceLineReads,
] as const;
