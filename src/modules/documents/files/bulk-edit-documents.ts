import { set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import type { ErrorCode } from '../../../lib/error-catalog.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { columnsOfFacts, lockReferences, namesOfFacts } from './document-facts.js';
import { addTags } from './document-tags.js';
import { Document } from './document.entity.js';
import { whyNotChange } from './document.policy.js';
import { lockVisibleDocuments } from './lock-document.js';

const maxBulkDocuments = 500;

export interface BulkEdit {
  ids: readonly string[];
  addTagIds?: readonly string[] | null | undefined;
  removeTagIds?: readonly string[] | null | undefined;
  typeId?: string | null | undefined;
  correspondentId?: string | null | undefined;
  trash?: boolean | null | undefined;
}

export interface BulkOutcome {
  changedIds: number[];
  refused: { id: string; code: ErrorCode; message: string }[];
}

/**
 * Changes many documents in one transaction. Those that the viewer cannot see or may not change are left out and
 * reported; a reference to what does not exist throws BAD_USER_INPUT for the whole edit.
 */
export async function bulkEditDocuments(ctx: CommandContext, edit: BulkEdit): Promise<BulkOutcome> {
  requireSignedIn(ctx.viewer, 'write');
  const { typeId, correspondentId, trash, addTagIds, removeTagIds } = edit;
  const ids = [...new Set(edit.ids)];
  const changes = {
    typeId,
    correspondentId,
    addTagIds: addTagIds ?? undefined,
    removeTagIds: removeTagIds ?? undefined,
    trash: trash || undefined,
  };
  const fields = Object.entries(changes)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  const problems: FieldProblem[] = [];
  if (ids.length === 0) problems.push({ path: ['ids'], code: 'required', message: 'Name at least one document' });
  if (ids.length > maxBulkDocuments)
    problems.push({ path: ['ids'], code: 'too_long', message: `At most ${maxBulkDocuments} documents` });
  if (fields.length === 0) problems.push({ path: ['trash'], code: 'required', message: 'Say what to change' });
  if (problems.length) throw badInput(problems);

  return ctx.db.transaction(async (tx) => {
    const tagProblems = async (path: string, tagIds: readonly string[] | null | undefined): Promise<FieldProblem[]> =>
      (await lockReferences(tx, { tagIds })).map((problem) => ({
        ...problem,
        path: [path, ...problem.path.slice(1)],
      }));
    const unknown = [
      ...(await lockReferences(tx, { typeId, correspondentId })),
      ...(await tagProblems('addTagIds', addTagIds)),
      ...(await tagProblems('removeTagIds', removeTagIds)),
    ];
    if (unknown.length) throw badInput(unknown);

    const visible = await lockVisibleDocuments(
      tx,
      ctx.viewer,
      ids.map(rowId).filter((id) => id !== undefined),
    );
    const found = new Map(visible.filter(({ isTrashed }) => !isTrashed).map((document) => [document.id, document]));
    const refused: BulkOutcome['refused'] = [];
    const accepted = ids.flatMap((id) => {
      const document = found.get(rowId(id) ?? 0);
      const reason = document && whyNotChange(ctx.viewer, { owner: { id: document.ownerId } });
      if (document && !reason) return [document];
      refused.push(
        reason ? { id, code: 'FORBIDDEN', message: reason } : { id, code: 'NOT_FOUND', message: 'Document not found' },
      );
      return [];
    });
    const changedIds = [...new Set(accepted.map(({ id }) => id))];
    if (changedIds.length === 0) return { changedIds, refused };

    const columns = {
      ...columnsOfFacts({ typeId, correspondentId }),
      deletedAt: trash ? sql`now()` : undefined,
      revision: trash ? undefined : sql`revision + 1`,
      updatedAt: sql`now()`,
    };
    await tx.send(sql`update documents set ${set(Document, columns)} where id = any(${changedIds}::int[])`);
    if (removeTagIds?.length) {
      await tx.send(sql`
        delete from document_tags
         where document_id = any(${changedIds}::int[]) and tag_id = any(${removeTagIds.map(Number)}::int[])`);
    }
    await addTags(tx, changedIds, (addTagIds ?? []).map(Number));
    for (const { id, ownerId, title, revision } of accepted) {
      if (trash) await emit(tx, ctx, 'document.trashed', ['Document', id], { ownerId, title });
      else await emit(tx, ctx, 'document.updated', ['Document', id], { ownerId, title, fields, version: revision + 1 });
    }
    await ctx.services.runHook('documentsChanged', tx, ctx, {
      ids: changedIds,
      facts: namesOfFacts({ typeId, correspondentId, tagIds: changes.addTagIds ?? changes.removeTagIds }),
    });
    return { changedIds, refused };
  });
}
