/** The last second of a day here, as a moment: what ends on a day still holds on it. */
export const endOfDay = (day: string | null): string | null =>
  day === null ? null : new Date(`${day}T23:59:59`).toISOString();

/** The day of a moment here (`2026-03-01`). */
export function dayHere(moment: string | null | undefined): string | null {
  if (!moment) return null;
  const at = new Date(moment);
  return new Date(at.valueOf() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
