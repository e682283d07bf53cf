/** CSV that spreadsheets open as it is meant (RFC 4180). */
import { stringify } from 'csv-stringify/sync';

/** Spreadsheets tell UTF-8 by it. */
export const byteOrderMark = '\u{feff}';

/** What makes a spreadsheet read a text as a formula, also behind blanks and in full width. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n|%]/u;

/** The text, which a spreadsheet cannot take for a formula: an apostrophe before it says that it is text. */
export const defused = (text: string): string => (formula.test(text) ? `'${text}` : text);

export const csvOf = (rows: readonly (readonly string[])[], { separator }: { separator: string }): string =>
  stringify([...rows] as string[][], {
    delimiter: separator,
    record_delimiter: 'windows',
    quoted_match: /[\r\n\t]|^\s|\s$/,
  });
