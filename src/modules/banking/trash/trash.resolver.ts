import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { transactionReads } from '../transactions/transaction.reads.js';
import { transferReads } from '../transfers/transfer.reads.js';
import { restoreTransaction } from './restore-transaction.js';
import { restoreTransfer } from './restore-transfer.js';
import {
  RestoreTransactionInput,
  RestoreTransactionPayload,
  RestoreTransferInput,
  RestoreTransferPayload,
  TrashedTransaction,
} from './trash.inputs.js';
import { mostTrashedTransactions, trashedTransactions } from './trashed-transactions.js';

const transactionPayload = payloadOf('transaction', transactionReads);
const transferPayload = payloadOf('transfer', transferReads);

@Resolver()
export class BankingTrashResolver {
  @Query(() => [TrashedTransaction], {
    description:
      'What was deleted of an account that the viewer may write, the last deleted first; of another account nothing. ' +
      'After 30 days it is gone for good.',
  })
  trashedTransactions(
    @Ctx() ctx: Context,
    @Arg('accountId', () => ID, { description: 'Number of the bank account.' }) accountId: string,
    @Arg('first', () => Int, { defaultValue: 50, description: `How many: at most ${mostTrashedTransactions}.` })
    first: number,
  ): Promise<TrashedTransaction[]> {
    return trashedTransactions(ctx, { accountId, first });
  }

  @Mutation(() => RestoreTransactionPayload, {
    description:
      'Brings a deleted transaction back as it was, with its parts and receipts, but for documents of others that ' +
      'were taken out of the trash since; the balance follows. Invoices that it paid are paid again where there is ' +
      'room, and a category that is deleted is left out: `lost` says so. CONFLICT when the account has another ' +
      'currency now, or it is a leg of a transfer.',
  })
  async restoreTransaction(
    @Ctx() ctx: Context,
    @Arg('input', () => RestoreTransactionInput, { description: 'The transaction.' }) { id }: RestoreTransactionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RestoreTransactionPayload> {
    const restored = await restoreTransaction(ctx, id);
    return { ...(await transactionPayload(ctx, restored.id, info)), lost: restored.lost };
  }

  @Mutation(() => RestoreTransferPayload, {
    description:
      'Brings a deleted transfer back as it was, with both legs. CONFLICT as for a transaction, and when the account ' +
      'of a leg is gone: the other one comes back by itself then, as a transaction.',
  })
  async restoreTransfer(
    @Ctx() ctx: Context,
    @Arg('input', () => RestoreTransferInput, { description: 'The transfer.' }) { id }: RestoreTransferInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RestoreTransferPayload> {
    const restored = await restoreTransfer(ctx, id);
    return { ...(await transferPayload(ctx, restored.id, info)), lost: restored.lost };
  }
}
