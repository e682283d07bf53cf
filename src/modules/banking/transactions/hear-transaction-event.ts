import type { MayHear } from '../../../kernel/event-subscription.js';
import { bankAccountReads } from '../accounts/bank-account.reads.js';
import type { TransactionEventData } from '../events.js';

/** Whoever may see the account, as of now, may hear of its transactions and rules, also of one that is gone. */
export const mayHearOfTransaction: MayHear = (event, { isVisible }) =>
  isVisible(bankAccountReads, String((event.data as TransactionEventData).bankAccountId));
