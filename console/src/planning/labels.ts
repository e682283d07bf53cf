import { defineWords } from '../i18n/words';

export const appointmentStatuses = ['PLANNED', 'CONFIRMED', 'DONE', 'CANCELLED'] as const;

export const appointmentTones = { PLANNED: 'info', CONFIRMED: 'good', DONE: 'plain', CANCELLED: 'bad' } as const;

export const appointmentStatusWords = defineWords(
  'planning.status',
  { PLANNED: 'Planned', CONFIRMED: 'Confirmed', DONE: 'Done', CANCELLED: 'Cancelled' },
  { PLANNED: 'Prévu', CONFIRMED: 'Confirmé', DONE: 'Terminé', CANCELLED: 'Annulé' },
);
