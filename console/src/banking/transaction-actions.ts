import { graph } from '../graph/client';
import { hasReason } from '../graph/problems';
import { invalidate, useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { complain, tell } from '../ui/toast';
import {
  AddReceiptOperation,
  DeleteTransactionOperation,
  DeleteTransferOperation,
  RemoveReceiptOperation,
  RestoreTransactionOperation,
  RestoreTransferOperation,
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
        const { id } = of.transfer;
        await graph.mutate(DeleteTransferOperation, { input: { id } });
        return tell(t('transferDeleted'), () => restore({ id: of.id, transferId: id }));
      }
      await graph.mutate(DeleteTransactionOperation, { input: { id: of.id } });
      tell(t('transactionDeleted', { what: of.description }), () => restore({ id: of.id }));
    });

  const restore = ({ id, transferId }: { id: string; transferId?: string | null }): Promise<void> =>
    attempt(async () => {
      if (transferId == null) await graph.mutate(RestoreTransactionOperation, { input: { id } });
      else await restoreTransfer(transferId, id);
    });

  const createRule = async (of: TransactionFactsFragment): Promise<void> => {
    const done = await makeRule.run({
      input: { transactionId: of.id, categoryId: of.category?.id ?? null, labels: [...of.labels] },
    });
    const name = done?.createRuleFromTransaction?.categorizationRule.name;
    if (name !== undefined) tell(t('ruleMade', { name }));
  };
  return { addReceipts, removeReceipt, categorize, remove, restore, createRule };
}

/** With both legs; the one that is left, once the account of the other is gone. */
async function restoreTransfer(id: string, legId: string): Promise<void> {
  try {
    await graph.mutate(RestoreTransferOperation, { input: { id } });
  } catch (error) {
    if (!hasReason(error, 'transfer.leg_gone')) throw error;
    await graph.mutate(RestoreTransactionOperation, { input: { id: legId } });
  }
}
