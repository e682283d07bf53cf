import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { emit } from '../../../events/outbox.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badInput } from '../../../lib/errors.js';
import { type DocumentFacts, problemsOfFacts, unknownReferences } from './document-facts.js';
import {
  assignments,
  type CommandContext,
  duplicateField,
  execute,
  intArray,
  lockFiledDocument,
} from './write-rows.js';

/** Changes what is known of a document; facts that are undefined stay, null empties, `tagIds` replaces all tags. */
export async function updateDocument(ctx: CommandContext, id: string, facts: DocumentFacts): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  try {
    await ctx.em.transactional(async (em) => {
      const document = await lockFiledDocument(em, ctx.viewer, id);
      const problems = [...problemsOfFacts(facts), ...(await unknownReferences(em, facts))];
      if (problems.length) throw badInput(problems);
      const title = facts.title?.trim();
      const changes = assignments({
        title,
        document_type_id: facts.typeId,
        correspondent_id: facts.correspondentId,
        document_date: facts.documentDate,
        amount: facts.amount,
        currency: facts.currency,
        asn: facts.asn,
      });
      await execute(em, `update documents set ${changes.sql} where id = ?`, [...changes.parameters, document.id]);
      if (facts.tagIds !== undefined) {
        const tags = intArray((facts.tagIds ?? []).map(Number));
        await execute(em, 'delete from document_tags where document_id = ? and tag_id <> all(?::int[])', [
          document.id,
          tags,
        ]);
        await execute(
          em,
          'insert into document_tags select ?::int, id from tags where id = any(?::int[]) on conflict do nothing',
          [document.id, tags],
        );
      }
      const fields = Object.entries(facts)
        .filter(([, value]) => value !== undefined)
        .map(([name]) => name);
      await emit(em, ctx, 'document.updated', ['Document', document.id], {
        ownerId: document.ownerId,
        title: title ?? document.title,
        fields,
      });
      await ctx.services.runHook('documentsChanged', em, ctx, [document.id]);
    });
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException)
      throw duplicateField('Document', 'asn', 'Another document has this archive serial number');
    throw error;
  }
}
