import type { SqlEntityManager } from '@mikro-orm/sql';
import { lockValueUntilCommit } from '../../../db/locks.js';
import { type CommandContext, execute } from './write-rows.js';

export const contentKeyOf = (sha256: string): string => `documents/${sha256}`;
export const previewKeyOf = (sha256: string): string => `previews/${sha256}.png`;

/**
 * Holds the content of a hash until the transaction ends: whoever files these bytes and whoever removes them wait for each
 * other, so that a document is never without its bytes.
 */
export async function lockContent(em: SqlEntityManager, sha256: string): Promise<void> {
  await execute(em, lockValueUntilCommit('documentContent', '?'), [sha256]);
}

/**
 * Removes content and preview that no document has (any more), neither as its file nor as a former one. Called after the commit, or after a roll-back. Failing is
 * only logged: what stays behind is never served.
 */
export async function removeUnusedContent({ em, services, log }: CommandContext, sha256: string): Promise<void> {
  try {
    await em.transactional(async (tem) => {
      await lockContent(tem, sha256);
      const used = await execute(
        tem,
        'select 1 from documents where content_hash = ? union all select 1 from document_versions where content_hash = ? limit 1',
        [sha256, sha256],
      );
      if (used.length) return;
      await services.store.remove(contentKeyOf(sha256));
      await services.store.remove(previewKeyOf(sha256));
    });
  } catch (error) {
    log.error({ err: error, sha256 }, 'unused content could not be removed');
  }
}
