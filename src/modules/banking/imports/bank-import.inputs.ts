import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionArgs, connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { FieldErrorCode } from '../../../kernel/field-error-code.js';
import { CalendarDate, Decimal, Json, Upload, type UploadedFile } from '../../../kernel/scalars.js';
import { BankImportRow, BankImportRowStatus } from './bank-import-row.entity.js';
import { BankFileFormat, BankImport } from './bank-import.entity.js';
import { bankImportReads } from './bank-import.reads.js';
import { ImportKeptReason } from './reasons-to-keep.js';

export const BankImportConnection = connectionType('BankImport', () => BankImport);
export const BankImportRowConnection = connectionType('BankImportRow', () => BankImportRow);

@InputType({ description: 'Conditions on imports; all that are given must hold.' })
class BankImportFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Into this bank account.' })
  accountId?: string | null;
}

export const BankImportListArgs = listArgs('BankImport', bankImportReads.list, BankImportFilter);
export const BankImportRowArgs = connectionArgs('BankImportRow');

@InputType({
  description:
    'How a table is to be read: its columns by their header, in any case. What is absent is as for the last file of ' +
    'the account, as far as that fits, or found out.',
})
export class BankFileMappingInput {
  @Field(() => String, { nullable: true, description: 'Column of the day.' })
  date?: string | null;

  @Field(() => String, { nullable: true, description: 'Column of the text.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Column of the signed amount.' })
  amount?: string | null;

  @Field(() => String, { nullable: true, description: 'Column of what left the account, with or without a minus.' })
  debit?: string | null;

  @Field(() => String, { nullable: true, description: 'Column of what came in: with `debit`, instead of `amount`.' })
  credit?: string | null;

  @Field(() => String, { nullable: true, description: "Column of the bank's own id of a booking." })
  reference?: string | null;

  @Field(() => String, { nullable: true, description: 'Sign before the decimals: a comma or a point.' })
  decimal?: string | null;

  @Field(() => String, { nullable: true, description: 'Character between two cells.' })
  delimiter?: string | null;

  @Field(() => String, { nullable: true, description: 'Encoding of the text, such as `windows-1252`.' })
  encoding?: string | null;

  @Field(() => String, { nullable: true, description: 'How days are written, such as `dd/mm/yyyy`.' })
  dateFormat?: string | null;
}

@InputType({ description: 'A file of a bank that is to be looked at.' })
export class PreviewImportInput {
  @Field(() => ID, { description: 'Number of the bank account.' })
  accountId!: string;

  @Field(() => Upload, { description: 'The file: at most 10 MiB and 10,000 bookings.' })
  file!: UploadedFile;

  @Field(() => BankFileFormat, { nullable: true, description: 'How it is written; found out when absent.' })
  format?: BankFileFormat | null;

  @Field(() => BankFileMappingInput, { nullable: true, description: 'How a table is to be read.' })
  mapping?: BankFileMappingInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'False: bookings are left out whose id the bank gave to another amount too. They are made by default.',
  })
  createFlagged?: boolean | null;

  @Field(() => [Int], { nullable: true, description: 'Lines of deleted bookings that are to be made anew.' })
  recreate?: number[] | null;
}

@InputType({ description: 'A file of a bank that is to be taken in.' })
export class ImportTransactionsInput extends PreviewImportInput {}

@InputType({ description: 'Which import.' })
export class UndoImportInput {
  @Field(() => ID, { description: 'Number of the import.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'What is wrong with a booking of a file.' })
export class BankFileProblem {
  @Field(() => String, { description: 'What it is about: `amount` for one, or `file` for the line as a whole.' })
  field!: string;

  @Field(() => FieldErrorCode, { description: 'What is wrong.' })
  code!: FieldErrorCode;

  @Field(() => String, { description: 'The same in words.' })
  message!: string;
}

@ObjectType({ simpleResolvers: true, description: 'What a booking of a file would become.' })
export class PreviewedImportRow {
  @Field(() => Int, {
    description: 'Of a table the line of the file, otherwise the number of the booking: both from 1.',
  })
  line!: number;

  @Field(() => BankImportRowStatus, { description: 'What it is to the account.' })
  status!: BankImportRowStatus;

  @Field(() => CalendarDate, { nullable: true, description: 'Day of the booking; null when it cannot be read.' })
  transactionDate!: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Negative when it left; null when it cannot be read.' })
  amount!: string | null;

  @Field(() => String, { description: 'What the bank calls it.' })
  description!: string;

  @Field(() => String, { nullable: true, description: "The bank's own id of it; null without one." })
  bankReference!: string | null;

  @Field(() => ID, { nullable: true, description: 'Number of the transaction that it is a duplicate of.' })
  transactionId!: number | null;

  @Field(() => [BankFileProblem], { description: 'Why it cannot be read: at most five.' })
  problems!: BankFileProblem[];
}

@ObjectType({ simpleResolvers: true, description: 'What a file would become. Nothing is written.' })
export class PreviewImportPayload {
  @Field(() => BankFileFormat, { description: 'How the file is written.' })
  format!: BankFileFormat;

  @Field(() => Json, { nullable: true, description: 'How a table was read, as `mapping` of the input takes it.' })
  mapping!: unknown;

  @Field(() => Int, { description: 'How many bookings it has.' })
  rowCount!: number;

  @Field(() => Int, { description: 'How many transactions it would make: none when a line cannot be read.' })
  createdCount!: number;

  @Field(() => Int, { description: 'How many are known, or were deleted, and would not be made.' })
  duplicateCount!: number;

  @Field(() => [PreviewedImportRow], { description: 'Its bookings in the order of the file: at most 10,000.' })
  rows!: PreviewedImportRow[];
}

@ObjectType({ simpleResolvers: true, description: 'An import after a change.' })
export class BankImportPayload {
  @Field(() => BankImport, { description: 'The import as it is now.' })
  bankImport!: BankImport;
}

@ObjectType({ simpleResolvers: true, description: 'A transaction that outlives the undoing of its import.' })
export class KeptTransaction {
  @Field(() => ID, { description: 'Number of the transaction.' })
  transactionId!: number;

  @Field(() => ImportKeptReason, { description: 'Why it is kept.' })
  reason!: ImportKeptReason;
}

@ObjectType({ simpleResolvers: true, description: 'An import that was undone.' })
export class UndoImportPayload extends BankImportPayload {
  @Field(() => Int, { description: 'How many transactions went.' })
  removedCount!: number;

  @Field(() => [KeptTransaction], { description: 'Those that stay: at most 10,000.' })
  kept!: KeptTransaction[];
}
