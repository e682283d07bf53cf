import { dayAndTime } from '../../kernel/notice-days.js';
import type { Notices } from '../../kernel/notice.js';

export const interventionNotices: Notices = {
  'maintenance_contract.visit_unbooked': ({ data }) => {
    const when = dayAndTime(data.startsAtLocal);
    return {
      type: 'appointment',
      recipients: [data.createdById, data.technicianUserId],
      fr: {
        title: 'Visite sans rendez-vous',
        message: `La visite « ${data.title} » du ${when.fr} n’a pas de rendez-vous : le créneau est pris`,
      },
      en: {
        title: 'Visit without an appointment',
        message: `The visit “${data.title}” on ${when.en} has no appointment: its time is taken`,
      },
      link: `/interventions/${data.interventionId}`,
    };
  },
};
