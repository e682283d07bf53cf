/** Today on the clock of the device: `2026-03-01`. */
export const today = (): string => new Date().toLocaleDateString('sv-SE');

/** Hours and minutes, as of 95 minutes: `1:35 h`. */
export const clockLength = (minutes: number): string =>
  `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')} h`;
