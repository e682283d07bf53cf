import type { FieldCode, ReasonOf } from '../../../lib/error-catalog.js';

/**
 * What a bank's file says, whatever its format. Readers are pure functions over the file's bytes; they never throw:
 * what cannot be read is a problem with its line and its field.
 */
export interface StatementFile {
  format: StatementFormat;
  rows: StatementRow[];
  problems: StatementProblem[];
  /** How a CSV file was read, for people to check and for the next file; absent for the other formats. */
  mapping?: CsvMapping;
}

export type StatementFormat = 'csv' | 'ofx' | 'camt';

/** One booking. A row with problems keeps what could be read of it, for people to find it. */
export interface StatementRow {
  /** In a CSV file the line of the file, otherwise the number of the booking, both from 1: it names one row. */
  line: number;
  /** A calendar day as the bank booked it, `2026-03-02`, in no time zone. */
  transactionDate: string | null;
  /** Two decimals, negative for what leaves the account. */
  amount: string | null;
  description: string;
  /** What the bank calls the booking, where it names each. */
  bankReference: string | null;
}

export interface StatementProblem {
  /** Null when it is about the whole file. */
  line: number | null;
  field: StatementField;
  code: FieldCode;
  /** English sentence. */
  message: string;
  /** When people have to be told more than that the field is wrong. */
  reason?: StatementReason;
}

type StatementReason = Extract<ReasonOf<'BAD_USER_INPUT'>, `import.${string}`>;

export type StatementField = 'file' | 'transactionDate' | 'amount' | `mapping.${keyof CsvMapping}`;

/** How a CSV file is read. Columns are named by their header. What is absent is found out from the file. */
export interface CsvMapping {
  date?: string;
  description?: string;
  /** One signed column; or `debit` and `credit`. */
  amount?: string;
  debit?: string;
  credit?: string;
  /** The bank's own id of the booking. */
  reference?: string;
  decimal?: string;
  delimiter?: string;
  encoding?: string;
  /** Such as `dd/mm/yyyy`. */
  date_format?: string;
}

export const mappingKeys = [
  'date',
  'description',
  'amount',
  'debit',
  'credit',
  'reference',
  'decimal',
  'delimiter',
  'encoding',
  'date_format',
] as const satisfies (keyof CsvMapping)[];

export interface ReadingOptions {
  /** Found out from the content when absent. */
  format?: StatementFormat | undefined;
  mapping?: CsvMapping | undefined;
  /** A mapping of an earlier file: used as far as it fits this one. */
  rememberedMapping?: CsvMapping | undefined;
}

export const statementLimits = {
  fileBytes: 10 * 1024 * 1024,
  rows: 10_000,
  /** Longer texts of a bank are cut: nobody can make the bank write less. */
  descriptionCharacters: 500,
  referenceCharacters: 255,
  /** Of one record of a CSV file, one text of the others. */
  cellCharacters: 20_000,
} as const;

export const fileProblem = (code: FieldCode, message: string, reason?: StatementReason): StatementProblem => ({
  line: null,
  field: 'file',
  code,
  message,
  ...(reason && { reason }),
});

export const severalAccounts = (): StatementProblem =>
  fileProblem(
    'not_allowed',
    'The file has bookings of several accounts: export one account at a time',
    'import.several_accounts',
  );

export const tooManyRows = (): StatementProblem =>
  fileProblem('too_long', `The file has more than ${statementLimits.rows} rows`, 'import.too_many_rows');

/** One line, no characters that people cannot see and PostgreSQL cannot keep. */
export const oneLine = (text: string, characters: number): string => {
  const plain = text
    .slice(0, characters * 4)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .toWellFormed()
    .normalize('NFC')
    .trim();
  return plain.length <= characters ? plain : plain.slice(0, characters).toWellFormed().replace(/�$/, '').trim();
};

/** For a booking to which the bank wrote nothing. */
export const withoutText = '(sans libellé)';

export const descriptionOf = (...parts: readonly (string | null | undefined)[]): string => {
  const texts = [...new Set(parts.map((part) => oneLine(part ?? '', statementLimits.descriptionCharacters)))];
  return oneLine(texts.filter(Boolean).join(' '), statementLimits.descriptionCharacters) || withoutText;
};

/** Null for none, and for the words that stand for none. */
export const referenceOf = (text: string | null | undefined): string | null => {
  const reference = oneLine(text ?? '', statementLimits.referenceCharacters);
  return /^(|0+|-+|none|null|n\/?a|not ?provided|nonref)$/i.test(reference) ? null : reference;
};
