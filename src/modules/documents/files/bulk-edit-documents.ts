import { emit } from '../../../events/outbox.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badInput, type ErrorCode, type FieldProblem } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { unknownReferences } from './document-facts.js';
import { whyNotChange } from './document.policy.js';
import { assignments, type CommandContext, execute, intArray, lockVisibleDocuments } from './write-rows.js';

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
 * Changes many documents in one transaction. Those that the viewer can't see or may not change are left out and reported;
 * wrong references refuse the whole.
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

  return ctx.em.transactional(async (em) => {
    const tagProblems = async (path: string, tagIds: readonly string[] | null | undefined): Promise<FieldProblem[]> =>
      (await unknownReferences(em, { tagIds })).map((problem) => ({
        ...problem,
        path: [path, ...problem.path.slice(1)],
      }));
    const unknown = [
      ...(await unknownReferences(em, { typeId, correspondentId })),
      ...(await tagProblems('addTagIds', addTagIds)),
      ...(await tagProblems('removeTagIds', removeTagIds)),
    ];
    if (unknown.length) throw badInput(unknown);

    const visible = await lockVisibleDocuments(
      em,
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

    const documents = intArray(changedIds);
    const { sql, parameters } = assignments({ document_type_id: typeId, correspondent_id: correspondentId });
    await execute(em, `update documents set ${sql}${trash ? ', deleted_at = now()' : ''} where id = any(?::int[])`, [
      ...parameters,
      documents,
    ]);
    if (removeTagIds?.length) {
      await execute(em, 'delete from document_tags where document_id = any(?::int[]) and tag_id = any(?::int[])', [
        documents,
        intArray(removeTagIds.map(Number)),
      ]);
    }
    if (addTagIds?.length) {
      await execute(
        em,
        'insert into document_tags select d.id, t.id from documents d, tags t where d.id = any(?::int[]) and t.id = any(?::int[]) on conflict do nothing',
        [documents, intArray(addTagIds.map(Number))],
      );
    }
    for (const { id, ownerId, title } of accepted) {
      if (trash) await emit(em, ctx, 'document.trashed', ['Document', id], { ownerId, title });
      else await emit(em, ctx, 'document.updated', ['Document', id], { ownerId, title, fields });
    }
    await ctx.services.runHook('documentsChanged', em, ctx, changedIds);
    return { changedIds, refused };
  });
}
