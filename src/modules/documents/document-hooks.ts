import type { SqlEntityManager } from '@mikro-orm/sql';
import type { CommandContext } from './files/write-rows.js';

/** Where later modules may add a step to what happens to documents. The documents are locked, or new. */
export interface DocumentHooks {
  /** The viewer has filed a document. */
  documentFiled: (em: SqlEntityManager, ctx: CommandContext, documentId: number) => Promise<void>;
  /** A document that was filed without a type was given one by matching, once its text was recognised. */
  documentTyped: (
    em: SqlEntityManager,
    ctx: CommandContext,
    document: { documentId: number; ownerId: number },
  ) => Promise<void>;
  /** The viewer has changed facts of documents, or replaced their files. */
  documentsChanged: (em: SqlEntityManager, ctx: CommandContext, documentIds: readonly number[]) => Promise<void>;
}
