import { readCamt } from './read-camt.js';
import { readCsv } from './read-csv.js';
import { readOfx } from './read-ofx.js';
import {
  fileProblem,
  type ReadingOptions,
  statementLimits,
  type StatementFile,
  type StatementFormat,
} from './statement-file.js';

/** Reads a bank's file, of the format that is said or that its beginning shows. Never throws. */
export function readStatement(bytes: Uint8Array, options: ReadingOptions = {}): StatementFile {
  const format = options.format ?? formatOf(bytes);
  const failed = (problem: StatementFile['problems'][number]): StatementFile => ({
    format,
    rows: [],
    problems: [problem],
  });
  if (bytes.length === 0) return failed(fileProblem('required', 'The file is empty'));
  if (bytes.length > statementLimits.fileBytes) return failed(fileProblem('too_long', 'The file is too large'));
  try {
    const read = { csv: () => readCsv(bytes, options), ofx: () => readOfx(bytes), camt: () => readCamt(bytes) }[
      format
    ]();
    if (read.rows.length === 0 && read.problems.length === 0)
      return failed(fileProblem('required', 'The file has no bookings'));
    return read;
  } catch {
    return failed(fileProblem('invalid_format', 'The file cannot be read'));
  }
}

/** The zero bytes of UTF-16 are left out of the look. */
function formatOf(bytes: Uint8Array): StatementFormat {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1').replaceAll('\0', '');
  if (/OFXHEADER|<OFX[\s>]/i.test(head)) return 'ofx';
  if (/<(\w+:)?Document[\s>]|^[^<]{0,3}<\?xml/.test(head)) return 'camt';
  return 'csv';
}
