import type { Notices } from '../../kernel/notice.js';
import { agreeing, byWhom, linkToDocument } from './notice-words.js';

export const documentNotices: Notices = {
  'document.shared': ({ subjectId, data }, by) => ({
    type: 'document_shared',
    recipients: [data.userId],
    title: 'Document partagé',
    message: `${data.title} ${agreeing('partagé', data.title)} avec vous${byWhom(by)}`,
    link: linkToDocument(subjectId),
  }),
};
