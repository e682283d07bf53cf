import { isUniqueViolation } from '../../../db/sql-client.js';
import { set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { refuseStale } from '../../../kernel/stale-version.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badInput } from '../../../lib/errors.js';
import { type GivenValue, writeFieldValues } from '../custom-fields/set-document-fields.js';
import { asnTaken } from './asn-taken.js';
import { columnsOfFacts, type DocumentFacts, lockReferences, namesOfFacts, problemsOfFacts } from './document-facts.js';
import { replaceTags } from './document-tags.js';
import { Document } from './document.entity.js';
import { lockFiledDocument } from './lock-document.js';

export interface DocumentChange {
  id: string;
  seen?: number | null | undefined;
  facts: DocumentFacts;
  fields?: readonly GivenValue[];
}

/**
 * Changes the facts of a document: those that are undefined stay, null empties, `tagIds` replaces all tags, each with
 * those that it lies below; and the custom fields that are named. Throws BAD_USER_INPUT, CONFLICT with the reason
 * `stale_version` when it has changed since `seen`, its revision that the change was made on.
 */
export async function updateDocument(
  ctx: CommandContext,
  { id, seen, facts, fields: values = [] }: DocumentChange,
): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  try {
    await ctx.db.transaction(async (tx) => {
      const document = await lockFiledDocument(tx, ctx.viewer, id);
      const known = { id: String(document.id), version: document.revision };
      await refuseStale(tx, ['Document', known], seen, 'revision');
      const problems = [...problemsOfFacts(facts), ...(await lockReferences(tx, facts))];
      if (problems.length) throw badInput(problems);
      const revision = document.revision + 1;
      const columns = { ...columnsOfFacts(facts), revision, updatedAt: sql`now()` };
      await tx.send(sql`update documents set ${set(Document, columns)} where id = ${document.id}`);
      if (facts.tagIds !== undefined) await replaceTags(tx, document.id, (facts.tagIds ?? []).map(Number));
      const changedFacts = namesOfFacts(facts);
      const custom = values.length ? await writeFieldValues(tx, document.id, values) : noneWritten;
      if (custom.problems.length)
        throw badInput(custom.problems.map(({ path, ...rest }) => ({ path: ['fields', ...path.slice(1)], ...rest })));
      await emit(tx, ctx, 'document.updated', ['Document', document.id], {
        ownerId: document.ownerId,
        title: columns.title ?? document.title,
        fields: [...changedFacts, ...custom.changed],
        version: revision,
      });
      await ctx.services.runHook('documentsChanged', tx, ctx, { ids: [document.id], facts: changedFacts });
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw await asnTaken(ctx, facts.asn);
    throw error;
  }
}

const noneWritten = { changed: [], problems: [] };
