import type { Transaction } from '../../db/sql-client.js';
import type { CommandContext } from '../../kernel/command.js';
import type { DocumentFacts } from './files/document-facts.js';

/** `file`: another file took the place of the former one. */
export type ChangedFact = keyof DocumentFacts | 'file';

/** Where later modules may add a step to what happens to documents. The documents are locked, or new. */
export interface DocumentHooks {
  /** The viewer has filed a document. */
  documentFiled: (tx: Transaction, ctx: CommandContext, documentId: number) => Promise<void>;
  /** A document that was filed without a type was given one by matching, once its text was recognised. */
  documentTyped: (
    tx: Transaction,
    ctx: CommandContext,
    document: { documentId: number; ownerId: number },
  ) => Promise<void>;
  /** Facts or files of documents have changed. `facts` are those that were given, be they different or the same. */
  documentsChanged: (
    tx: Transaction,
    ctx: CommandContext,
    change: { ids: readonly number[]; facts: readonly ChangedFact[] },
  ) => Promise<void>;
}
