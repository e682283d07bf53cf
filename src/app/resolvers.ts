import type { NonEmptyArray } from 'type-graphql';
import { ApprovalDelegationResolver } from '../modules/approvals/approval-delegation.resolver.js';
import {
  ApprovalFieldsResolver,
  ApprovalStepFieldsResolver,
  PendingApprovalsOfUserResolver,
} from '../modules/approvals/approval-fields.resolver.js';
import { ApprovalRuleResolver } from '../modules/approvals/approval-rule.resolver.js';
import { ApprovalResolver } from '../modules/approvals/approval.resolver.js';
import { AccessLogResolver, AuditEventResolver } from '../modules/audit/audit-event.resolver.js';
import { CustomFieldResolver } from '../modules/documents/custom-fields/custom-field.resolver.js';
import { DocumentEventResolver } from '../modules/documents/files/document-event.resolver.js';
import { DocumentMutationsResolver } from '../modules/documents/files/document-mutations.resolver.js';
import { DocumentResolver } from '../modules/documents/files/document.resolver.js';
import { CorrespondentResolver } from '../modules/documents/filing/correspondent.resolver.js';
import { DocumentTypeResolver } from '../modules/documents/filing/document-type.resolver.js';
import { TagResolver } from '../modules/documents/filing/tag.resolver.js';
import { SavedViewResolver } from '../modules/documents/saved-views/saved-view.resolver.js';
import { SearchResolver } from '../modules/documents/search/search.resolver.js';
import { ShareLinkResolver } from '../modules/documents/sharing/share-link.resolver.js';
import { DocumentHistoryResolver } from '../modules/documents/versions/document-history.resolver.js';
import { DocumentVersionResolver } from '../modules/documents/versions/document-version.resolver.js';
import { ApiKeyResolver } from '../modules/identity/api-keys/api-key.resolver.js';
import { ApiTokenResolver } from '../modules/identity/api-keys/api-token.resolver.js';
import { PasskeyResolver } from '../modules/identity/passkeys/passkey.resolver.js';
import { AccountResolver } from '../modules/identity/people/account.resolver.js';
import { UserResolver } from '../modules/identity/people/user.resolver.js';
import { PersonalDataExportResolver } from '../modules/identity/personal-data/personal-data-export.resolver.js';
import { RoleAssignmentResolver } from '../modules/identity/roles/role-assignment.resolver.js';
import { RoleResolver } from '../modules/identity/roles/role.resolver.js';
import { SecondFactorResolver } from '../modules/identity/second-factor/second-factor.resolver.js';
import { SessionResolver } from '../modules/identity/sessions/session.resolver.js';
import { IngestEventResolver } from '../modules/ingests/ingest-event.resolver.js';
import { IngestResolver } from '../modules/ingests/ingest.resolver.js';
import { InvoiceResolver } from '../modules/invoicing/invoice.resolver.js';
import { NotificationEventResolver } from '../modules/notifications/notification-event.resolver.js';
import { NotificationPreferenceResolver } from '../modules/notifications/notification-preference.resolver.js';
import { NotificationResolver } from '../modules/notifications/notification.resolver.js';

/** Every resolver of the core graph. */
export const resolvers: NonEmptyArray<Function> = [
  DocumentResolver,
  DocumentEventResolver,
  DocumentMutationsResolver,
  DocumentVersionResolver,
  DocumentHistoryResolver,
  CustomFieldResolver,
  SavedViewResolver,
  ShareLinkResolver,
  DocumentTypeResolver,
  TagResolver,
  CorrespondentResolver,
  ApprovalResolver,
  ApprovalFieldsResolver,
  ApprovalStepFieldsResolver,
  PendingApprovalsOfUserResolver,
  ApprovalRuleResolver,
  ApprovalDelegationResolver,
  SearchResolver,
  InvoiceResolver,
  UserResolver,
  PersonalDataExportResolver,
  RoleResolver,
  RoleAssignmentResolver,
  SessionResolver,
  SecondFactorResolver,
  ApiTokenResolver,
  PasskeyResolver,
  AccountResolver,
  ApiKeyResolver,
  AuditEventResolver,
  AccessLogResolver,
  NotificationResolver,
  NotificationEventResolver,
  NotificationPreferenceResolver,
  IngestResolver,
  IngestEventResolver,
];
