/** Days as the clock of the reader's device counts them, written as the graph has them: `2026-03-01`. */

export const dayOf = (moment: Date): string => moment.toLocaleDateString('sv-SE');

/** So many days later; negative: before. */
export function dayAfter(day: string, days: number): string {
  const noon = new Date(`${day}T12:00:00`);
  noon.setDate(noon.getDate() + days);
  return dayOf(noon);
}

export const today = (): string => dayOf(new Date());

/** The moment at which a day begins, or the one so many days later. */
export const midnight = (day: string, daysLater = 0): string =>
  new Date(`${dayAfter(day, daysLater)}T00:00:00`).toISOString();
