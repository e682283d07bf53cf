import {
  approvalDelegationReads,
  approvalReads,
  approvalRuleReads,
  approvalStepReads,
} from '../modules/approvals/approval.reads.js';
import { auditEventReads } from '../modules/audit/audit-event.reads.js';
import { customFieldReads, documentFieldValueReads } from '../modules/documents/custom-fields/custom-field.reads.js';
import { documentReads } from '../modules/documents/files/document.reads.js';
import { correspondentReads, documentTypeReads, tagReads } from '../modules/documents/filing/filing.reads.js';
import { savedViewReads } from '../modules/documents/saved-views/saved-view.reads.js';
import { shareLinkReads } from '../modules/documents/sharing/share-link.reads.js';
import { documentVersionReads } from '../modules/documents/versions/document-version.reads.js';
import {
  apiKeyReads,
  apiTokenReads,
  knownDeviceReads,
  passkeyReads,
  permissionReads,
  roleAssignmentReads,
  roleReads,
  sessionReads,
  userReads,
} from '../modules/identity/identity.reads.js';
import { ingestReads } from '../modules/ingests/ingest.reads.js';
import { invoiceLineReads, invoiceReads } from '../modules/invoicing/invoice.reads.js';
import { notificationReads } from '../modules/notifications/notification.reads.js';

/** What the graph can read; an entity that is missing here cannot be reached. */
export const readModels = [
  userReads,
  roleReads,
  roleAssignmentReads,
  permissionReads,
  sessionReads,
  apiTokenReads,
  apiKeyReads,
  knownDeviceReads,
  passkeyReads,
  documentTypeReads,
  correspondentReads,
  tagReads,
  documentReads,
  documentVersionReads,
  customFieldReads,
  documentFieldValueReads,
  savedViewReads,
  shareLinkReads,
  approvalReads,
  approvalStepReads,
  approvalRuleReads,
  approvalDelegationReads,
  invoiceReads,
  invoiceLineReads,
  auditEventReads,
  notificationReads,
  ingestReads,
] as const;
