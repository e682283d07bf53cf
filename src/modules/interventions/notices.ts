import type { Notices } from '../../kernel/notice.js';

const day = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'UTC' });

/** `30 mars 2026 à 09:00`, of `2026-03-30T09:00`. */
const when = (local: string): string =>
  `${day.format(new Date(`${local.slice(0, 10)}T00:00:00Z`))} à ${local.slice(11, 16)}`;

export const interventionNotices: Notices = {
  'maintenance_contract.visit_unbooked': ({ data }) => ({
    type: 'appointment',
    recipients: [data.createdById, data.technicianUserId],
    title: 'Visite sans rendez-vous',
    message: `La visite « ${data.title} » du ${when(data.startsAtLocal)} n’a pas de rendez-vous : le créneau est pris`,
    link: `/interventions/${data.interventionId}`,
  }),
};
