/** A list of reports for spreadsheets. */
import writeExcelFile from 'write-excel-file/node';
import { byteOrderMark, csvOf, defused } from '../../../lib/csv.js';
import { xmlText } from '../../../lib/xml-text.js';
import type { ReportList } from './report-list.js';

export const writeListCsv = ({ columns, rows }: ReportList): string =>
  byteOrderMark +
  csvOf(
    [
      columns.map(({ title }) => title),
      ...rows.map((row) => row.map((value) => (typeof value === 'string' ? defused(value) : String(value ?? '')))),
    ],
    {
      separator: ';',
    },
  );

/** Texts are cells of text, which no spreadsheet takes for a formula. */
export const writeListXlsx = ({ title, columns, rows }: ReportList): Promise<Uint8Array> =>
  writeExcelFile(
    [
      columns.map(({ title: name }) => ({ value: name, fontWeight: 'bold' as const })),
      ...rows.map((row) =>
        row.map((value, index) => {
          if (value === null) return null;
          if (typeof value === 'number') return { value, type: Number };
          if (columns[index]?.kind === 'moment')
            return { value: new Date(value), type: Date, format: 'dd/mm/yyyy hh:mm' };
          return { value: sheetText(value), type: String };
        }),
      ),
    ],
    {
      sheet: title.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31),
      columns: columns.map(({ share, kind }) => ({ width: kind === 'moment' ? 17 : Math.max(10, share) })),
      stickyRowsCount: 1,
    },
  ).toBuffer();

/** A cell holds 32,767 characters. */
const sheetText = (text: string): string => xmlText(text).slice(0, 32_767).toWellFormed();
