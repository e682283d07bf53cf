import type { Notices } from '../../kernel/notice.js';

const because: Readonly<Record<string, string>> = {
  gone: "il a répondu 410, il n'existe plus",
  failing: 'rien ne lui est parvenu depuis cinq jours',
};

export const webhookNotices: Notices = {
  'webhook.disabled': ({ subjectId, data }) => ({
    type: 'webhook_disabled',
    recipients: [data.ownerId],
    title: 'Webhook désactivé',
    message: `Le webhook ${data.name} a été désactivé : ${because[data.reason] ?? data.reason}`,
    link: `/webhooks/${subjectId}`,
  }),
};
