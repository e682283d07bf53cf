import { z } from 'zod';
import type { FieldCode } from '../../lib/error-catalog.js';
import { fromEnum } from '../engine/enum-words.js';
import { type Route, route } from '../engine/route.js';
import {
  type BudgetImportFragment,
  BudgetImportTransactionsOperation,
  type BudgetImportTransactionsMutation,
  type BudgetImportWithRowsFragment,
  BudgetListImportsOperation,
  BudgetReadImportOperation,
  BudgetUndoImportOperation,
} from './operations.gen.js';
import { beyondContract, Day, found, Id, IdParams, listed, listOf, Moment, TextId } from './shapes.js';
import { budgetWords } from './words.js';

const fileLimitBytes = 10 * 1024 * 1024;

const statuses = ['new', 'duplicate', 'duplicate_of_deleted', 'flagged', 'error'] as const;

const RowOut = z
  .object({
    line: z.int().meta({ description: 'Ligne du fichier CSV, sinon rang de l’opération, à partir de 1' }),
    status: z.enum(statuses),
    transaction_date: Day.nullable(),
    amount: z.number().nullable(),
    description: z.string(),
    transaction_id: z.int().nullable().meta({ description: 'La transaction créée, ou celle déjà connue' }),
    errors: z.array(z.string()),
  })
  .meta({ id: 'BudgetImportRow' });

const counts = { count: z.int(), created: z.int(), duplicates: z.int() };

const OutcomeOut = z
  .object({
    id: z.int().nullable().meta({ description: "Null pour un essai (dry_run), qui n'écrit rien" }),
    ...counts,
    rows: z.array(RowOut),
  })
  .meta({ id: 'BudgetImportOutcome' });

const frame = {
  id: z.int(),
  account: z.object({ id: z.int(), name: z.string() }),
  format: z.enum(['csv', 'ofx', 'camt']),
  filename: z.string(),
  ...counts,
  created_at: Moment,
  undone_at: Moment.nullable(),
};
const ImportOut = z.object(frame).meta({ id: 'BudgetImport' });
const ImportWithRowsOut = z.object({ ...frame, rows: z.array(RowOut) }).meta({ id: 'BudgetImportWithRows' });

type StoredRow = BudgetImportWithRowsFragment['rows']['nodes'][number];
type PreviewedRow = NonNullable<BudgetImportTransactionsMutation['previewImport']>['rows'][number];

const frameOut = (row: StoredRow | PreviewedRow) => ({
  line: row.line,
  status: fromEnum(row.status),
  transaction_date: row.transactionDate ?? null,
  amount: row.amount ?? null,
  description: row.description,
});

const storedRowOut = (row: StoredRow): z.input<typeof RowOut> => ({
  ...frameOut(row),
  transaction_id: row.transaction ? Number(row.transaction.id) : null,
  errors: [],
});

const fieldNames: Readonly<Record<string, string>> = { transactionDate: 'transaction_date', file: 'ligne' };

const previewedRowOut = (row: PreviewedRow): z.input<typeof RowOut> => ({
  ...frameOut(row),
  transaction_id: row.transactionId == null ? null : Number(row.transactionId),
  errors: row.problems.map(({ field, code, message }) => {
    const words = budgetWords.field(code.toLowerCase() as FieldCode) ?? message;
    return `${fieldNames[field] ?? field} : ${words}`;
  }),
});

const importOut = (made: BudgetImportFragment): z.input<typeof ImportOut> => ({
  id: Number(made.id),
  account: { id: Number(made.account.id), name: made.account.name },
  format: fromEnum(made.format),
  filename: made.fileName,
  count: made.rowCount,
  created: made.createdCount,
  duplicates: made.duplicateCount,
  created_at: made.createdAt,
  undone_at: made.undoneAt ?? null,
});

function outcomeOut({
  importTransactions,
  previewImport,
}: BudgetImportTransactionsMutation): z.input<typeof OutcomeOut> {
  const outcome = importTransactions?.bankImport ?? found(previewImport, 'BankImport');
  return {
    id: importTransactions ? Number(importTransactions.bankImport.id) : null,
    count: outcome.rowCount,
    created: outcome.createdCount,
    duplicates: outcome.duplicateCount,
    rows: importTransactions
      ? importTransactions.bankImport.rows.nodes.map(storedRowOut)
      : (previewImport?.rows ?? []).map(previewedRowOut),
  };
}

const Header = z.string().max(200).nullish();
const Mapping = z.object({
  date: Header,
  description: Header,
  amount: Header,
  debit: Header,
  credit: Header,
  reference: Header,
  decimal: Header,
  delimiter: Header,
  encoding: Header,
  date_format: Header,
});

/** JSON in a field of the form; an empty field is none. */
const jsonText = <T>(shape: z.ZodType<T>) =>
  z.string().transform((text, ctx): T | undefined => {
    if (text.trim() === '') return undefined;
    const parsed = shape.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    for (const { path } of parsed.error.issues)
      ctx.addIssue({ code: 'custom', path, message: budgetWords.field('invalid_format') ?? '' });
    return z.NEVER;
  });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const courses = {
  line: 2,
  status: 'new',
  transaction_date: '2026-02-02',
  amount: -45.8,
  description: 'CB CARREFOUR LYON',
  transaction_id: 1,
  errors: [],
} as const;
const outcome = { id: 1, count: 1, created: 1, duplicates: 0, rows: [courses] };
const example = {
  id: 1,
  account: { id: 1, name: 'Compte Courant' },
  format: 'csv',
  filename: 'releve-fevrier.csv',
  count: 1,
  created: 1,
  duplicates: 0,
  created_at: '2026-03-02T10:00:00Z',
  undone_at: null,
} as const;

/** Imports of bank statements: CSV, OFX 1.x and 2.x, camt.053. */
export const importRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/imports',
    section: beyondContract,
    summary: 'Importer un relevé, ou montrer ce que chaque ligne deviendrait (dry_run)',
    credential: 'required',
    files: { parts: ['file'], max: 1, required: true, limitBytes: fileLimitBytes },
    body: z.object({
      account_id: Id,
      format: z.enum(['csv', 'ofx', 'camt']).optional(),
      mapping: jsonText(Mapping).optional().meta({
        description: 'JSON : {date, description, amount | debit + credit, decimal, delimiter, encoding, date_format}',
      }),
      dry_run: z.boolean().optional(),
      create_flagged: z.boolean().optional(),
      recreate: jsonText(z.array(z.int()).max(10_000))
        .optional()
        .meta({ description: 'JSON : lignes supprimées à recréer, [3, 7]' }),
    }),
    operation: BudgetImportTransactionsOperation,
    toVariables: ({ files, body: { account_id, format, mapping, create_flagged, recreate, dry_run } }) => {
      const { date_format, ...columns } = mapping ?? {};
      const input = {
        accountId: String(account_id),
        file: files[0]?.upload,
        format: format && ({ csv: 'CSV', ofx: 'OFX', camt: 'CAMT' } as const)[format],
        mapping: mapping && { ...columns, dateFormat: date_format },
        createFlagged: create_flagged,
        recreate,
      };
      return { input, preview: input, dryRun: dry_run === true };
    },
    fields: {
      accountId: 'account_id',
      'mapping.dateFormat': 'mapping.date_format',
      'file.*.transactionDate': 'file.*.transaction_date',
    },
    status: ({ importTransactions }) => (importTransactions ? 201 : 200),
    response: OutcomeOut,
    toResponse: outcomeOut,
    examples: { response: outcome },
  }),
  route({
    method: 'get',
    path: '/imports',
    section: beyondContract,
    summary: 'Lister les imports, le plus récent en premier',
    credential: 'required',
    query: z.object({ account_id: TextId.optional().meta({ description: 'Filtrer par compte' }) }),
    operation: BudgetListImportsOperation,
    toVariables: ({ query }) => ({ first: 1000, accountId: query.account_id }),
    response: listOf(ImportOut),
    toResponse: ({ bankImports }) => listed(bankImports.nodes.map(importOut)),
    examples: { response: { count: 1, results: [example] } },
  }),
  route({
    method: 'get',
    path: '/imports/:id',
    section: beyondContract,
    summary: "Détails d'un import, avec ses lignes",
    credential: 'required',
    params: IdParams,
    operation: BudgetReadImportOperation,
    toVariables: ({ params }) => params,
    response: ImportWithRowsOut,
    toResponse: ({ bankImport }) => {
      const made = found(bankImport, 'BankImport');
      return { ...importOut(made), rows: made.rows.nodes.map(storedRowOut) };
    },
    examples: { response: { ...example, rows: [courses] } },
  }),
  route({
    method: 'delete',
    path: '/imports/:id',
    section: beyondContract,
    summary: "Annuler un import ; ce que quelqu'un a modifié depuis est gardé et nommé",
    credential: 'required',
    params: IdParams,
    operation: BudgetUndoImportOperation,
    toVariables: ({ params }) => ({ input: params }),
    response: z.object({
      removed: z.int(),
      kept: z.array(
        z.object({ transaction_id: z.int(), reason: z.enum(['edited', 'split', 'reconciled', 'matched']) }),
      ),
    }),
    toResponse: ({ undoImport: { removedCount, kept } }) => ({
      removed: removedCount,
      kept: kept.map(({ transactionId, reason }) => ({
        transaction_id: Number(transactionId),
        reason: fromEnum(reason),
      })),
    }),
  }),
];
