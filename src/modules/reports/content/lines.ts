/** The rows of a report's tables, in words, for all formats that have tables. */
import {
  counted,
  printedBytes,
  printedMinutes,
  printedSeconds,
  printedShortDay,
  printedShortMoment,
} from '../../../print/french.js';
import { printedQuantity } from '../../../print/text.js';
import type { ChecklistLine, ReportContent, StatusChange } from './report-content.js';
import { interventionStatusWords, mediumKindWords } from './report-words.js';

/** `Validée, par Claire Moreau`. */
export const changeTitle = ({ from, to, by }: StatusChange): string =>
  `${from === null ? 'Intervention créée' : interventionStatusWords[to]}${by ? `, par ${by}` : ''}`;

/** Point, remark, state. */
export const checklistRows = ({ checklist }: ReportContent, timeZone: string): string[][] =>
  checklist.map((line) => [line.label, line.note ?? '', stateOf(line, timeZone)]);

/** `Fait le 14/07/2026 à 10 h 00`, and below it by whom. */
function stateOf({ isDone, doneAt, doneBy }: ChecklistLine, timeZone: string): string {
  if (!isDone) return 'Non fait';
  return `Fait${doneAt ? ` le ${printedShortMoment(doneAt, timeZone)}` : ''}${doneBy ? `\npar ${doneBy}` : ''}`;
}

/** Day, technician, work, time; with more than one, their sum at the end. */
export function hourRows({ hours }: ReportContent): string[][] {
  const rows = hours.map(({ day, technician, note, minutes }) => [
    // At noon, so that no time zone makes it another day.
    printedShortDay(`${day}T12:00:00Z`, 'UTC'),
    technician,
    note ?? '',
    printedMinutes(minutes),
  ]);
  const total = hours.reduce((sum, { minutes }) => sum + minutes, 0);
  return rows.length > 1 ? [...rows, ['', 'Total', '', printedMinutes(total)]] : rows;
}

/** What it is, its reference, how many. */
export const partRows = ({ parts }: ReportContent): string[][] =>
  parts.map(({ label, reference, quantity }) => [label, reference ?? '', printedQuantity(quantity)]);

/** Kind, name, description, how long or how large. */
export const attachmentRows = ({ otherMedia }: ReportContent): string[][] =>
  otherMedia.map(({ kind, name, caption, durationSeconds, sizeBytes }) => [
    mediumKindWords[kind],
    name,
    caption ?? '',
    durationSeconds === null ? printedBytes(sizeBytes) : printedSeconds(durationSeconds),
  ]);

export const omittedPhotosNotice = ({ photos, omittedPhotos }: ReportContent): string =>
  `Ce rapport montre ${counted(photos.length, 'photo')} sur ${photos.length + omittedPhotos} ; les autres sont ` +
  'conservées avec l’intervention.';
