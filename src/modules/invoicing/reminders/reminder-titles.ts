import type { ReminderLevel } from './invoice-reminder.entity.js';

/** What is drawn in a process of its own does not load the entity. */
export type ReminderLevelWord = `${ReminderLevel}`;

/** Apart from the letter, which brings the drawing of PDFs along. */
export const reminderTitles: Record<ReminderLevelWord, string> = {
  first: 'Relance',
  second: 'Deuxième relance',
  formal_notice: 'Mise en demeure de payer',
};
