import type { MayHear } from '../../../kernel/event-subscription.js';
import { bankAccountReads } from '../accounts/bank-account.reads.js';
import type { TransferEventData } from '../events.js';

/** Whoever may see one of the accounts, as of now, may hear of the transfer, also of one that is gone. */
export const mayHearOfTransfer: MayHear = async (event, { isVisible }) => {
  const { fromAccountId, toAccountId } = event.data as TransferEventData;
  return (await isVisible(bankAccountReads, String(fromAccountId))) || isVisible(bankAccountReads, String(toAccountId));
};
