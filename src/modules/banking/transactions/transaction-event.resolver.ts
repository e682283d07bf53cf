import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { StoredEvent } from '../../../events/catalog.js';
import type { Context } from '../../../kernel/context.js';
import { AfterPosition, DeliveredEvent, deliveredOf } from '../../../kernel/event-subscription.js';
import { type AccountEventArgs, accountEventsFor, accountIdOf } from './hear-transaction-event.js';
import { Transaction } from './transaction.entity.js';
import { transactionReads } from './transaction.reads.js';

@ObjectType({ simpleResolvers: true, description: 'Something that happened to a transaction.' })
class TransactionEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'Number of the transaction, which may be gone by now.' })
  transactionId!: string;

  @Field(() => ID, { description: 'Number of the bank account that it is, or was, in.' })
  accountId!: string;
}

@Resolver(() => TransactionEvent)
export class TransactionEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => TransactionEvent, {
    description:
      'What happens to transactions of accounts that the viewer may see, in commit order, from now on or after a ' +
      'position.',
    subscribe: ({ args, context }: { args: AccountEventArgs; context: Context }) =>
      accountEventsFor('Transaction', args, context),
  })
  transactionEvents(
    @Root() event: StoredEvent,
    @AfterPosition _after?: string | null,
    @Arg('accountId', () => ID, { nullable: true, description: 'Only of this bank account.' })
    _accountId?: string | null,
  ): TransactionEvent {
    return { ...deliveredOf(event), transactionId: event.subjectId, accountId: accountIdOf(event) };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => Transaction, {
    nullable: true,
    description: 'The transaction as it is now; null when it is gone.',
  })
  transaction(
    @Root() event: TransactionEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Transaction | undefined> {
    return read.one(transactionReads, event.transactionId, info);
  }
}
