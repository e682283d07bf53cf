import { isUniqueViolation, type Transaction } from '../../../db/sql-client.js';
import { set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badInput, duplicateField } from '../../../lib/errors.js';
import { columnsOfFacts, type DocumentFacts, lockReferences, namesOfFacts, problemsOfFacts } from './document-facts.js';
import { Document } from './document.entity.js';
import { lockFiledDocument } from './lock-document.js';

/** Changes the facts of a document: those that are undefined stay, null empties, `tagIds` replaces all tags. */
export async function updateDocument(
  ctx: CommandContext,
  { id, facts }: { id: string; facts: DocumentFacts },
): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  try {
    await ctx.db.transaction(async (tx) => {
      const document = await lockFiledDocument(tx, ctx.viewer, id);
      const problems = [...problemsOfFacts(facts), ...(await lockReferences(tx, facts))];
      if (problems.length) throw badInput(problems);
      const columns = columnsOfFacts(facts);
      await tx.send(sql`
        update documents set ${set(Document, { ...columns, updatedAt: sql`now()` })} where id = ${document.id}`);
      if (facts.tagIds !== undefined) await replaceTags(tx, document.id, (facts.tagIds ?? []).map(Number));
      const fields = namesOfFacts(facts);
      await emit(tx, ctx, 'document.updated', ['Document', document.id], {
        ownerId: document.ownerId,
        title: columns.title ?? document.title,
        fields,
      });
      await ctx.services.runHook('documentsChanged', tx, ctx, { ids: [document.id], facts: fields });
    });
  } catch (error) {
    if (isUniqueViolation(error))
      throw duplicateField('Document', 'asn', 'Another document has this archive serial number');
    throw error;
  }
}

async function replaceTags(tx: Transaction, documentId: number, tagIds: readonly number[]): Promise<void> {
  await tx.send(sql`delete from document_tags where document_id = ${documentId} and tag_id <> all(${tagIds}::int[])`);
  await tx.send(sql`
    insert into document_tags select ${documentId}::int, id from tags where id = any(${tagIds}::int[])
    on conflict do nothing`);
}
