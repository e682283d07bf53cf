const parisDays = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Paris',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The legal day of a moment, `2026-02-03`: invoices are dated and numbered by the day in Paris. */
export const issueDay = (moment: Date): string => parisDays.format(moment);

export const issueYear = (moment: Date): number => Number(issueDay(moment).slice(0, 4));

/** The last second of a year in Paris, which keeps winter time then (UTC+1). */
export const endOfYear = (year: number): Date => new Date(Date.UTC(year, 11, 31, 22, 59, 59));
