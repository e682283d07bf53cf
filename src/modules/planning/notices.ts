import type { EventType, StoredEvent } from '../../events/catalog.js';
import { dayAndTime } from '../../kernel/notice-days.js';
import type { Notice, Notices } from '../../kernel/notice.js';
import type { AppointmentEventData } from './events.js';

type AppointmentEvent = Extract<EventType, `appointment.${string}`>;

/** Who goes there, else who made it. */
const responsible = ({ technicianUserId, createdById }: AppointmentEventData): number | null =>
  technicianUserId ?? createdById;

const told = (
  { subjectId, data }: StoredEvent<AppointmentEvent>,
  recipient: number | null,
  { fr, en }: Pick<Notice, 'fr' | 'en'>,
): Notice => {
  const when = dayAndTime(data.startsAtLocal);
  return {
    type: 'appointment',
    recipients: [recipient],
    fr: { ...fr, message: `${fr.message} (${when.fr})` },
    en: { ...en, message: `${en.message} (${when.en})` },
    link: `/planning/${subjectId}`,
  };
};

/** What a technician must know: a change of colour is not. */
const matters = ['startsAt', 'endsAt', 'status', 'technicianUserId', 'interventionId', 'notes'];

/** A new event of appointments must say here whom it is told to. */
export const planningNotices: Required<Pick<Notices, AppointmentEvent>> = {
  'appointment.created': (event, by) =>
    told(event, event.data.technicianUserId, {
      fr: { title: 'Nouveau rendez-vous', message: `Un rendez-vous vous a été attribué${by.fr}` },
      en: { title: 'New appointment', message: `An appointment was given to you${by.en}` },
    }),
  'appointment.updated': (event, by) =>
    told(event, event.data.fields.some((name) => matters.includes(name)) ? event.data.technicianUserId : null, {
      fr: { title: 'Rendez-vous modifié', message: `Un de vos rendez-vous a été modifié${by.fr}` },
      en: { title: 'Appointment changed', message: `One of your appointments was changed${by.en}` },
    }),
  'appointment.deleted': (event, by) =>
    told(event, event.data.technicianUserId, {
      fr: { title: 'Rendez-vous supprimé', message: `Un de vos rendez-vous a été supprimé${by.fr}` },
      en: { title: 'Appointment deleted', message: `One of your appointments was deleted${by.en}` },
    }),
  'appointment.confirmed': (event) =>
    told(event, responsible(event.data), {
      fr: { title: 'Rendez-vous confirmé', message: 'Le client a confirmé un rendez-vous' },
      en: { title: 'Appointment confirmed', message: 'The client has confirmed an appointment' },
    }),
  'appointment.move_requested': (event) =>
    told(event, responsible(event.data), {
      fr: { title: 'Autre horaire demandé', message: 'Le client demande à déplacer un rendez-vous' },
      en: { title: 'Another time asked for', message: 'The client asks for an appointment to be moved' },
    }),
  'appointment.reminded': (event) =>
    told(event, responsible(event.data), {
      fr: { title: 'Rappel de rendez-vous', message: 'Vous avez bientôt un rendez-vous' },
      en: { title: 'Reminder of an appointment', message: 'You have an appointment soon' },
    }),
  'appointment.link_created': null,
};
