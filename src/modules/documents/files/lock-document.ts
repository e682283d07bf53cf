import type { Transaction } from '../../../db/sql-client.js';
import { holds, sql } from '../../../db/sql.js';
import type { Viewer } from '../../../kernel/viewer.js';
import { forbidden, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { visibleDocuments, whyNotChange } from './document.policy.js';

export interface LockedDocument {
  id: number;
  title: string;
  ownerId: number;
  contentHash: string;
  /** Number of its file. */
  version: number;
  /** Raised by each change of what is known of it. */
  revision: number;
  isTrashed: boolean;
}

/**
 * Locks the documents among `ids` that the viewer may see, in the order of their ids so that two commands cannot
 * deadlock.
 */
export const lockVisibleDocuments = (
  tx: Transaction,
  viewer: Viewer,
  ids: readonly number[],
): Promise<LockedDocument[]> =>
  tx.all<LockedDocument>(sql`
    select t.id, t.title, t.owner_id as "ownerId", t.content_hash as "contentHash", t.version,
           t.revision, t.deleted_at is not null as "isTrashed"
      from documents t where t.id = any(${ids}::int[]) and ${holds(visibleDocuments(viewer), 't')}
     order by t.id for update`);

/** Locks one document that the viewer may see, whoever may change it; undefined when there is none. */
export async function lockIfVisible(tx: Transaction, viewer: Viewer, id: string): Promise<LockedDocument | undefined> {
  const number = rowId(id);
  return number === undefined ? undefined : (await lockVisibleDocuments(tx, viewer, [number]))[0];
}

/**
 * Locks one document for a change. Throws NOT_FOUND when the viewer cannot see it, FORBIDDEN with the reason when they
 * may not change it.
 */
export async function lockDocument(tx: Transaction, viewer: Viewer, id: string): Promise<LockedDocument> {
  const document = await lockIfVisible(tx, viewer, id);
  if (!document) throw notFound('Document');
  const reason = whyNotChange(viewer, { owner: { id: document.ownerId } });
  if (reason) throw forbidden(reason, 'document.read_only');
  return document;
}

/** Like `lockDocument`, for documents outside the trash: NOT_FOUND for one that lies in it. */
export async function lockFiledDocument(tx: Transaction, viewer: Viewer, id: string): Promise<LockedDocument> {
  const document = await lockDocument(tx, viewer, id);
  if (document.isTrashed) throw notFound('Document');
  return document;
}
