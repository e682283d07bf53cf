import { invalidate } from '../graph/freshness';
import { hasReason } from '../graph/problems';
import { change, useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { complain, mention, tell } from '../ui/toast';
import {
  AddReceiptOperation,
  DeleteTransactionOperation,
  DeleteTransferOperation,
  RemoveReceiptOperation,
  type RestoreLoss,
  RestoreTransactionOperation,
  RestoreTransferOperation,
  RuleFromTransactionOperation,
  type TransactionFactsFragment,
  UpdateTransactionOperation,
} from './operations.gen';
import { words } from './words';

const touches = ['banking'] as const;

/** What is done to one transaction from its row. Each says what it did, or why it was refused. */
export function useTransactionActions() {
  const t = useWords(words);
  const update = useAction(UpdateTransactionOperation, { touches, onError: complain });
  const makeRule = useAction(RuleFromTransactionOperation, { touches, onError: complain });

  /** Runs, has what is shown asked again, and says what was refused. */
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      complain(error);
    }
    await invalidate(...touches);
  };

  const addReceipts = (transactionId: string, files: readonly File[]): Promise<void> =>
    attempt(async () => {
      for (const file of files) {
        const { addReceipt } = await change(AddReceiptOperation, { input: { transactionId, file } }, touches);
        const id = addReceipt?.receipt.id;
        tell(t('receiptAdded', { name: file.name }), () => id !== undefined && removeReceipt(transactionId, id));
      }
    });

  const removeReceipt = (transactionId: string, id: string): Promise<void> =>
    attempt(async () => void (await change(RemoveReceiptOperation, { input: { id, transactionId } }, touches)));

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
        await change(DeleteTransferOperation, { input: { id } }, touches);
        return tell(t('transferDeleted'), () => restore({ id: of.id, transferId: id }));
      }
      await change(DeleteTransactionOperation, { input: { id: of.id } }, touches);
      tell(t('transactionDeleted', { what: of.description }), () => restore({ id: of.id }));
    });

  /** With a description it is said that it is back; after an undo that is seen. */
  const restore = ({ id, transferId, description }: Restorable): Promise<void> =>
    attempt(async () => {
      const lost = transferId == null ? await restoreTransaction(id) : await restoreTransfer(transferId, id);
      if (description !== undefined) mention(t('transactionRestored', { what: description }));
      for (const each of lost) mention(t(`lost_${each}`));
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

interface Restorable {
  id: string;
  transferId?: string | null;
  description?: string;
}

/** Returns what did not come back with it. */
async function restoreTransaction(id: string): Promise<readonly RestoreLoss[]> {
  const { restoreTransaction: restored } = await change(RestoreTransactionOperation, { input: { id } }, touches);
  return restored?.lost ?? [];
}

/** With both legs; the one that is left, once the account of the other is gone. */
async function restoreTransfer(id: string, legId: string): Promise<readonly RestoreLoss[]> {
  try {
    const { restoreTransfer: restored } = await change(RestoreTransferOperation, { input: { id } }, touches);
    return restored?.lost ?? [];
  } catch (error) {
    if (!hasReason(error, 'transfer.leg_gone')) throw error;
    return restoreTransaction(legId);
  }
}
