import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { Decimal } from '../../../kernel/scalars.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { createTransaction } from './create-transaction.js';
import { deleteTransaction } from './delete-transaction.js';
import { Transaction } from './transaction.entity.js';
import {
  CreateTransactionInput,
  DeleteTransactionInput,
  TransactionConnection,
  type TransactionFilter,
  TransactionListArgs,
  TransactionPayload,
  UpdateTransactionInput,
} from './transaction.inputs.js';
import { transactionReads } from './transaction.reads.js';
import { updateTransaction } from './update-transaction.js';

const payload = payloadOf('transaction', transactionReads);

@Resolver(() => Transaction)
export class TransactionResolver {
  @Planned
  @Query(() => TransactionConnection, { description: 'Transactions of the accounts that the viewer may see.' })
  transactions(
    @Ctx() { viewer, read }: Context,
    @Args(() => TransactionListArgs) args: ListArgs<TransactionFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Transaction>> {
    requireSignedIn(viewer);
    return read.list(transactionReads, args, info);
  }

  @Planned
  @Query(() => Transaction, {
    nullable: true,
    description: 'One transaction; null when there is none that the viewer may see.',
  })
  async transaction(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the transaction.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Transaction | undefined> {
    requireSignedIn(viewer);
    return read.one(transactionReads, id, info);
  }

  @Mutation(() => TransactionPayload, { description: 'Writes a transaction into an account.' })
  async createTransaction(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateTransactionInput, { description: 'The transaction.' }) input: CreateTransactionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TransactionPayload> {
    return payload(ctx, await createTransaction(ctx, input), info);
  }

  @Mutation(() => TransactionPayload, { description: 'Changes a transaction, also its account.' })
  async updateTransaction(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateTransactionInput, { description: 'The changes.' }) input: UpdateTransactionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TransactionPayload> {
    return payload(ctx, await updateTransaction(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes a transaction; the balance follows.' })
  async deleteTransaction(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteTransactionInput, { description: 'The transaction.' }) { id }: DeleteTransactionInput,
  ): Promise<DeletedPayload> {
    return deleted('Transaction', await deleteTransaction(ctx, id));
  }

  @FieldResolver(() => Decimal, {
    description: 'Balance of its account right after it, by date and then by number.',
  })
  @Extensions({ needs: ['id'] })
  runningBalance(@Root() { id }: Transaction, @Ctx() { load }: Context): Promise<string> {
    return load.runningBalance.load(id);
  }
}
