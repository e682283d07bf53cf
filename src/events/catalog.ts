/** Every event that the system writes, with what it carries beside its subject. The list is closed. */
export interface EventCatalog {
  'user.registered': { username: string };
  'user.updated': { fields: string[] };
  'user.activated': Record<string, never>;
  'user.deactivated': Record<string, never>;
  'user.unlocked': Record<string, never>;
  'user.password_changed': Record<string, never>;
  'user.roles_changed': {
    role: string;
    change: 'assigned' | 'removed';
    /** A document type's code or `*`; absent: within every scope. */
    scope?: string;
    /** Absent when it was given for good. */
    bounds?: { maxAmount: string | null; currency: string | null; validFrom: string | null; validTo: string | null };
  };
  'user.erased': { kept: string[] };
  'user.login': { kind: 'token' | 'cookie' };
  /** Subject: the person, or '' when nobody has the name that was tried. */
  'user.login_failed': { reason: 'password' | 'second_factor' | 'passkey' };
  'session.revoked': { userId: number; reason: 'logout' | 'revoked' | 'reuse' };
  'api_token.created': { userId: number; name: string };
  'api_token.revoked': { userId: number };
  'api_key.created': { userId: number; name: string };
  'api_key.updated': { userId: number; fields: string[] };
  /** Refused from now on: suspended, switched off, regenerated or deleted. */
  'api_key.revoked': { userId: number; reason: 'suspended' | 'inactive' | 'regenerated' | 'deleted' };
  'passkey.added': { userId: number; name: string };
  'passkey.removed': { userId: number };
  'second_factor.enabled': { userId: number };
  'second_factor.disabled': { userId: number };
  'second_factor.recovery_codes_replaced': { userId: number };
  /** `left`: how many remain. */
  'second_factor.recovery_code_used': { userId: number; left: number };
  'device.added': { userId: number };
  'device.revoked': { userId: number };
  'role.created': { name: string };
  'role.updated': { name: string };
  'role.deleted': { name: string };
  'role.permissions_changed': { permission: string; change: 'granted' | 'revoked' };
  'permission.created': { name: string };
  'document.created': DocumentFacts;
  'document.updated': DocumentFacts & { fields: string[] };
  'document.trashed': DocumentFacts;
  'document.restored': DocumentFacts;
  'document.purged': DocumentFacts;
  'document.shared': DocumentFacts & { userId: number };
  'document.unshared': DocumentFacts & { userId: number };
  /** The file was replaced, by a new one or by a former version; `number` is the new file's. */
  'document.version_added': DocumentFacts & { number: number };
  'document.link_created': DocumentFacts & { linkId: number };
  'document.link_revoked': DocumentFacts & { linkId: number };
  'document.link_used': DocumentFacts & { linkId: number };
  'approval.submitted': ApprovalFacts;
  'approval.approved': ApprovalFacts;
  'approval.rejected': ApprovalFacts;
  'approval.reopened': ApprovalFacts;
  'approval.escalated': ApprovalFacts;
  'approval.commented': ApprovalFacts;
  /** Taken out of approval: `na`. */
  'approval.withdrawn': ApprovalFacts;
  'approval_rule.created': ApprovalRuleFacts;
  'approval_rule.updated': ApprovalRuleFacts;
  'approval_rule.deleted': ApprovalRuleFacts;
  'approval_delegation.created': DelegationFacts;
  'approval_delegation.revoked': DelegationFacts;
  'document_type.created': Named;
  'document_type.updated': Named;
  'document_type.deleted': Named;
  'custom_field.created': Named;
  'custom_field.updated': Named;
  'custom_field.deleted': Named;
  'saved_view.created': { ownerId: number };
  'saved_view.updated': { ownerId: number };
  'saved_view.deleted': { ownerId: number };
  'tag.created': Named;
  'tag.updated': Named;
  'tag.deleted': Named;
  'correspondent.created': Named;
  'correspondent.updated': Named;
  'correspondent.deleted': Named;
  'invoice.created': InvoiceFacts;
  'invoice.updated': InvoiceFacts & { fields: string[] };
  'invoice.issued': InvoiceFacts & { number: string };
  'invoice.status_changed': InvoiceFacts & { from: string; to: string };
  'invoice.deleted': InvoiceFacts;
  'notification.created': { userId: number; notificationId: number; type: string; priority: string };
  'notification.read': { userId: number };
  /** All at once. The subject is the person. */
  'notification.all_read': { userId: number; count: number };
  /** The subject is the person. */
  'notification_preference.updated': { type: string; byMail: boolean };
  'ingest.started': IngestFacts;
  /** At most one a second of each ingest. */
  'ingest.progress': IngestFacts & { step: string; done: number; total: number | null };
  'ingest.finished': IngestFacts & { result: 'done' | 'duplicate'; documentId: number | null };
  'ingest.refused': IngestFacts & { reason: string };
}

interface Named {
  name: string;
}

/** Enough to decide who may still hear of a document that is gone. */
interface DocumentFacts {
  ownerId: number;
  title: string;
}

/** The subject is the document. */
interface ApprovalFacts extends DocumentFacts {
  submittedById: number | null;
  /** Level of the role that is asked; null: any validator. */
  level: number | null;
  /** Decimal text. */
  amount: string | null;
  currency: string | null;
  comment: string | null;
  /** Who may decide now; empty when the decision is made. */
  deciderIds: number[];
}

interface ApprovalRuleFacts {
  documentTypeId: number | null;
  level: number | null;
}

/** Who lends the right to decide to whom, on which days. */
interface DelegationFacts {
  fromId: number;
  toId: number;
  validFrom: string;
  validTo: string;
}

interface IngestFacts {
  ownerId: number;
  kind: 'watched' | 'upload' | 'recognition';
}

interface InvoiceFacts {
  customerId: number;
  createdById: number;
}

export type EventType = keyof EventCatalog;

const known: Record<EventType, true> = {
  'user.registered': true,
  'user.updated': true,
  'user.activated': true,
  'user.deactivated': true,
  'user.unlocked': true,
  'user.password_changed': true,
  'user.roles_changed': true,
  'user.erased': true,
  'user.login': true,
  'user.login_failed': true,
  'session.revoked': true,
  'api_token.created': true,
  'api_token.revoked': true,
  'api_key.created': true,
  'api_key.updated': true,
  'api_key.revoked': true,
  'passkey.added': true,
  'passkey.removed': true,
  'second_factor.enabled': true,
  'second_factor.disabled': true,
  'second_factor.recovery_codes_replaced': true,
  'second_factor.recovery_code_used': true,
  'device.added': true,
  'device.revoked': true,
  'role.created': true,
  'role.updated': true,
  'role.deleted': true,
  'role.permissions_changed': true,
  'permission.created': true,
  'document.created': true,
  'document.updated': true,
  'document.trashed': true,
  'document.restored': true,
  'document.purged': true,
  'document.shared': true,
  'document.unshared': true,
  'document.version_added': true,
  'document.link_created': true,
  'document.link_revoked': true,
  'document.link_used': true,
  'approval.submitted': true,
  'approval.approved': true,
  'approval.rejected': true,
  'approval.reopened': true,
  'approval.escalated': true,
  'approval.commented': true,
  'approval.withdrawn': true,
  'approval_rule.created': true,
  'approval_rule.updated': true,
  'approval_rule.deleted': true,
  'approval_delegation.created': true,
  'approval_delegation.revoked': true,
  'document_type.created': true,
  'document_type.updated': true,
  'document_type.deleted': true,
  'custom_field.created': true,
  'custom_field.updated': true,
  'custom_field.deleted': true,
  'saved_view.created': true,
  'saved_view.updated': true,
  'saved_view.deleted': true,
  'tag.created': true,
  'tag.updated': true,
  'tag.deleted': true,
  'correspondent.created': true,
  'correspondent.updated': true,
  'correspondent.deleted': true,
  'invoice.created': true,
  'invoice.updated': true,
  'invoice.issued': true,
  'invoice.status_changed': true,
  'invoice.deleted': true,
  'notification.created': true,
  'notification.read': true,
  'notification.all_read': true,
  'notification_preference.updated': true,
  'ingest.started': true,
  'ingest.progress': true,
  'ingest.finished': true,
  'ingest.refused': true,
};

/** The names of the catalog, for whoever picks events by name. */
export const eventTypes = Object.keys(known) as readonly EventType[];

/** An event as it lies in the log, once the relay gave it its position. */
export interface StoredEvent<T extends EventType = EventType> {
  /** Decimal text: positions may outgrow 2^53. */
  position: string;
  type: T;
  subjectType: string;
  subjectId: string;
  actorId: number | null;
  /** Whose account it is about; null for everything else. */
  accountId: number | null;
  /** ISO 8601, whole seconds. */
  occurredAt: string;
  data: EventCatalog[T];
}
