import type { StoredEvent } from '../../../events/catalog.js';
import type { Context } from '../../../kernel/context.js';
import { EventSubscription, type MayHear } from '../../../kernel/event-subscription.js';
import { bankAccountReads } from '../accounts/bank-account.reads.js';
import type { TransactionEventData } from '../events.js';

/** Whoever may see the account, as of now, may hear of its transactions and rules, also of one that is gone. */
export const mayHearOfTransaction: MayHear = (event, { isVisible }) => isVisible(bankAccountReads, accountIdOf(event));

/** The bank account that an event is about. */
export const accountIdOf = (event: StoredEvent): string => String((event.data as TransactionEventData).bankAccountId);

/** The arguments of subscriptions to what happens in bank accounts. */
export interface AccountEventArgs {
  after?: string | null;
  accountId?: string | null;
}

/** What happens to things of one type in the accounts that the subscriber may see, or in one of them. */
export const accountEventsFor = (
  subjectType: string,
  { after, accountId }: AccountEventArgs,
  { viewer: subscriber }: Context,
): EventSubscription =>
  new EventSubscription({
    after,
    subscriber,
    concerns: (event) => event.subjectType === subjectType && (!accountId || accountIdOf(event) === accountId),
    mayHear: mayHearOfTransaction,
  });
