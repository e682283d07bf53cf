import { takeValueLock } from '../../db/locks.js';
import type { Transaction } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';

/** The hash keeps apart what the same id is sent with again: a key is written once. */
export const contentKeyOf = (id: string, sha256: string): string => `media/${id}-${sha256}`;
export const thumbnailKeyOf = (id: string, sha256: string): string => `thumbnails/${id}-${sha256}.jpg`;

/** Until the transaction ends: who files the bytes of an id and who removes them wait for each other. */
export const lockMediumContent = (tx: Transaction, id: string): Promise<void> =>
  tx.send(takeValueLock('mediumContent', id));

/**
 * Removes the bytes that an upload left when no row refers to them. A failure is only logged: what stays behind is
 * never served.
 */
export async function removeUnusedMedium(
  { db, services, log }: CommandContext,
  { id, sha256 }: { id: string; sha256: string },
): Promise<void> {
  try {
    await db.transaction(async (tx) => {
      await lockMediumContent(tx, id);
      const key = contentKeyOf(id, sha256);
      if (await tx.first(sql`select 1 from media where content_key = ${key} and id = ${id}::uuid`)) return;
      await services.store.remove(key);
      await services.store.remove(thumbnailKeyOf(id, sha256));
    });
  } catch (error) {
    log.error({ err: error, mediumId: id }, 'unused content could not be removed');
  }
}
