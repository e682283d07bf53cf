import { dayOf } from '../i18n/days';

/** The last second of a day here, as a moment: what ends on a day still holds on it. */
export const endOfDay = (day: string | null): string | null =>
  day === null ? null : new Date(`${day}T23:59:59`).toISOString();

/** The day of a moment here (`2026-03-01`). */
export const dayHere = (moment: string | null | undefined): string | null => (moment ? dayOf(new Date(moment)) : null);
