import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Extensions,
  FieldResolver,
  ID,
  Info,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { answeredByReader, type Connection, type ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { CalendarDate, Decimal } from '../../../kernel/scalars.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import type { Reconciliation } from '../reconciliation/reconciliation.entity.js';
import { ReconciliationConnection, ReconciliationListArgs } from '../reconciliation/reconciliation.inputs.js';
import type { Transaction } from '../transactions/transaction.entity.js';
import { TransactionConnection, TransactionListArgs } from '../transactions/transaction.inputs.js';
import { BankAccountAccess } from './account-access.js';
import type { BankAccountType } from './bank-account-type.entity.js';
import { BankAccount } from './bank-account.entity.js';
import {
  BankAccountConnection,
  BankAccountListArgs,
  BankAccountPayload,
  BankAccountTypeConnection,
  BankAccountTypeListArgs,
  CreateBankAccountInput,
  DeleteBankAccountInput,
  UpdateBankAccountInput,
} from './bank-account.inputs.js';
import { bankAccountReads, bankAccountTypeReads } from './bank-account.reads.js';
import { createBankAccount, deleteBankAccount, updateBankAccount } from './save-bank-account.js';

const payload = payloadOf('bankAccount', bankAccountReads);

@Resolver(() => BankAccount)
export class BankAccountResolver {
  @Planned
  @Query(() => BankAccountConnection, { description: 'One’s own bank accounts and those that are shared with one.' })
  bankAccounts(
    @Ctx() { viewer, read }: Context,
    @Args(() => BankAccountListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<BankAccount>> {
    requireSignedIn(viewer);
    return read.list(bankAccountReads, args, info);
  }

  @Planned
  @Query(() => BankAccount, {
    nullable: true,
    description: 'One bank account; null when there is none that the viewer may see.',
  })
  async bankAccount(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the account.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BankAccount | undefined> {
    requireSignedIn(viewer);
    return read.one(bankAccountReads, id, info);
  }

  @Planned
  @Query(() => BankAccountTypeConnection, { description: 'The kinds of bank accounts.' })
  bankAccountTypes(
    @Ctx() { viewer, read }: Context,
    @Args(() => BankAccountTypeListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<BankAccountType>> {
    requireSignedIn(viewer);
    return read.list(bankAccountTypeReads, args, info);
  }

  @Mutation(() => BankAccountPayload, { description: 'Opens a bank account.' })
  async createBankAccount(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateBankAccountInput, { description: 'The account.' }) input: CreateBankAccountInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BankAccountPayload> {
    return payload(ctx, await createBankAccount(ctx, input), info);
  }

  @Mutation(() => BankAccountPayload, { description: 'Changes a bank account of one’s own.' })
  async updateBankAccount(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateBankAccountInput, { description: 'The changes.' }) input: UpdateBankAccountInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BankAccountPayload> {
    return payload(ctx, await updateBankAccount(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, {
    description: 'Deletes a bank account of one’s own; one with transactions only when they may go too.',
  })
  async deleteBankAccount(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteBankAccountInput, { description: 'The account.' }) { id, force }: DeleteBankAccountInput,
  ): Promise<DeletedPayload> {
    return deleted('BankAccount', await deleteBankAccount(ctx, id, force));
  }

  @FieldResolver(() => BankAccountAccess, { description: 'What the viewer may do with it.' })
  @Extensions({ needs: ['id'] })
  access(@Root() { id }: BankAccount, @Ctx() { load }: Context): Promise<BankAccountAccess> {
    return load.accountAccess.load(id);
  }

  @FieldResolver(() => TransactionConnection, { description: 'Its transactions, the newest first.' })
  transactions(@Args(() => TransactionListArgs) _args: ListArgs): Connection<Transaction> {
    return answeredByReader();
  }

  @FieldResolver(() => ReconciliationConnection, { description: 'Its reconciliations, the latest first.' })
  reconciliations(@Args(() => ReconciliationListArgs) _args: ListArgs): Connection<Reconciliation> {
    return answeredByReader();
  }

  @FieldResolver(() => Decimal, {
    description: 'Opening balance plus the reconciled transactions: the balance of the latest statement.',
  })
  @Extensions({ needs: ['id'] })
  reconciledBalance(@Root() { id }: BankAccount, @Ctx() { load }: Context): Promise<string> {
    return load.reconciledBalance.load(id);
  }

  @FieldResolver(() => Int, { description: 'How many transactions it has.' })
  @Extensions({ needs: ['id'] })
  async transactionCount(@Root() { id }: BankAccount, @Ctx() { load }: Context): Promise<number> {
    return (await load.accountFigures.load(id)).transactionCount;
  }

  @FieldResolver(() => CalendarDate, {
    nullable: true,
    description: 'Day of the latest transaction; null without any.',
  })
  @Extensions({ needs: ['id'] })
  async lastTransactionDate(@Root() { id }: BankAccount, @Ctx() { load }: Context): Promise<string | null> {
    return (await load.accountFigures.load(id)).lastTransactionDate;
  }
}
