/** Every event that the system writes, with what it carries beside its subject. The list is closed. */
export interface EventCatalog {
  'user.registered': { username: string };
  'user.updated': { fields: string[] };
  'user.activated': Record<string, never>;
  'user.deactivated': Record<string, never>;
  'user.password_changed': Record<string, never>;
  'user.roles_changed': { role: string; change: 'assigned' | 'removed' };
  'user.erased': { kept: string[] };
  'user.login': { kind: 'token' | 'cookie' };
  /** Subject: the person, or '' when nobody has the name that was tried. */
  'user.login_failed': { reason: 'password' | 'second_factor' };
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
  'approval.submitted': ApprovalFacts;
  'approval.approved': ApprovalFacts;
  'approval.rejected': ApprovalFacts;
  'approval.reopened': ApprovalFacts;
  'approval.escalated': ApprovalFacts;
  'approval.commented': ApprovalFacts;
  'document_type.created': Named;
  'document_type.updated': Named;
  'document_type.deleted': Named;
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

interface IngestFacts {
  ownerId: number;
  kind: 'watched' | 'upload' | 'recognition';
}

interface InvoiceFacts {
  customerId: number;
  createdById: number;
}

export type EventType = keyof EventCatalog;

/** An event as it lies in the log, once the relay gave it its position. */
export interface StoredEvent<T extends EventType = EventType> {
  /** Decimal text: positions may outgrow 2^53. */
  position: string;
  type: T;
  subjectType: string;
  subjectId: string;
  actorId: number | null;
  /** ISO 8601, whole seconds. */
  occurredAt: string;
  data: EventCatalog[T];
}
