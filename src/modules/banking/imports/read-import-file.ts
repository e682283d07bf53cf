import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import type { UploadedFile } from '../../../kernel/scalars.js';
import { badInput, DomainError, type FieldProblem } from '../../../lib/errors.js';
import { type AccountRow, lockVisibleAccounts, requireWrite } from '../accounts/lock-accounts.js';
import { parseStatement } from '../statement-files/parse-statement.js';
import {
  type CsvMapping,
  mappingKeys,
  statementLimits,
  type StatementFile,
  type StatementFormat,
  type StatementProblem,
} from '../statement-files/statement-file.js';

export interface FileToImport {
  accountId: string;
  file: UploadedFile;
  /** Found out from the content when absent. */
  format?: StatementFormat | null | undefined;
  /** How the columns of a table are to be read; what is absent as for the account's last file, or found out. */
  mapping?: { [K in keyof CsvMapping]?: string | null | undefined } | null | undefined;
}

export interface ImportFile {
  account: AccountRow;
  statement: StatementFile;
  /** What the person said of the columns, now; undefined when nothing. */
  mapping: CsvMapping | undefined;
}

/** The account, locked, when the viewer may write into it. Throws BAD_USER_INPUT or FORBIDDEN. */
export async function lockTargetAccount(tx: Transaction, ctx: CommandContext, accountId: string): Promise<AccountRow> {
  const account = (await lockVisibleAccounts(tx, ctx, [accountId])).get(Number(accountId));
  if (!account) throw badInput([{ path: ['accountId'], code: 'unknown_reference', message: 'is no account of yours' }]);
  requireWrite(ctx, account);
  return account;
}

/**
 * Reads a file that is sent for an account. Rows may have problems of their own; throws BAD_USER_INPUT for an account
 * or a file that are not usable, FORBIDDEN for an account that is shared for reading, PAYLOAD_TOO_LARGE.
 */
export async function readImportFile(
  ctx: CommandContext,
  { accountId, file, format, mapping: given }: FileToImport,
): Promise<ImportFile> {
  const account = await ctx.db.transaction((tx) => lockTargetAccount(tx, ctx, accountId));
  const content = file.take();
  if (content.sizeBytes > statementLimits.fileBytes)
    throw new DomainError('PAYLOAD_TOO_LARGE', `The file is larger than ${statementLimits.fileBytes} bytes`, {
      details: { limitBytes: statementLimits.fileBytes },
    });
  const mapping = mappingOf(given);
  const remembered = await ctx.db.first<{ mapping: CsvMapping }>(sql`
    select mapping from imports where account_id = ${account.id} and mapping is not null order by id desc limit 1`);
  const statement = await parseStatement(
    content.path,
    { format: format ?? undefined, mapping, rememberedMapping: remembered?.mapping },
    { owner: ctx.viewer.userId },
  );
  const problems = statement.problems.filter(({ line, field }) => line === null || field === 'file');
  const unusable = statement.rows.length === 0 || problems.some(({ line }) => line === null);
  if (unusable) throw badStatement(problems);
  return { account, statement, mapping };
}

function mappingOf(given: FileToImport['mapping']): CsvMapping | undefined {
  const said = mappingKeys.flatMap((key) => (given?.[key] ? [[key, given[key]] as const] : []));
  return said.length > 0 ? Object.fromEntries(said) : undefined;
}

/** Of the problems that an error names. */
const mostProblems = 100;

/** BAD_USER_INPUT with what is wrong with a file: of line 12, `file.12.amount`. */
export function badStatement(problems: readonly StatementProblem[]): DomainError {
  const fields = problems.slice(0, mostProblems).map(({ line, field, code, message }): FieldProblem => {
    const name = field.replace('date_format', 'dateFormat').split('.');
    const path = line === null ? name : ['file', String(line), ...(field === 'file' ? [] : name)];
    return { path, code, message };
  });
  const isOfLines = problems.every(({ line }) => line !== null);
  const reason = isOfLines ? 'import.line_errors' : problems.find((problem) => problem.reason)?.reason;
  return badInput(fields, reason ? { reason } : {});
}
