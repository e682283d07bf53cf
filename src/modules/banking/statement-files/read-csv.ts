import { CsvError, parse } from 'csv-parse/sync';
import { guessColumns, indexOfHeader } from './csv-columns.js';
import { readCsvRows } from './csv-rows.js';
import {
  type CsvMapping,
  fileProblem,
  mappingKeys,
  statementLimits,
  type StatementFile,
  type StatementProblem,
  tooManyRows,
} from './statement-file.js';
import { decodeText, encodingNamed } from './statement-text.js';

export interface CsvRecord {
  line: number;
  cells: string[];
}

interface Header {
  mapping: CsvMapping;
  headers: string[];
  /** Index of its record. */
  at: number;
}

const delimiters = [';', ',', '\t', '|'] as const;
/** How far down the header may stand: banks write the account and its balance above. */
const preambleRecords = 60;
const maxColumns = 200;

/**
 * A CSV file of whatever bank or spreadsheet: encoding, delimiter, header, columns, decimal sign and the order of dates
 * are found out from the whole file where the mapping does not say them. Never throws.
 */
export function readCsv(
  bytes: Uint8Array,
  {
    mapping = {},
    rememberedMapping,
  }: { mapping?: CsvMapping | undefined; rememberedMapping?: CsvMapping | undefined } = {},
): StatementFile {
  const failed = (...problems: StatementProblem[]): StatementFile => ({ format: 'csv', rows: [], problems });
  const wrong = mappingProblems(mapping);
  if (wrong.length > 0) return failed(...wrong);
  const encoding = mapping.encoding === undefined ? undefined : encodingNamed(mapping.encoding);
  const otherwise = encodingNamed(rememberedMapping?.encoding ?? '');
  const { text, encoding: decodedAs } = decodeText(bytes, { encoding, otherwise });
  if (text.trim() === '') return failed(fileProblem('required', 'The file is empty'));
  const endless = endlessLine(text);
  if (endless !== undefined) return failed(lineProblem(endless, 'CSV_MAX_RECORD_SIZE'));

  const found = findTable(text, mapping, rememberedMapping);
  if ('problems' in found) return failed(...found.problems);
  const { delimiter, header } = found;

  const read = recordsOf(text, delimiter, statementLimits.rows + preambleRecords);
  if (read.problem) return failed(read.problem);
  const records = read.records.slice(header.at + 1);
  if (records.length > statementLimits.rows) return failed(tooManyRows());
  return {
    format: 'csv',
    ...readCsvRows(records, header.headers, { ...header.mapping, delimiter, encoding: decodedAs }),
  };
}

function mappingProblems(mapping: CsvMapping): StatementProblem[] {
  const problems: StatementProblem[] = [];
  const add = (key: keyof CsvMapping, message: string): void =>
    void problems.push({ line: null, field: `mapping.${key}`, code: 'invalid', message });
  for (const key of mappingKeys)
    if (mapping[key] !== undefined && mapping[key].length > 200) add(key, 'The text is too long');
  if (mapping.decimal !== undefined && !/^[.,]$/.test(mapping.decimal)) add('decimal', 'Either . or ,');
  if (mapping.delimiter !== undefined && !/^([^"\r\n]|\\t)$/u.test(mapping.delimiter))
    add('delimiter', 'One character');
  if (mapping.encoding !== undefined && !encodingNamed(mapping.encoding))
    add('encoding', 'Not an encoding that is known, such as utf-8 or windows-1252');
  if (mapping.amount !== undefined && (mapping.debit !== undefined || mapping.credit !== undefined))
    add('amount', 'Either amount, or debit and credit');
  if ((mapping.debit === undefined) !== (mapping.credit === undefined))
    add(mapping.debit === undefined ? 'debit' : 'credit', 'Debit and credit come together');
  return problems;
}

/** The delimiter by which the file's beginning has a header. */
function findTable(
  text: string,
  mapping: CsvMapping,
  remembered: CsvMapping | undefined,
): { delimiter: string; header: Header } | { problems: StatementProblem[] } {
  const given = mapping.delimiter === '\\t' ? '\t' : mapping.delimiter;
  const samples = (given === undefined ? delimiters : [given]).map((delimiter) => ({
    delimiter,
    read: recordsOf(text, delimiter, preambleRecords),
  }));
  // What is said now rules over what was said for an earlier file, and that over what is guessed.
  for (const wanted of remembered ? [joinMappings(remembered, mapping), mapping] : [mapping]) {
    const tables = samples.flatMap(({ delimiter, read: { records } }) => {
      const header = findHeader(records, wanted);
      return header ? { delimiter, header, width: header.headers.length } : [];
    });
    const [best] = tables.sort((left, right) => right.width - left.width);
    if (best) return best;
  }
  const problems = samples.flatMap(({ read: { problem } }) => problem ?? []);
  if (problems[0] && problems.length === samples.length) return { problems: [problems[0]] };
  return {
    problems: missingHeader(
      samples.flatMap(({ read: { records } }) => records),
      mapping,
    ),
  };
}

function joinMappings(remembered: CsvMapping, mapping: CsvMapping): CsvMapping {
  const { amount, debit, credit, ...rest } = remembered;
  const saysAmount = mapping.amount !== undefined || mapping.debit !== undefined;
  const kept = {
    ...(amount !== undefined && { amount }),
    ...(debit !== undefined && { debit, credit: credit as string }),
  };
  return { ...rest, ...(saysAmount ? {} : kept), ...mapping };
}

const columnKeys = ['date', 'description', 'amount', 'debit', 'credit', 'reference'] as const;

function findHeader(records: readonly CsvRecord[], mapping: CsvMapping): Header | undefined {
  const named = columnKeys.flatMap((key) => mapping[key] ?? []);
  for (const [at, { cells }] of records.entries()) {
    if (cells.length > maxColumns || !named.every((name) => indexOfHeader(cells, name) >= 0)) continue;
    const guessed = guessColumns(cells);
    const hasAmount = mapping.amount !== undefined || mapping.debit !== undefined;
    if (!guessed && !(mapping.date !== undefined && hasAmount)) continue;
    const { amount: _amount, debit: _debit, credit: _credit, ...rest } = guessed ?? {};
    return { at, headers: cells, mapping: { ...(hasAmount ? rest : guessed), ...mapping } };
  }
  return undefined;
}

/** Which of the named columns no line has; without any named, that no line is a header. */
function missingHeader(records: readonly CsvRecord[], mapping: CsvMapping): StatementProblem[] {
  const problems = columnKeys.flatMap((key): StatementProblem[] => {
    const name = mapping[key];
    if (name === undefined || records.some(({ cells }) => indexOfHeader(cells, name) >= 0)) return [];
    return [
      { line: null, field: `mapping.${key}`, code: 'unknown_reference', message: `No column is called "${name}"` },
    ];
  });
  if (problems.length > 0) return problems;
  return [
    fileProblem(
      'invalid_format',
      'No line names a column for the date and one for the amount (or for debit and credit): say them in the mapping',
      'import.no_header',
    ),
  ];
}

/**
 * The records that are not blank, with the line where each begins: at most one more than `most`, which tells that there
 * are more. With a problem, those before it.
 */
function recordsOf(
  text: string,
  delimiter: string,
  most: number,
): { records: CsvRecord[]; problem?: StatementProblem } {
  const records: CsvRecord[] = [];
  let line = 1;
  try {
    parse(text, {
      delimiter,
      relax_quotes: true,
      relax_column_count: true,
      max_record_size: statementLimits.cellCharacters,
      on_record: (record: string[], { lines }) => {
        if (record.some((cell) => cell.trim() !== '')) records.push({ line, cells: record.map((cell) => cell.trim()) });
        line = lines + 1;
        if (records.length > most) throw new EnoughRecords();
        return null;
      },
    });
    return { records };
  } catch (error) {
    if (error instanceof EnoughRecords) return { records };
    return { records, problem: lineProblem(line, error instanceof CsvError ? error.code : '') };
  }
}

/**
 * The first line with more delimiters than a record may have characters; undefined: none. The parser counts only what
 * stands between them, and would make a cell of each.
 */
function endlessLine(text: string): number | undefined {
  const counted = new Set(delimiters.map((delimiter) => delimiter.charCodeAt(0)));
  const newline = 10;
  let [line, count] = [1, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === newline) [line, count] = [line + 1, 0];
    else if (counted.has(code) && (count += 1) > statementLimits.cellCharacters) return line;
  }
  return undefined;
}

const lineProblem = (line: number, code: string): StatementProblem => ({
  line,
  field: 'file',
  code: 'invalid_format',
  message: messages[code] ?? 'The line cannot be read',
});

const messages: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'A quote that opens here is not closed',
  CSV_MAX_RECORD_SIZE: 'The line is too long',
};

class EnoughRecords extends Error {}
