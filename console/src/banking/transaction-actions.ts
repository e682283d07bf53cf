import { graph } from '../graph/client';
import { invalidate, useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { complain, tell } from '../ui/toast';
import {
  AddReceiptOperation,
  CreateTransactionOperation,
  CreateTransferOperation,
  DeleteTransactionOperation,
  DeleteTransferOperation,
  LinkReceiptOperation,
  RemoveReceiptOperation,
  RestoreReceiptFileOperation,
  RuleFromTransactionOperation,
  type TransactionFactsFragment,
  UpdateTransactionOperation,
} from './operations.gen';
import { words } from './words';

/** What is done to one transaction from its row. Each says what it did, or why it was refused. */
export function useTransactionActions() {
  const t = useWords(words);
  const update = useAction(UpdateTransactionOperation, { touches: ['banking'], onError: complain });
  const makeRule = useAction(RuleFromTransactionOperation, { touches: ['banking'], onError: complain });

  /** Runs, has what is shown asked again, and says what was refused. */
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      complain(error);
    }
    await invalidate('banking');
  };

  const addReceipts = (transactionId: string, files: readonly File[]): Promise<void> =>
    attempt(async () => {
      for (const file of files) {
        const { addReceipt } = await graph.mutate(AddReceiptOperation, { input: { transactionId, file } });
        const id = addReceipt?.receipt.id;
        tell(t('receiptAdded', { name: file.name }), () => id !== undefined && removeReceipt(transactionId, id));
      }
    });

  const removeReceipt = (transactionId: string, id: string): Promise<void> =>
    attempt(async () => void (await graph.mutate(RemoveReceiptOperation, { input: { id, transactionId } })));

  const categorize = async (of: TransactionFactsFragment, categoryId: string | null): Promise<void> => {
    const give = (id: string | null) => update.run({ input: { id: of.id, categoryId: id } });
    const done = await give(categoryId);
    if (!done) return;
    const name = done.updateTransaction?.transaction.category?.name ?? t('withoutCategory');
    tell(t('categorized', { name }), () => give(of.category?.id ?? null));
  };

  const remove = (of: TransactionFactsFragment): Promise<void> =>
    attempt(async () => {
      if (of.transfer) {
        await graph.mutate(DeleteTransferOperation, { input: { id: of.transfer.id } });
        return tell(t('transferDeleted'), () => attempt(() => restoreTransfer(of)));
      }
      await graph.mutate(DeleteTransactionOperation, { input: { id: of.id } });
      tell(t('transactionDeleted', { what: of.description }), () => attempt(() => restoreTransaction(of)));
    });

  const createRule = async (of: TransactionFactsFragment): Promise<void> => {
    const done = await makeRule.run({
      input: { transactionId: of.id, categoryId: of.category?.id ?? null, labels: [...of.labels] },
    });
    const name = done?.createRuleFromTransaction?.categorizationRule.name;
    if (name !== undefined) tell(t('ruleMade', { name }));
  };
  return { addReceipts, removeReceipt, categorize, remove, createRule };
}

/** Writes a transaction anew that was deleted, with its parts and receipts; it gets another number. */
async function restoreTransaction(of: TransactionFactsFragment): Promise<void> {
  const { createTransaction } = await graph.mutate(CreateTransactionOperation, {
    input: {
      accountId: of.account.id,
      amount: of.amount,
      description: of.description,
      transactionDate: of.transactionDate,
      labels: [...of.labels],
      ...(of.notes && { notes: of.notes }),
      ...(of.splits.length > 0
        ? {
            splits: of.splits.map(({ amount, description, category }) => ({
              amount,
              description,
              categoryId: category?.id ?? null,
            })),
          }
        : { categoryId: of.category?.id ?? null }),
    },
  });
  const transactionId = createTransaction?.transaction.id;
  if (transactionId === undefined) return;
  for (const { document } of of.receipts) {
    if (!document) continue;
    // A document that was filed for its transaction alone went into the trash with it; another one is not there.
    await graph.mutate(RestoreReceiptFileOperation, { input: { id: document.id } }).catch(() => undefined);
    await graph.mutate(LinkReceiptOperation, { input: { transactionId, documentId: document.id } });
  }
}

async function restoreTransfer({ transfer }: TransactionFactsFragment): Promise<void> {
  const from = transfer?.fromTransaction?.account.id;
  const to = transfer?.toTransaction?.account.id;
  if (!transfer || from === undefined || to === undefined) return;
  const { amount, description, transferDate } = transfer;
  const input = { fromAccountId: from, toAccountId: to, amount, description, transferDate };
  await graph.mutate(CreateTransferOperation, { input });
}
