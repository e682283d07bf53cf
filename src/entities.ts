import { ApprovalDelegation } from './domain/approvals/approval-delegation.entity.js';
import { ApprovalRule } from './domain/approvals/approval-rule.entity.js';
import { ApprovalStep } from './domain/approvals/approval-step.entity.js';
import { Approval } from './domain/approvals/approval.entity.js';
import { AuditEvent } from './domain/audit/audit-event.entity.js';
import { Correspondent } from './domain/documents/correspondent.entity.js';
import { CustomField } from './domain/documents/custom-field.entity.js';
import { DocumentFieldValue } from './domain/documents/document-field-value.entity.js';
import { DocumentVersion } from './domain/documents/document-version.entity.js';
import { DocumentType } from './domain/documents/document-type.entity.js';
import { Document } from './domain/documents/document.entity.js';
import { SavedView } from './domain/documents/saved-view.entity.js';
import { ShareLink } from './domain/documents/share-link.entity.js';
import { Tag } from './domain/documents/tag.entity.js';
import { ApiKey } from './domain/identity/api-key.entity.js';
import { ApiToken } from './domain/identity/api-token.entity.js';
import { KnownDevice } from './domain/identity/known-device.entity.js';
import { Passkey } from './domain/identity/passkey.entity.js';
import { Ingest } from './domain/ingests/ingest.entity.js';
import { Permission } from './domain/identity/permission.entity.js';
import { RoleAssignment } from './domain/identity/role-assignment.entity.js';
import { Role } from './domain/identity/role.entity.js';
import { Session } from './domain/identity/session.entity.js';
import { User } from './domain/identity/user.entity.js';
import { InvoiceLine } from './domain/invoicing/invoice-line.entity.js';
import { Invoice } from './domain/invoicing/invoice.entity.js';
import { Notification } from './domain/notifications/notification.entity.js';

/** Every entity. A new one is added here and gets a read model in `read-models.ts`. */
export const entities = [
  User, Role, RoleAssignment, Permission, Session, ApiToken, ApiKey, KnownDevice, Passkey,
  DocumentType, Correspondent, Tag, Document,
  DocumentVersion, CustomField, DocumentFieldValue, SavedView, ShareLink,
  Approval, ApprovalStep, ApprovalRule, ApprovalDelegation,
  Invoice, InvoiceLine,
  AuditEvent, Notification, Ingest,
] as const;
