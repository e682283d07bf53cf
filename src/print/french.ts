/** French as printers set it (« Lexique des règles typographiques en usage à l’Imprimerie nationale »). */

const noBreak = '\u00a0';
/** U+202F, half as wide: before `;`, `!` and `?`. */
const narrow = '\u202f';

/**
 * What people typed, with the spaces, quotation marks and apostrophes of French print. Words stay as they are, and so
 * do addresses, times and file names: a space is put only where one may stand, and never within a word.
 */
export const typeset = (text: string): string =>
  text
    .replace(/\.{3,}/g, '…')
    .replace(/(?<=\p{L})'(?=\p{L})/gu, '’')
    .replace(/(?<![^\s(])"([^\s"](?:[^"\n]*[^\s"])?)"(?![^\s.,;:!?)…])/g, '« $1 »')
    .replace(/«[ \u00a0\u202f]*/g, `«${noBreak}`)
    .replace(/[ \u00a0\u202f]*»/g, `${noBreak}»`)
    .replace(/[ \u00a0\u202f]+([;!?]+)(?=[\s»)]|$)/gm, `${narrow}$1`)
    .replace(/(?<=\p{L}{2}|\))([;!?]+)(?=[\s»)]|$)/gmu, `${narrow}$1`)
    .replace(/[ \u00a0\u202f]+:(?=\s|$)/gm, `${noBreak}:`)
    .replace(/(?<=\p{L}{2}|\)):(?=\s|$)/gmu, `${noBreak}:`)
    .replace(
      /(?<=\d)[ \u00a0\u202f]+(?=(?:%|€|°C|m²|m³|cm|mm|km|m|kg|L|l|h|min|bars?|kW|V|A)(?![\p{L}\p{N}]))/gu,
      noBreak,
    )
    .replace(/(?<![\p{L}\p{N}])(n°|N°|M\.|Mme|Dr|Me) +(?=[\p{L}\p{N}])/gu, `$1${noBreak}`);

const formats = new Map<string, Intl.DateTimeFormat>();
/** Kept, because making one costs more than a hundred uses. */
function formatOf(timeZone: string, style: 'day' | 'longDay' | 'time'): Intl.DateTimeFormat {
  const key = `${timeZone} ${style}`;
  const format =
    formats.get(key) ??
    new Intl.DateTimeFormat('fr-FR', {
      timeZone,
      ...(style === 'time'
        ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
        : { day: 'numeric', month: style === 'day' ? '2-digit' : 'long', year: 'numeric' }),
      ...(style === 'day' && { day: '2-digit' }),
    });
  formats.set(key, format);
  return format;
}

/** `1er avril 2026` of a moment (ISO 8601). */
export const printedDay = (moment: string, timeZone: string): string =>
  formatOf(timeZone, 'longDay').format(new Date(moment)).replace(/^1 /, '1er ').replaceAll(' ', noBreak);

/** `01/04/2026`. */
export const printedShortDay = (moment: string, timeZone: string): string =>
  formatOf(timeZone, 'day').format(new Date(moment));

/** `9 h 05`. */
export function printedTime(moment: string, timeZone: string): string {
  const [hour = '', minute = ''] = formatOf(timeZone, 'time').format(new Date(moment)).split(':');
  return `${Number(hour)}${noBreak}h${noBreak}${minute}`;
}

/** `1er avril 2026 à 9 h 05`. */
export const printedMoment = (moment: string, timeZone: string): string =>
  `${printedDay(moment, timeZone)} à ${printedTime(moment, timeZone)}`;

/** `01/04/2026 à 9 h 05`. */
export const printedShortMoment = (moment: string, timeZone: string): string =>
  `${printedShortDay(moment, timeZone)} à ${printedTime(moment, timeZone)}`;

/** `1 h 30`, `45 min`. */
export function printedMinutes(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = Math.round(minutes - hours * 60);
  if (hours === 0) return `${rest}${noBreak}min`;
  return `${hours}${noBreak}h${rest ? `${noBreak}${String(rest).padStart(2, '0')}` : ''}`;
}

/** `2 min 05 s`, `48 s`. */
export function printedSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole >= 3600) return printedMinutes(whole / 60);
  if (whole < 60) return `${whole}${noBreak}s`;
  return `${Math.floor(whole / 60)}${noBreak}min${noBreak}${String(whole % 60).padStart(2, '0')}${noBreak}s`;
}

const degrees = new Intl.NumberFormat('fr-FR', { minimumFractionDigits: 5, maximumFractionDigits: 5 });

/** `48,85661° N, 2,35222° E`: to a metre. */
export function printedCoordinates({ latitude, longitude }: { latitude: number; longitude: number }): string {
  const part = (value: number, positive: string, negative: string): string =>
    `${degrees.format(Math.abs(value))}°${noBreak}${value < 0 ? negative : positive}`;
  return `${part(latitude, 'N', 'S')}, ${part(longitude, 'E', 'O')}`;
}

const sizes = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 1 });

/** `3,4 Mo`. */
export function printedBytes(bytes: number): string {
  const units = ['octets', 'ko', 'Mo', 'Go'];
  const step = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return `${sizes.format(bytes / 1000 ** step)}${noBreak}${units[step]}`;
}

/** `1 photo`, `2 photos`; French has the singular below two. */
export const counted = (count: number, singular: string, plural = `${singular}s`): string =>
  `${count}${noBreak}${count < 2 ? singular : plural}`;
