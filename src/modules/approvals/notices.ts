import type { EventType } from '../../events/catalog.js';
import type { Notices } from '../../kernel/notice.js';
import { agreeing, byWhom, linkToDocument } from '../documents/notice-words.js';

/** A new event of approvals must say here whom it is told to. */
export const approvalNotices: Required<Pick<Notices, Extract<EventType, `approval.${string}`>>> = {
  'approval.submitted': ({ subjectId, data }, by) => ({
    type: 'validation_pending',
    recipients: data.deciderIds,
    title: 'Document à valider',
    message: `${data.title} ${agreeing('soumis', data.title)}${byWhom(by)}`,
    link: linkToDocument(subjectId),
  }),
  'approval.escalated': ({ subjectId, data }, by) => ({
    type: 'validation_pending',
    recipients: data.deciderIds,
    title: 'Document à valider',
    message: `${data.title} ${agreeing('transmis', data.title)} au niveau supérieur${byWhom(by)}`,
    link: linkToDocument(subjectId),
  }),
  'approval.reopened': ({ subjectId, data }, by) => ({
    type: 'validation_pending',
    recipients: data.deciderIds,
    title: 'Document à valider',
    message: `${data.title} ${agreeing('remis', data.title)} en validation${byWhom(by)}`,
    link: linkToDocument(subjectId),
  }),
  'approval.approved': ({ subjectId, data }, by) => ({
    type: 'validation_approved',
    recipients: [data.submittedById],
    title: 'Document validé',
    message: `${data.title} ${agreeing('validé', data.title)}${byWhom(by)}`,
    link: linkToDocument(subjectId),
  }),
  'approval.rejected': ({ subjectId, data }, by) => ({
    type: 'validation_rejected',
    recipients: [data.submittedById],
    title: 'Document rejeté',
    message: `${data.title} ${agreeing('rejeté', data.title)}${byWhom(by)}${data.comment ? ` : ${data.comment}` : ''}`,
    link: linkToDocument(subjectId),
  }),
  // It stays in the document's history.
  'approval.commented': null,
  'approval.withdrawn': null,
};
