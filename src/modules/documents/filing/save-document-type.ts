import { isUniqueViolation, type Transaction } from '../../../db/sql-client.js';
import { set, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { changedFields, refuseStale } from '../../../kernel/stale-version.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { badInput, conflict, duplicateField, type FieldProblem, notFound } from '../../../lib/errors.js';
import { tidyName } from '../../../lib/names.js';
import { rowId } from '../../../lib/row-id.js';
import { DocumentType } from './document-type.entity.js';
import { problemsOfName } from './label-facts.js';

export interface DocumentTypeFacts {
  code?: string | null | undefined;
  label?: string | null | undefined;
  /** That the changes were made on. */
  version?: number | null | undefined;
}

interface DocumentTypeRow {
  id: number;
  code: string;
  label: string;
  version: number;
}

/**
 * Creates a document type, or changes the one with `id`: facts that are undefined stay, and what is as it was changes
 * nothing. Returns its id. Throws BAD_USER_INPUT, CONFLICT for an old version and for a code that is taken, NOT_FOUND.
 */
export async function saveDocumentType(
  ctx: CommandContext,
  { id, ...facts }: DocumentTypeFacts & { id?: string },
): Promise<number> {
  requirePermission(ctx.viewer, 'document_types:write');
  try {
    return await ctx.db.transaction(async (tx) => {
      const before = id === undefined ? undefined : await lockDocumentType(tx, id);
      if (before) await refuseStale(tx, ['DocumentType', { ...before, id: String(before.id) }], facts.version);
      const code = facts.code === undefined ? (before?.code ?? '') : (facts.code ?? '');
      const label = facts.label === undefined ? (before?.label ?? '') : tidyName(facts.label ?? '');
      const problems: FieldProblem[] = problemsOfName('label', label);
      if (code === '') problems.push({ path: ['code'], code: 'required', message: 'Must not be empty' });
      else if (!/^[A-Z][A-Z0-9_]{0,29}$/.test(code))
        problems.push({ path: ['code'], code: 'invalid_format', message: 'Up to 30 of A-Z 0-9 _, a letter first' });
      if (problems.length) throw badInput(problems);
      const after = { code, label };
      if (!before) {
        const made = await tx.first<{ id: number }>(
          sql`insert into document_types ${values(DocumentType, after)} returning id`,
        );
        const { id: number } = made as { id: number };
        await emit(tx, ctx, 'document_type.created', ['DocumentType', number], { name: label });
        return number;
      }
      const fields = changedFields(before, after);
      if (fields.length === 0) return before.id;
      const version = before.version + 1;
      const changes = { ...after, version, updatedAt: sql`now()` };
      await tx.send(sql`update document_types set ${set(DocumentType, changes)} where id = ${before.id}`);
      await emit(tx, ctx, 'document_type.updated', ['DocumentType', before.id], { name: label, version, fields });
      return before.id;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw duplicateField('DocumentType', 'code', 'Another type has this code');
    throw error;
  }
}

/**
 * Deletes a type that no document has. Throws CONFLICT with `details.count` otherwise; documents in the trash count.
 */
export async function deleteDocumentType(ctx: CommandContext, id: string): Promise<void> {
  requirePermission(ctx.viewer, 'document_types:write');
  await ctx.db.transaction(async (tx) => {
    // The lock keeps documents from getting this type between the count and the commit.
    const { id: number, label } = await lockDocumentType(tx, id);
    const used = await tx.first<{ count: number }>(
      sql`select count(*)::int as count from documents where document_type_id = ${number}`,
    );
    if (used?.count) {
      throw conflict(`${used.count} documents have this type`, {
        subject: 'DocumentType',
        reason: 'document_type.in_use',
        details: { count: used.count },
      });
    }
    await tx.send(sql`delete from document_types where id = ${number}`);
    await emit(tx, ctx, 'document_type.deleted', ['DocumentType', number], { name: label });
  });
}

async function lockDocumentType(tx: Transaction, id: string): Promise<DocumentTypeRow> {
  const row = await tx.first<DocumentTypeRow>(
    sql`select id, code, label, version from document_types where id = ${rowId(id) ?? null}::int for update`,
  );
  if (!row) throw notFound('DocumentType');
  return row;
}
