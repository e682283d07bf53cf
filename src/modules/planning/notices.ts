import type { EventType, StoredEvent } from '../../events/catalog.js';
import type { Notices } from '../../kernel/notice.js';
import type { AppointmentEventData } from './events.js';

type AppointmentEvent = Extract<EventType, `appointment.${string}`>;

/** Who goes there, else who made it. */
const responsible = ({ technicianUserId, createdById }: AppointmentEventData): number | null =>
  technicianUserId ?? createdById;

const day = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'UTC' });

/** `30 mars 2026 à 09:00`, of `2026-03-30T09:00`. */
const when = ({ startsAtLocal }: AppointmentEventData): string =>
  `${day.format(new Date(`${startsAtLocal.slice(0, 10)}T00:00:00Z`))} à ${startsAtLocal.slice(11, 16)}`;

const told = (
  { subjectId, data }: StoredEvent<AppointmentEvent>,
  recipient: number | null,
  title: string,
  message: string,
) => ({
  type: 'appointment' as const,
  recipients: [recipient],
  title,
  message: `${message} (${when(data)})`,
  link: `/planning/${subjectId}`,
});

/** What a technician must know: a change of colour is not. */
const matters = ['startsAt', 'endsAt', 'status', 'technicianUserId', 'interventionId', 'notes'];

/** A new event of appointments must say here whom it is told to. */
export const planningNotices: Required<Pick<Notices, AppointmentEvent>> = {
  'appointment.created': (event, by) =>
    told(
      event,
      event.data.technicianUserId,
      'Nouveau rendez-vous',
      `${by ?? 'Le serveur'} vous a attribué un rendez-vous`,
    ),
  'appointment.updated': (event, by) =>
    told(
      event,
      event.data.fields.some((name) => matters.includes(name)) ? event.data.technicianUserId : null,
      'Rendez-vous modifié',
      `${by ?? 'Le serveur'} a modifié un de vos rendez-vous`,
    ),
  'appointment.deleted': (event, by) =>
    told(
      event,
      event.data.technicianUserId,
      'Rendez-vous supprimé',
      `${by ?? 'Le serveur'} a supprimé un de vos rendez-vous`,
    ),
  'appointment.confirmed': (event) =>
    told(event, responsible(event.data), 'Rendez-vous confirmé', 'Le client a confirmé un rendez-vous'),
  'appointment.move_requested': (event) =>
    told(event, responsible(event.data), 'Autre horaire demandé', 'Le client demande à déplacer un rendez-vous'),
  'appointment.reminded': (event) =>
    told(event, responsible(event.data), 'Rappel de rendez-vous', 'Vous avez bientôt un rendez-vous'),
  'appointment.link_created': null,
};
