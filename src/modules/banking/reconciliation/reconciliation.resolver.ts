import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import { answeredByReader, type Connection, type ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import type { Transaction } from '../transactions/transaction.entity.js';
import { TransactionConnection, TransactionListArgs } from '../transactions/transaction.inputs.js';
import { reconcileBankAccount } from './reconcile-bank-account.js';
import { Reconciliation } from './reconciliation.entity.js';
import {
  ReconcileBankAccountInput,
  ReconciliationConnection,
  ReconciliationListArgs,
  ReconciliationPayload,
  UndoReconciliationInput,
} from './reconciliation.inputs.js';
import { reconciliationReads } from './reconciliation.reads.js';
import { undoReconciliation } from './undo-reconciliation.js';

const payload = payloadOf('reconciliation', reconciliationReads);

@Resolver(() => Reconciliation)
export class ReconciliationResolver {
  @Planned
  @Query(() => ReconciliationConnection, { description: 'Reconciliations of the accounts that the viewer may see.' })
  reconciliations(
    @Ctx() { viewer, read }: Context,
    @Args(() => ReconciliationListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Reconciliation>> {
    requireSignedIn(viewer);
    return read.list(reconciliationReads, args, info);
  }

  @Planned
  @Query(() => Reconciliation, {
    nullable: true,
    description: 'One reconciliation; null when there is none that the viewer may see.',
  })
  async reconciliation(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the reconciliation.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Reconciliation | undefined> {
    requireSignedIn(viewer);
    return read.one(reconciliationReads, id, info);
  }

  @Mutation(() => ReconciliationPayload, {
    description:
      'Marks transactions as reconciled with a statement, when the opening balance and all reconciled transactions ' +
      'are its balance; their amount, day and account are then locked.',
  })
  async reconcileBankAccount(
    @Ctx() ctx: Context,
    @Arg('input', () => ReconcileBankAccountInput, { description: 'The statement.' }) input: ReconcileBankAccountInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ReconciliationPayload> {
    return payload(ctx, await reconcileBankAccount(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, {
    description: 'Undoes the latest reconciliation of an account: its transactions are as before.',
  })
  async undoReconciliation(
    @Ctx() ctx: Context,
    @Arg('input', () => UndoReconciliationInput, { description: 'The reconciliation.' })
    input: UndoReconciliationInput,
  ): Promise<DeletedPayload> {
    return deleted('Reconciliation', await undoReconciliation(ctx, input));
  }

  @FieldResolver(() => TransactionConnection, { description: 'The transactions that it marked, the newest first.' })
  transactions(@Args(() => TransactionListArgs) _args: ListArgs): Connection<Transaction> {
    return answeredByReader();
  }
}
