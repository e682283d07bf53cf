import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { badInput, conflict, type FieldProblem, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { type CommandContext, duplicateField, execute } from '../files/write-rows.js';
import { problemsOfName } from './label-facts.js';

export interface DocumentTypeFacts {
  code?: string | null | undefined;
  label?: string | null | undefined;
}

/** Makes a document type, or changes the one with `id`: facts that are undefined stay. Answers its id. */
export async function saveDocumentType(ctx: CommandContext, facts: DocumentTypeFacts, id?: string): Promise<number> {
  requirePermission(ctx.viewer, 'document_types:write');
  try {
    return await ctx.em.transactional(async (em) => {
      const before = id === undefined ? undefined : await lockDocumentType(em, id);
      const code = facts.code === undefined ? (before?.code ?? '') : (facts.code ?? '');
      const label = facts.label === undefined ? (before?.label ?? '') : (facts.label ?? '').trim();
      const problems: FieldProblem[] = problemsOfName('label', label);
      if (code === '') problems.push({ path: ['code'], code: 'required', message: 'Must not be empty' });
      else if (!/^[A-Z][A-Z0-9_]{0,29}$/.test(code))
        problems.push({ path: ['code'], code: 'invalid_format', message: 'Up to 30 of A-Z 0-9 _, a letter first' });
      if (problems.length) throw badInput(problems);
      const [saved] = before
        ? await execute<{ id: number }>(
            em,
            'update document_types set code = ?, label = ?, updated_at = now() where id = ? returning id',
            [code, label, before.id],
          )
        : await execute<{ id: number }>(em, 'insert into document_types (code, label) values (?, ?) returning id', [
            code,
            label,
          ]);
      const { id: number } = saved as { id: number };
      await emit(em, ctx, before ? 'document_type.updated' : 'document_type.created', ['DocumentType', number], {
        name: label,
      });
      return number;
    });
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException)
      throw duplicateField('DocumentType', 'code', 'Another type has this code');
    throw error;
  }
}

/** Deletes a type that no document has. Throws CONFLICT with `details.count` otherwise; documents in the trash count. */
export async function deleteDocumentType(ctx: CommandContext, id: string): Promise<void> {
  requirePermission(ctx.viewer, 'document_types:write');
  await ctx.em.transactional(async (em) => {
    // The lock keeps documents from getting this type between the count and the commit.
    const { id: number, label } = await lockDocumentType(em, id);
    const [used] = await execute<{ count: number }>(
      em,
      'select count(*)::int as count from documents where document_type_id = ?',
      [number],
    );
    if (used?.count) {
      throw conflict(`${used.count} documents have this type`, {
        subject: 'DocumentType',
        reason: 'document_type.in_use',
        details: { count: used.count },
      });
    }
    await execute(em, 'delete from document_types where id = ?', [number]);
    await emit(em, ctx, 'document_type.deleted', ['DocumentType', number], { name: label });
  });
}

async function lockDocumentType(
  em: SqlEntityManager,
  id: string,
): Promise<{ id: number; code: string; label: string }> {
  const [row] = await execute<{ id: number; code: string; label: string }>(
    em,
    'select id, code, label from document_types where id = ?::int for update',
    [rowId(id) ?? null],
  );
  if (!row) throw notFound('DocumentType');
  return row;
}
