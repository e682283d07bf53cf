import type { Transaction } from '../../../db/sql-client.js';
import { json, set, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import type { AccountRow } from '../accounts/lock-accounts.js';
import { categorizeNew, type ForeseenCategories, foreseeCategories } from '../categorization/categorize.js';
import type { CsvMapping, StatementProblem } from '../statement-files/statement-file.js';
import { writeTransactions } from '../transactions/write-transactions.js';
import { BankImportRow, BankImportRowStatus as Status } from './bank-import-row.entity.js';
import { BankFileFormat, BankImport } from './bank-import.entity.js';
import { type Booking, type ClassifiedBooking, classifyRows } from './classify-rows.js';
import { findKnownBookings } from './known-bookings.js';
import { badStatement, type FileToImport, lockTargetAccount, readImportFile } from './read-import-file.js';

export interface ImportOptions extends FileToImport {
  /** Whether bookings whose id the bank gave to another amount too are made; true by default. */
  createFlagged?: boolean | null | undefined;
  /** Lines of deleted bookings that are to be made anew. */
  recreate?: readonly number[] | null | undefined;
}

/** What a line of a file is, or would become. */
export interface PreviewedRow {
  line: number;
  status: Status;
  transactionDate: string | null;
  amount: string | null;
  description: string;
  bankReference: string | null;
  /** Of a duplicate. */
  transactionId: number | null;
  problems: StatementProblem[];
}

export interface ImportPreview {
  format: BankFileFormat;
  mapping: CsvMapping | null;
  rowCount: number;
  createdCount: number;
  duplicateCount: number;
  rows: PreviewedRow[];
}

/** Imports of one account: several a day for years. */
const mostImports = 10_000;
/** Rows after which those who wait hear how far it is. */
const progressRows = 1000;

/**
 * Says what each line of a file would become and writes nothing; nothing would be made of a file with a line that
 * cannot be read. Throws what `readImportFile` throws.
 */
export async function previewImport(ctx: CommandContext, options: ImportOptions): Promise<ImportPreview> {
  requireSignedIn(ctx.viewer, 'write');
  const { account, statement } = await readImportFile(ctx, options);
  const bookings = statement.rows.filter(isWhole);
  const known = await findKnownBookings(ctx.db, account.id, bookings);
  const classified = new Map(classifyRows(bookings, known).map((row) => [row.booking.line, row]));
  const problems = Map.groupBy(statement.problems, ({ line }) => line);
  const rows = statement.rows.map((row): PreviewedRow => {
    const found = problems.has(row.line) ? undefined : classified.get(row.line);
    return {
      ...row,
      status: found?.status ?? Status.ERROR,
      transactionId: found?.known?.transactionId ?? null,
      problems: problems.get(row.line) ?? [],
    };
  });
  const readable = [...classified.values()].filter(({ booking }) => !problems.has(booking.line));
  const counts = countsOf(readable, options);
  return {
    format: statement.format as BankFileFormat,
    mapping: statement.mapping ?? null,
    rowCount: rows.length,
    ...counts,
    createdCount: problems.size > 0 ? 0 : counts.createdCount,
    rows,
  };
}

/**
 * Takes a file into an account, whole or not at all, and returns the import's id. Throws what `readImportFile` throws,
 * BAD_USER_INPUT when a line cannot be read or the balance of a savings account would be negative, and what
 * `foreseeCategories` and `categorizeNew` throw.
 */
export async function importTransactions(ctx: CommandContext, options: ImportOptions): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  const { account, statement, mapping } = await readImportFile(ctx, options);
  if (statement.problems.length > 0) throw badStatement(statement.problems);
  const bookings = statement.rows.filter(isWhole);
  const importId = await nextImportId(ctx);
  await reportProgress(ctx, { importId, account, bookings });
  const foreseen = await foreseeCategories(
    ctx,
    bookings.map((booking) => transactionOf(booking, account)),
  );
  return ctx.db.transaction(async (tx) => {
    // One import of an account at a time, and no other writes, so that nobody's rows come between.
    const locked = await lockTargetAccount(tx, ctx, options.accountId);
    await refuseBeyond(tx, 'BankImport', mostImports, sql`select 1 from imports where account_id = ${locked.id}`);
    const rows = classifyRows(bookings, await findKnownBookings(tx, locked.id, bookings));
    const counts = countsOf(rows, options);
    const row = values(BankImport, {
      id: importId,
      account: locked.id,
      owner: locked.ownerId,
      createdBy: ctx.viewer.userId ?? null,
      format: statement.format as BankFileFormat,
      fileName: options.file.filename.slice(0, 255),
      rowCount: rows.length,
      ...counts,
      mapping: mapping ?? null,
      createdAt: ctx.services.now(),
    });
    await tx.send(sql`insert into imports ${row}`);
    await writeRows(tx, ctx, { importId, account: locked, rows, isMade: madeBy(options), foreseen });
    await emit(tx, ctx, 'import.completed', ['BankImport', importId], {
      ...ownersOf(locked),
      created: counts.createdCount,
      duplicates: counts.duplicateCount,
    });
    return importId;
  });
}

const isWhole = (row: { transactionDate: string | null; amount: string | null }): row is Booking =>
  row.transactionDate !== null && row.amount !== null;

const ownersOf = ({ id, ownerId }: AccountRow): { bankAccountId: number; ownerId: number } => ({
  bankAccountId: id,
  ownerId,
});

/** Which bookings become transactions. */
function madeBy({ createFlagged, recreate }: ImportOptions): (row: ClassifiedBooking) => boolean {
  const lines = new Set(recreate);
  return ({ status, booking }) =>
    status === Status.NEW ||
    (status === Status.FLAGGED && createFlagged !== false) ||
    (status === Status.DUPLICATE_OF_DELETED && lines.has(booking.line));
}

function countsOf(
  rows: readonly ClassifiedBooking[],
  options: ImportOptions,
): { createdCount: number; duplicateCount: number } {
  const isMade = madeBy(options);
  const isDuplicate = ({ status }: ClassifiedBooking): boolean =>
    status === Status.DUPLICATE || status === Status.DUPLICATE_OF_DELETED;
  return {
    createdCount: rows.filter(isMade).length,
    duplicateCount: rows.filter((row) => isDuplicate(row) && !isMade(row)).length,
  };
}

/** Ahead of the import itself, so that whoever waits can follow it. */
async function nextImportId({ db }: CommandContext): Promise<number> {
  const next = await db.first<{ id: number }>(sql`select nextval(pg_get_serial_sequence('imports', 'id'))::int as id`);
  return (next as { id: number }).id;
}

interface Progress {
  importId: number;
  account: AccountRow;
  bookings: readonly Booking[];
}

/**
 * Looks up a part of the bookings at a time and tells how far it is, each in a transaction of its own: those who wait
 * hear it at once, and what is read is in memory when the account is locked. What counts is looked up again then.
 */
async function reportProgress(ctx: CommandContext, { importId, account, bookings }: Progress): Promise<void> {
  for (let done = 0; ; done = Math.min(done + progressRows, bookings.length)) {
    const data = { ...ownersOf(account), done, total: bookings.length };
    await ctx.db.transaction((tx) => emit(tx, ctx, 'import.progressed', ['BankImport', importId], data));
    if (done >= bookings.length) return;
    await findKnownBookings(ctx.db, account.id, bookings.slice(done, done + progressRows));
  }
}

interface RowsToWrite {
  importId: number;
  account: AccountRow;
  rows: readonly ClassifiedBooking[];
  isMade: (row: ClassifiedBooking) => boolean;
  foreseen: ForeseenCategories | undefined;
}

const transactionOf = ({ amount, description, transactionDate }: Booking, account: AccountRow) => ({
  account,
  categoryId: null,
  amount,
  description,
  transactionDate,
});

/** Writes the transactions in one statement, and keeps what each line of the file was in another. */
async function writeRows(
  tx: Transaction,
  ctx: CommandContext,
  { importId, account, rows, isMade, foreseen }: RowsToWrite,
): Promise<void> {
  const made = rows.filter(isMade);
  const ids = await writeTransactions(
    tx,
    ctx,
    await categorizeNew(
      tx,
      ctx,
      made.map(({ booking, status }) => ({
        ...transactionOf(booking, account),
        imported: { importId, bankReference: booking.bankReference, isFlagged: status === Status.FLAGGED },
      })),
      foreseen,
    ),
  );
  const idOf = new Map(made.map(({ booking }, index) => [booking, ids[index] as number]));
  const kept = rows.map(({ booking, status, known, sameAs }) => ({
    line: booking.line,
    status,
    transaction_date: booking.transactionDate,
    amount: booking.amount,
    description: booking.description,
    bank_reference: booking.bankReference,
    transaction_id: idOf.get(sameAs ?? booking) ?? known?.transactionId ?? null,
    is_known: idOf.has(booking),
    recreates_id: idOf.has(booking) ? (known?.rowId ?? null) : null,
  }));
  await tx.send(sql`
    insert into import_rows (import_id, account_id, line, status, transaction_date, amount, description, bank_reference,
                             transaction_id, is_known, recreates_id)
    select ${importId}::int, ${account.id}::int, r.* from jsonb_to_recordset(${json(kept)}) as r(
             line int, status text, transaction_date date, amount numeric, description text, bank_reference text,
             transaction_id int, is_known boolean, recreates_id int)`);
  const recreated = kept.flatMap(({ recreates_id: id }) => id ?? []);
  if (recreated.length > 0)
    await tx.send(sql`
      update import_rows set ${set(BankImportRow, { isKnown: false })} where id = any(${recreated}::int[])`);
}
