import type { EventType, StoredEvent } from '../../events/catalog.js';
import { NotificationPriority, NotificationType } from './notification.entity.js';

/** What an event tells, and to whom. */
export interface Notice {
  type: NotificationType;
  recipients: readonly (number | null)[];
  title: string;
  message: string;
  link: string;
}

export const priorityOf: Record<NotificationType, NotificationPriority> = {
  [NotificationType.VALIDATION_PENDING]: NotificationPriority.HIGH,
  [NotificationType.VALIDATION_APPROVED]: NotificationPriority.NORMAL,
  [NotificationType.VALIDATION_REJECTED]: NotificationPriority.HIGH,
  [NotificationType.TASK_COMPLETED]: NotificationPriority.LOW,
  [NotificationType.DOCUMENT_SHARED]: NotificationPriority.NORMAL,
  [NotificationType.RECURRENCE_POSTED]: NotificationPriority.NORMAL,
  [NotificationType.WEBHOOK_DISABLED]: NotificationPriority.URGENT,
  [NotificationType.ALERT]: NotificationPriority.URGENT,
  [NotificationType.SYSTEM]: NotificationPriority.LOW,
};

/** A new event of approvals must say here whom it is told to. */
export type NoticedEvent = Extract<EventType, `approval.${string}`> | 'document.shared';

/** `by` is the user name of who did it; undefined when the server did, or somebody who is erased. */
type Telling<T extends EventType> = (event: StoredEvent<T>, by: string | undefined) => Notice;

const notices: { [T in NoticedEvent]: Telling<T> | null } = {
  'approval.submitted': ({ subjectId, data }, by) => ({
    type: NotificationType.VALIDATION_PENDING,
    recipients: data.deciderIds,
    title: 'Document à valider',
    message: `${data.title} ${agreeing('soumis', data.title)}${byWhom(by)}`,
    link: linkTo(subjectId),
  }),
  'approval.escalated': ({ subjectId, data }, by) => ({
    type: NotificationType.VALIDATION_PENDING,
    recipients: data.deciderIds,
    title: 'Document à valider',
    message: `${data.title} ${agreeing('transmis', data.title)} au niveau supérieur${byWhom(by)}`,
    link: linkTo(subjectId),
  }),
  'approval.reopened': ({ subjectId, data }, by) => ({
    type: NotificationType.VALIDATION_PENDING,
    recipients: data.deciderIds,
    title: 'Document à valider',
    message: `${data.title} ${agreeing('remis', data.title)} en validation${byWhom(by)}`,
    link: linkTo(subjectId),
  }),
  'approval.approved': ({ subjectId, data }, by) => ({
    type: NotificationType.VALIDATION_APPROVED,
    recipients: [data.submittedById],
    title: 'Document validé',
    message: `${data.title} ${agreeing('validé', data.title)}${byWhom(by)}`,
    link: linkTo(subjectId),
  }),
  'approval.rejected': ({ subjectId, data }, by) => ({
    type: NotificationType.VALIDATION_REJECTED,
    recipients: [data.submittedById],
    title: 'Document rejeté',
    message: `${data.title} ${agreeing('rejeté', data.title)}${byWhom(by)}${data.comment ? ` : ${data.comment}` : ''}`,
    link: linkTo(subjectId),
  }),
  // It stays in the document's history.
  'approval.commented': null,
  'approval.withdrawn': null,
  'document.shared': ({ subjectId, data }, by) => ({
    type: NotificationType.DOCUMENT_SHARED,
    recipients: [data.userId],
    title: 'Document partagé',
    message: `${data.title} ${agreeing('partagé', data.title)} avec vous${byWhom(by)}`,
    link: linkTo(subjectId),
  }),
};

export const noticedEvents = Object.keys(notices) as NoticedEvent[];

/** Undefined when nobody is told of the event. */
export function noticeOf(event: StoredEvent, by: string | undefined): Notice | undefined {
  const tell = notices[event.type as NoticedEvent] as Telling<EventType> | null | undefined;
  return tell?.(event, by);
}

const linkTo = (documentId: string): string => `/documents/${documentId}`;
const byWhom = (by: string | undefined): string => (by === undefined ? '' : ` par ${by}`);

/** Papers of an office that are feminine; the others are taken as « un document ». */
const feminine =
  /^(attestation|commande|convention|correspondance|demande|déclaration|facture|fiche|lettre|note|offre|pièce|police|quittance)s?(?!\p{L})/iu;

/** A participle that agrees with the title's first word: « Facture EDF soumise », « Contrat EDF soumis ». */
const agreeing = (participle: string, title: string): string => (feminine.test(title) ? `${participle}e` : participle);
