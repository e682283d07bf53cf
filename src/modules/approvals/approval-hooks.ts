import type { SqlEntityManager } from '@mikro-orm/sql';
import type { HookSteps } from '../../kernel/hooks.js';
import { type CommandContext, execute } from '../documents/files/write-rows.js';
import { reopenChanged } from './reopen-changed.js';
import { enterOnCreation } from './submit-document.js';

/** What approvals add to the commands of documents, in their transaction. */
export const approvalHooks: HookSteps = {
  documentFiled: (em, ctx, documentId) => enterOnCreation(em, ctx, documentId),
  documentTyped: enterOrReopen,
  documentsChanged: reopenChanged,
};

/** The type that was found may put the document under a rule, as on filing. */
async function enterOrReopen(
  em: SqlEntityManager,
  ctx: CommandContext,
  { documentId, ownerId }: { documentId: number; ownerId: number },
): Promise<void> {
  const entered = await execute<object>(em, 'select 1 from approvals where id = ?', [documentId]);
  if (entered.length) await reopenChanged(em, ctx, [documentId]);
  else await enterOnCreation(em, ctx, documentId, ownerId);
}
