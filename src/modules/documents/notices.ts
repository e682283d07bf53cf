import type { Notices } from '../../kernel/notice.js';
import { agreeing, linkToDocument } from './notice-words.js';

export const documentNotices: Notices = {
  'document.shared': ({ subjectId, data }, by) => ({
    type: 'document_shared',
    recipients: [data.userId],
    fr: {
      title: 'Document partagé',
      message: `${data.title} ${agreeing('partagé', data.title)} avec vous${by.fr}`,
    },
    en: { title: 'Document shared', message: `${data.title} was shared with you${by.en}` },
    link: linkToDocument(subjectId),
  }),
};
