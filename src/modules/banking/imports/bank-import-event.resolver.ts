import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  Int,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { StoredEvent } from '../../../events/catalog.js';
import type { Context } from '../../../kernel/context.js';
import { AfterPosition, DeliveredEvent, deliveredOf } from '../../../kernel/event-subscription.js';
import { type AccountEventArgs, accountEventsFor, accountIdOf } from '../transactions/hear-transaction-event.js';
import { BankImport } from './bank-import.entity.js';
import { bankImportReads } from './bank-import.reads.js';

@ObjectType({ simpleResolvers: true, description: 'How far the import of a file is, or what became of it.' })
class BankImportEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'Number of the import.' })
  bankImportId!: string;

  @Field(() => ID, { description: 'Number of the bank account.' })
  accountId!: string;

  @Field(() => Int, { nullable: true, description: 'While it goes on: how many bookings were looked up.' })
  done?: number | null;

  @Field(() => Int, { nullable: true, description: 'While it goes on: how many bookings there are.' })
  total?: number | null;
}

@Resolver(() => BankImportEvent)
export class BankImportEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => BankImportEvent, {
    description:
      'How imports into accounts that the viewer may see go on, in commit order, from now on or after a position.',
    subscribe: ({ args, context }: { args: AccountEventArgs; context: Context }) =>
      accountEventsFor('BankImport', args, context),
  })
  importEvents(
    @Root() event: StoredEvent,
    @AfterPosition _after?: string | null,
    @Arg('accountId', () => ID, { nullable: true, description: 'Only into this bank account.' })
    _accountId?: string | null,
  ): BankImportEvent {
    const { done, total } = event.data as { done?: number; total?: number };
    return {
      ...deliveredOf(event),
      bankImportId: event.subjectId,
      accountId: accountIdOf(event),
      done: done ?? null,
      total: total ?? null,
    };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => BankImport, {
    nullable: true,
    description: 'The import as it is now; null while it goes on, and when it failed or is gone.',
  })
  bankImport(
    @Root() event: BankImportEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BankImport | undefined> {
    return read.one(bankImportReads, event.bankImportId, info);
  }
}
