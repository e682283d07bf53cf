import type { Notices } from '../../kernel/notice.js';

const because: Readonly<Record<string, { fr: string; en: string }>> = {
  gone: {
    fr: "l'adresse a répondu 410, elle n'existe plus",
    en: 'its address answered 410, which means that it is gone',
  },
  failing: { fr: 'rien ne lui est parvenu depuis cinq jours', en: 'nothing has reached it for five days' },
};

export const webhookNotices: Notices = {
  'webhook.disabled': ({ subjectId, data: { ownerId, name, isManaged, reason } }) => {
    const why = because[reason] ?? { fr: reason, en: reason };
    return {
      type: 'webhook_disabled',
      recipients: [ownerId],
      ...(isManaged
        ? {
            fr: {
              title: 'Intégration désactivée',
              message: `L'intégration ${name} a été désactivée : ${why.fr}`,
            },
            en: { title: 'Integration switched off', message: `The integration ${name} was switched off: ${why.en}` },
          }
        : {
            fr: { title: 'Webhook désactivé', message: `Le webhook ${name} a été désactivé : ${why.fr}` },
            en: { title: 'Webhook switched off', message: `The webhook ${name} was switched off: ${why.en}` },
          }),
      link: isManaged ? '/integrations' : `/webhooks/${subjectId}`,
    };
  },
};
