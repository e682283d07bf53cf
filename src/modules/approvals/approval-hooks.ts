import type { Transaction } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import type { HookSteps } from '../../kernel/hooks.js';
import { isApprovedFact, reopenChanged } from './reopen-changed.js';
import { enterOnCreation } from './submit-document.js';

/** What approvals add to the commands of documents, in their transaction. */
export const approvalHooks: HookSteps = {
  documentFiled: (tx, ctx, documentId) => enterOnCreation(tx, ctx, documentId),
  documentTyped: enterOrReopen,
  documentsChanged: async (tx, ctx, { ids, facts }) => {
    if (facts.some(isApprovedFact)) await reopenChanged(tx, ctx, ids);
  },
};

/** The type that was found may put the document under a rule, as on filing. */
async function enterOrReopen(
  tx: Transaction,
  ctx: CommandContext,
  { documentId, ownerId }: { documentId: number; ownerId: number },
): Promise<void> {
  const entered = await tx.first(sql`select 1 from approvals where id = ${documentId}`);
  if (entered) await reopenChanged(tx, ctx, [documentId]);
  else await enterOnCreation(tx, ctx, documentId, ownerId);
}
