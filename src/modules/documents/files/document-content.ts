import { takeValueLock } from '../../../db/locks.js';
import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';

export const contentKeyOf = (sha256: string): string => `documents/${sha256}`;
const previewsOf = (sha256: string): string => `previews/${sha256}`;
export const previewKeyOf = (sha256: string): string => `${previewsOf(sha256)}.png`;
/** A page as it is read, not as a thumbnail. */
export const pageKeyOf = (sha256: string, page: number): string => `${previewsOf(sha256)}-${page}.png`;

/**
 * Locks the content of a hash until the transaction ends: commands that file these bytes and commands that remove them
 * wait for each other, so that a document is never without its bytes.
 */
export const lockContent = (tx: Transaction, sha256: string): Promise<void> =>
  tx.send(takeValueLock('documentContent', sha256));

/**
 * Removes content and previews that no document has (any more), neither as its file nor as a former one, and no report:
 * that is the firm's, whatever its document's owner does. Called after a commit or a roll-back. A failure is only
 * logged: what stays behind is never served.
 */
export async function removeUnusedContent({ db, services, log }: CommandContext, sha256: string): Promise<void> {
  try {
    await db.transaction(async (tx) => {
      await lockContent(tx, sha256);
      const used = await tx.first(sql`
        select 1 from documents where content_hash = ${sha256}
        union all select 1 from document_versions where content_hash = ${sha256}
        union all select 1 from reports where content_key = ${contentKeyOf(sha256)} limit 1`);
      if (used) return;
      await services.store.remove(contentKeyOf(sha256));
      await services.store.removeAll(previewsOf(sha256));
    });
  } catch (error) {
    log.error({ err: error, sha256 }, 'unused content could not be removed');
  }
}
