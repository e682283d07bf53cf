import type { EventType } from '../../events/catalog.js';
import type { Notices } from '../../kernel/notice.js';
import { agreeing, linkToDocument } from '../documents/notice-words.js';

const toDecide = { fr: 'Document à valider', en: 'Document to approve' } as const;

/** A new event of approvals must say here whom it is told to. */
export const approvalNotices: Required<Pick<Notices, Extract<EventType, `approval.${string}`>>> = {
  'approval.submitted': ({ subjectId, data: { deciderIds, title } }, by) => ({
    type: 'validation_pending',
    recipients: deciderIds,
    fr: { title: toDecide.fr, message: `${title} ${agreeing('soumis', title)}${by.fr}` },
    en: { title: toDecide.en, message: `${title} was submitted${by.en}` },
    link: linkToDocument(subjectId),
  }),
  'approval.escalated': ({ subjectId, data: { deciderIds, title } }, by) => ({
    type: 'validation_pending',
    recipients: deciderIds,
    fr: { title: toDecide.fr, message: `${title} ${agreeing('transmis', title)} au niveau supérieur${by.fr}` },
    en: { title: toDecide.en, message: `${title} was passed on to the next level${by.en}` },
    link: linkToDocument(subjectId),
  }),
  'approval.reopened': ({ subjectId, data: { deciderIds, title } }, by) => ({
    type: 'validation_pending',
    recipients: deciderIds,
    fr: { title: toDecide.fr, message: `${title} ${agreeing('remis', title)} en validation${by.fr}` },
    en: { title: toDecide.en, message: `${title} was put up for approval again${by.en}` },
    link: linkToDocument(subjectId),
  }),
  'approval.approved': ({ subjectId, data: { submittedById, title } }, by) => ({
    type: 'validation_approved',
    recipients: [submittedById],
    fr: { title: 'Document validé', message: `${title} ${agreeing('validé', title)}${by.fr}` },
    en: { title: 'Document approved', message: `${title} was approved${by.en}` },
    link: linkToDocument(subjectId),
  }),
  'approval.rejected': ({ subjectId, data: { submittedById, title, comment } }, by) => ({
    type: 'validation_rejected',
    recipients: [submittedById],
    fr: {
      title: 'Document rejeté',
      message: `${title} ${agreeing('rejeté', title)}${by.fr}${comment ? ` : ${comment}` : ''}`,
    },
    en: { title: 'Document rejected', message: `${title} was rejected${by.en}${comment ? `: ${comment}` : ''}` },
    link: linkToDocument(subjectId),
  }),
  // It stays in the document's history.
  'approval.commented': null,
  'approval.withdrawn': null,
};
