import type { Notices } from '../../kernel/notice.js';

const because: Readonly<Record<string, string>> = {
  gone: "l'adresse a répondu 410, elle n'existe plus",
  failing: 'rien ne lui est parvenu depuis cinq jours',
};

export const webhookNotices: Notices = {
  'webhook.disabled': ({ subjectId, data }) => ({
    type: 'webhook_disabled',
    recipients: [data.ownerId],
    title: data.isManaged ? 'Intégration désactivée' : 'Webhook désactivé',
    message: `${disabled(data)} : ${because[data.reason] ?? data.reason}`,
    link: data.isManaged ? '/integrations' : `/webhooks/${subjectId}`,
  }),
};

const disabled = ({ name, isManaged }: { name: string; isManaged: boolean }): string =>
  isManaged ? `L'intégration ${name} a été désactivée` : `Le webhook ${name} a été désactivé`;
