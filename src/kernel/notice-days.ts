/** Days of the firm's clock, as notices say them. */
const longDay = (locale: string) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
const [french, english] = [longDay('fr-FR'), longDay('en-GB')];

const dateOf = (local: string): Date => new Date(`${local.slice(0, 10)}T00:00:00Z`);

/** `30 March 2026`, of `2026-03-30`. */
export const englishDay = (day: string): string => english.format(dateOf(day));

/** `30 mars 2026 à 09:00` and `30 March 2026 at 09:00`, of `2026-03-30T09:00`. */
export const dayAndTime = (local: string) => ({
  fr: `${french.format(dateOf(local))} à ${local.slice(11, 16)}`,
  en: `${englishDay(local)} at ${local.slice(11, 16)}`,
});
