import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';

/** Puts tags on documents, each with those that it lies below. Those deleted meanwhile are left out. */
export async function addTags(
  tx: Transaction,
  documentIds: readonly number[],
  tagIds: readonly number[],
): Promise<void> {
  if (tagIds.length === 0) return;
  await tx.send(sql`
    with recursive wanted as (
      select id, parent_id from tags where id = any(${tagIds}::int[])
      union select t.id, t.parent_id from tags t join wanted w on t.id = w.parent_id)
    insert into document_tags (document_id, tag_id)
    select d.id, w.id from documents d, wanted w where d.id = any(${documentIds}::int[]) on conflict do nothing`);
}

/** Puts tags, with those that they lie below, in place of all that a document has. */
export async function replaceTags(tx: Transaction, documentId: number, tagIds: readonly number[]): Promise<void> {
  await tx.send(sql`
    with recursive wanted as (
      select id, parent_id from tags where id = any(${tagIds}::int[])
      union select t.id, t.parent_id from tags t join wanted w on t.id = w.parent_id)
    delete from document_tags where document_id = ${documentId} and tag_id not in (select id from wanted)`);
  await addTags(tx, [documentId], tagIds);
}
