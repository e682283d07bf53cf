import { ApprovalDelegation } from '../modules/approvals/approval-delegation.entity.js';
import { ApprovalRule } from '../modules/approvals/approval-rule.entity.js';
import { ApprovalStep } from '../modules/approvals/approval-step.entity.js';
import { Approval } from '../modules/approvals/approval.entity.js';
import { AuditEvent } from '../modules/audit/audit-event.entity.js';
import { CustomField } from '../modules/documents/custom-fields/custom-field.entity.js';
import { DocumentFieldValue } from '../modules/documents/custom-fields/document-field-value.entity.js';
import { Document } from '../modules/documents/files/document.entity.js';
import { Correspondent } from '../modules/documents/filing/correspondent.entity.js';
import { DocumentType } from '../modules/documents/filing/document-type.entity.js';
import { Tag } from '../modules/documents/filing/tag.entity.js';
import { SavedView } from '../modules/documents/saved-views/saved-view.entity.js';
import { ShareLink } from '../modules/documents/sharing/share-link.entity.js';
import { DocumentVersion } from '../modules/documents/versions/document-version.entity.js';
import { ApiKey } from '../modules/identity/api-keys/api-key.entity.js';
import { ApiToken } from '../modules/identity/api-keys/api-token.entity.js';
import { Passkey } from '../modules/identity/passkeys/passkey.entity.js';
import { User } from '../modules/identity/people/user.entity.js';
import { Permission } from '../modules/identity/roles/permission.entity.js';
import { RoleAssignment } from '../modules/identity/roles/role-assignment.entity.js';
import { Role } from '../modules/identity/roles/role.entity.js';
import { KnownDevice } from '../modules/identity/sessions/known-device.entity.js';
import { Session } from '../modules/identity/sessions/session.entity.js';
import { Ingest } from '../modules/ingests/ingest.entity.js';
import { InvoiceLine } from '../modules/invoicing/invoice-line.entity.js';
import { Invoice } from '../modules/invoicing/invoice.entity.js';
import { Notification } from '../modules/notifications/notification.entity.js';

/** Every entity. A new one is added here and gets a read model in `read-models.ts`. */
export const entities = [
  User,
  Role,
  RoleAssignment,
  Permission,
  Session,
  ApiToken,
  ApiKey,
  KnownDevice,
  Passkey,
  DocumentType,
  Correspondent,
  Tag,
  Document,
  DocumentVersion,
  CustomField,
  DocumentFieldValue,
  SavedView,
  ShareLink,
  Approval,
  ApprovalStep,
  ApprovalRule,
  ApprovalDelegation,
  Invoice,
  InvoiceLine,
  AuditEvent,
  Notification,
  Ingest,
] as const;
