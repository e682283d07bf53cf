/** Hours and minutes, as of 95 minutes: `1:35 h`. */
export const clockLength = (minutes: number): string =>
  `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')} h`;
